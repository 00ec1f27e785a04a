"""What the builder says: problems with their measures, states of the shelf."""

from collections.abc import Callable

from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from gifting.core.fit import FitCode
from gifting.hampers.documents import Composition, Problem, ProblemCode, ShelfRow
from gifting.platform.formats import kilograms, number

CHIPS: dict[str, tuple[LazyString, tuple[str, ...]]] = {
    "dolci": (
        _l("Dolci"),
        ("panettoni-e-dolci", "biscotti", "cioccolato", "miele-e-confetture"),
    ),
    "salati": (_l("Salati"), ("taralli-e-salati", "frutta-secca", "formaggi-e-salumi")),
    "bevande": (_l("Bevande"), ("vino", "birra", "caffe-e-te")),
    "dispensa": (_l("Dispensa"), ("pasta-e-conserve", "olio-e-aceto")),
    "cura": (_l("Cosmetica e casa"), ("cosmetica", "casa-e-detergenza", "piante")),
    "borse": (_l("Borse e carta"), ("tessile-e-accessori", "carta-e-cartoleria")),
}
"""The shelf's short cuts: what they are called and the categories behind them."""


def centimetres(millimetres: int) -> str:
    """300 → «30», 305 → «30,5»: centimetres without the unit."""
    whole, rest = divmod(millimetres, 10)
    separator = "," if str(get_locale() or "it") == "it" else "."
    return f"{whole}{separator}{rest}" if rest else str(whole)


def problem_text(problem: Problem, composition: Composition) -> tuple[str, str]:
    """Say in a bold sentence what is wrong, then what it comes from."""
    return PROBLEM_TEXTS[problem.code](problem, composition.box.name(_language()))


def _too_tall(problem: Problem, _box: str) -> tuple[str, str]:
    return (
        str(_("%(name)s non entra in piedi.", name=problem.name)),
        str(
            _(
                "È alto %(height)s cm, la scatola dentro %(inner)s, e coricato non ci sta.",
                height=centimetres(problem.values["height_mm"]),
                inner=centimetres(problem.values["inner_height_mm"]),
            )
        ),
    )


def _too_big(problem: Problem, _box: str) -> tuple[str, str]:
    inner = ("inner_length_mm", "inner_width_mm", "inner_height_mm")
    return (
        str(_("%(name)s è più grande della scatola.", name=problem.name)),
        str(
            _(
                "Misura %(size)s cm, la scatola dentro %(inner)s.",
                size=_size(problem.values, "length_mm", "width_mm", "height_mm"),
                inner=_size(problem.values, *inner),
            )
        ),
    )


def _too_full(problem: Problem, box: str) -> tuple[str, str]:
    if problem.sku:
        return (
            str(_("Per %(name)s non c’è posto accanto al resto.", name=problem.name)),
            str(_("Il volume basterebbe, ma i pezzi non si sistemano in «%(box)s».", box=box)),
        )
    return (
        str(_("Il cesto è troppo pieno.")),
        str(
            _(
                "I prodotti occupano il %(fill)s%% della scatola: si arriva al %(usable)s%%, "
                "il resto serve a carta e imbottitura.",
                fill=number(problem.values["fill_percent"]),
                usable=number(problem.values["usable_percent"]),
            )
        ),
    )


def _too_heavy(problem: Problem, box: str) -> tuple[str, str]:
    return (
        str(_("Il cesto pesa troppo.")),
        str(
            _(
                "Pesa %(weight)s, «%(box)s» regge %(max)s: sono %(excess)s di troppo.",
                weight=kilograms(problem.values["weight_g"]),
                box=box,
                max=kilograms(problem.values["max_weight_g"]),
                excess=kilograms(problem.values["excess_g"]),
            )
        ),
    )


def _off_sale(problem: Problem, _box: str) -> tuple[str, str]:
    return (
        str(_("%(name)s non è più in vendita.", name=problem.name)),
        str(_("Finché è nel cesto non puoi chiedere il preventivo.")),
    )


def _min_quantity(problem: Problem, _box: str) -> tuple[str, str]:
    least, missing = problem.values["min_quantity"], problem.values["missing"]
    return (
        str(_("%(name)s si fa da %(count)s cesti.", name=problem.name, count=number(least))),
        str(
            ngettext("Ne manca %(shown)s.", "Ne mancano %(shown)s.", missing, shown=number(missing))
        ),
    )


def _nothing(_problem: Problem, _box: str) -> tuple[str, str]:
    return str(_("Il cesto è vuoto.")), str(_("Scegli qualcosa dallo scaffale."))


PROBLEM_TEXTS: dict[ProblemCode, Callable[[Problem, str], tuple[str, str]]] = {
    ProblemCode.TOO_TALL: _too_tall,
    ProblemCode.TOO_BIG: _too_big,
    ProblemCode.TOO_FULL: _too_full,
    ProblemCode.TOO_HEAVY: _too_heavy,
    ProblemCode.OFF_SALE: _off_sale,
    ProblemCode.MIN_QUANTITY: _min_quantity,
    ProblemCode.NOTHING: _nothing,
}


def reason(row: ShelfRow, composition: Composition) -> str:
    """Say why one more piece does not go in, and which box would take it."""
    if row.problem is None:
        return ""
    if row.problem.sku != row.facts.sku and composition.lines and not composition.fit.fits:
        return str(_("Prima sistema ciò che non ci sta"))
    said = str(
        {
            FitCode.TOO_BIG: _("Non entra nella scatola"),
            FitCode.TOO_TALL: _("Non ci sta in piedi"),
            FitCode.TOO_HEAVY: _("La scatola peserebbe troppo"),
        }.get(row.problem.code, _("Non c’è più posto"))
    )
    if row.way_out is None or row.way_out.id == composition.box.id:
        return said
    return str(_("%(why)s: scegli %(box)s", why=said, box=row.way_out.name(_language())))


def shortage(row: ShelfRow, composition: Composition) -> str:
    """Say how many pieces are ready and how long the others take."""
    wanted = (row.inside or 1) * composition.quantity
    said = _(
        "Pronti %(ready)s su %(wanted)s, gli altri in %(days)s giorni",
        ready=number(max(0, row.facts.available)),
        wanted=number(wanted),
        days=number(row.facts.lead_time_days),
    )
    return str(said)


def describe_box(composition: Composition) -> str:
    """The sentence that stands for the picture."""
    language = _language()
    box = composition.box.name(language)
    names = ", ".join(facts.name(language) for facts, _n, _c in composition.lines)
    if not names:
        return str(_("%(box)s, vuota.", box=box))
    said = _(
        "%(box)s al %(fill)s per cento, con %(names)s. Peso %(weight)s.",
        box=box,
        fill=composition.fit.fill_percent,
        names=names,
        weight=kilograms(composition.fit.weight_g),
    )
    return str(said)


def _language() -> str:
    return str(get_locale() or "it")


def _size(values: dict[str, int], *names: str) -> str:
    return " × ".join(centimetres(values[name]) for name in names)
