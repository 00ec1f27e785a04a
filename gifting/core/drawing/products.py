"""Which drawing stands for a product: by category and by the words of its Italian name."""

import re
import zlib
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from gifting.core.drawing.goods import Recolour, art
from gifting.core.drawing.shapes import Shape


class Trait(Enum):
    LIES_FLAT = auto()  # the face is length x width, not length x height
    SOFT = auto()  # a bag that gives a little
    FLAT_TOP = auto()  # something may rest on it
    HERO = auto()  # never half hidden


LIES_FLAT, SOFT, FLAT_TOP, HERO = Trait


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing chosen for a product and the face it shows, in mm."""

    art: str
    recolour: Recolour
    width: float
    height: float
    soft: bool = False
    flat_top: bool = False
    hero: bool = False
    plan: bool = False  # the face is length x width
    alternatives: tuple[Recolour, ...] = ()  # recolourings, this one first


@dataclass(frozen=True, slots=True)
class Rule:
    category: str
    words: re.Pattern[str]
    art: str
    recolours: tuple[Recolour, ...]
    traits: frozenset[Trait]


def _recolour(**names: str) -> Recolour:
    return tuple(sorted(names.items()))


def _dyed(*colours: str, **common: str) -> tuple[Recolour, ...]:
    return tuple(_recolour(colour=colour, **common) for colour in colours)


AS_DRAWN: tuple[Recolour, ...] = ((),)


def _rule(
    category: str,
    words: str,
    art_name: str,
    recolours: tuple[Recolour, ...] = AS_DRAWN,
    *traits: Trait,
) -> Rule:
    return Rule(
        category,
        re.compile(words, re.IGNORECASE),
        art_name,
        recolours,
        frozenset(traits),
    )


RULES: tuple[Rule, ...] = (
    _rule("panettoni-e-dolci", "pandoro", "pandoro", _dyed("blue-500", "cherry"), HERO),
    _rule(
        "panettoni-e-dolci",
        "veneziana|torta delle rose|focaccia",
        "veneziana",
        _dyed("saffron", "cherry"),
        LIES_FLAT,
        HERO,
    ),
    _rule(
        "panettoni-e-dolci", "corona", "cake", _dyed("cherry", "blue-300", kind="ring"), LIES_FLAT
    ),
    _rule(
        "panettoni-e-dolci",
        "sbrisolona|fregolotta|torta",
        "cake",
        _dyed("blue-300", "pistachio", "cherry"),
        LIES_FLAT,
    ),
    _rule(
        "panettoni-e-dolci",
        "torron|cobaita|croccant",
        "torrone",
        (
            _recolour(colour="saffron", accent="cherry"),
            _recolour(colour="pistachio", accent="blue-700"),
            _recolour(colour="blue-300", accent="chocolate"),
            _recolour(colour="crust-light", accent="cherry"),
        ),
        LIES_FLAT,
        FLAT_TOP,
    ),
    _rule(
        "panettoni-e-dolci",
        "martorana",
        "assortment",
        _dyed("pistachio-dark", kind="fruit"),
        LIES_FLAT,
        FLAT_TOP,
    ),
    _rule("panettoni-e-dolci", "colomba", "veneziana", _dyed("pistachio"), LIES_FLAT, HERO),
    _rule(
        "panettoni-e-dolci",
        "fichi|cioccolat|fondente|caff",
        "panettone",
        (
            _recolour(crust="crust", accent="chocolate"),
            _recolour(crust="crust", accent="blue-800"),
            _recolour(crust="crust", accent="cherry"),
        ),
        HERO,
    ),
    _rule(
        "panettoni-e-dolci",
        ".",
        "panettone",
        (
            _recolour(accent="cherry"),
            _recolour(accent="blue-500"),
            _recolour(accent="pistachio-dark"),
            _recolour(accent="saffron"),
            _recolour(accent="blue-700"),
        ),
        HERO,
    ),
    _rule("biscotti", "latta", "tin", _dyed("cherry", "blue-500"), FLAT_TOP),
    _rule(
        "biscotti",
        "scatola|paste di mandorla|dolcetti",
        "assortment",
        (
            _recolour(colour="cherry", kind="round"),
            _recolour(colour="blue-500", kind="baci"),
            _recolour(colour="pistachio-dark", kind="round"),
        ),
        LIES_FLAT,
        FLAT_TOP,
    ),
    _rule(
        "biscotti",
        "baci|damotti|amaretti",
        "biscuits",
        _dyed(
            "blue-500",
            "cherry",
            "pistachio-dark",
            "saffron",
            "blue-800",
            "crust-light",
            kind="baci",
        ),
        SOFT,
    ),
    _rule(
        "biscotti",
        "stelle|margherit",
        "biscuits",
        _dyed(
            "blue-500",
            "cherry",
            "pistachio-dark",
            "saffron",
            "blue-800",
            "crust-light",
            kind="star",
        ),
        SOFT,
    ),
    _rule(
        "biscotti",
        "cantucci|lingue|bicciolani|torcetti|zaletti|polentine|frollini|apucce",
        "biscuits",
        _dyed(
            "blue-500",
            "cherry",
            "pistachio-dark",
            "saffron",
            "blue-800",
            "crust-light",
            kind="long",
        ),
        SOFT,
    ),
    _rule(
        "biscotti",
        ".",
        "biscuits",
        _dyed(
            "blue-500",
            "cherry",
            "pistachio-dark",
            "saffron",
            "blue-800",
            "crust-light",
            kind="round",
        ),
        SOFT,
    ),
    _rule(
        "taralli-e-salati",
        "grissin",
        "grissini",
        _dyed("pistachio", "cherry", "saffron", "blue-500"),
    ),
    _rule(
        "taralli-e-salati",
        "cracker|schiacciatin|friselle|snack|biscott",
        "biscuits",
        _dyed("saffron", "pistachio", "cherry", kind="long"),
        SOFT,
    ),
    _rule(
        "taralli-e-salati",
        ".",
        "taralli",
        (
            _recolour(colour="crust", accent="cherry"),
            _recolour(colour="crust-light", accent="pistachio-dark"),
            _recolour(colour="brown", accent="blue-500"),
            _recolour(colour="crust", accent="blue-700"),
        ),
        SOFT,
    ),
    _rule("cioccolato", "crema", "jar", _dyed("chocolate", kind="almond", lid="saffron")),
    _rule(
        "cioccolato",
        "tavolett|sbarrett|tazza",
        "chocolate_bar",
        _dyed("blue-500", "cherry", "pistachio-dark", "saffron"),
        LIES_FLAT,
    ),
    _rule(
        "cioccolato",
        "gianduiott",
        "assortment",
        _dyed("blue-800", kind="gold"),
        LIES_FLAT,
        FLAT_TOP,
    ),
    _rule(
        "cioccolato",
        "pralin|cioccolatin",
        "assortment",
        _dyed("chocolate", "cherry", "blue-700", kind="praline"),
        LIES_FLAT,
        FLAT_TOP,
    ),
    _rule(
        "cioccolato",
        ".",
        "pouch",
        (
            _recolour(colour="blue-500", accent="blue-700", nut="brown"),
            _recolour(colour="cherry", accent="cherry-dark", nut="brown"),
            _recolour(colour="saffron", accent="crust", nut="chocolate"),
        ),
        SOFT,
    ),
    _rule(
        "frutta-secca", "crema", "jar", _dyed("pistachio", "crust-light", "crust", kind="almond")
    ),
    _rule(
        "frutta-secca",
        ".",
        "pouch",
        (
            _recolour(colour="pistachio", accent="pistachio-dark"),
            _recolour(colour="blue-300", accent="blue-500"),
            _recolour(colour="saffron", accent="crust"),
        ),
        SOFT,
    ),
    _rule(
        "caffe-e-te",
        r"\bt[eè]\b|tisana|infuso",
        "tea",
        _dyed("pistachio", "ink", "blue-300"),
        FLAT_TOP,
    ),
    _rule("caffe-e-te", ".", "coffee", _dyed("ink", "cherry", "chocolate", "blue-700"), FLAT_TOP),
    _rule("birra", "lattina", "can", _dyed("saffron", "cherry")),
    _rule(
        "birra",
        ".",
        "beer",
        _dyed("saffron", "cherry", "blue-300", "pistachio", "crust-light", "blue-500"),
    ),
    _rule(
        "vino",
        "bianco|fiano|greco|spumante",
        "wine",
        (
            _recolour(colour="pistachio-dark", cap="saffron"),
            _recolour(colour="pistachio", cap="blue-500"),
        ),
        HERO,
    ),
    _rule(
        "vino",
        ".",
        "wine",
        (
            _recolour(colour="bottle", cap="cherry"),
            _recolour(colour="bottle", cap="blue-500"),
            _recolour(colour="bottle", cap="saffron"),
        ),
        HERO,
    ),
    _rule("olio-e-aceto", "aceto", "oil", _dyed("chocolate", cap="cherry")),
    _rule(
        "olio-e-aceto",
        ".",
        "oil",
        (
            _recolour(colour="pistachio-dark", cap="saffron"),
            _recolour(colour="bottle", cap="cherry"),
        ),
    ),
    _rule("miele-e-confetture", "miele", "honey"),
    _rule("miele-e-confetture", ".", "jam", _dyed("cherry", "crust", "saffron")),
    _rule("pasta-e-conserve", "succo|nettare", "juice"),
    _rule("pasta-e-conserve", "passata|sugo|salsa", "passata"),
    _rule(
        "pasta-e-conserve",
        "pesto",
        "jar",
        (
            _recolour(colour="pistachio", kind="leaf"),
            _recolour(colour="crust-light", kind="almond"),
        ),
    ),
    _rule(
        "pasta-e-conserve",
        "giardin|carciof|oliv",
        "jar",
        _dyed("saffron", kind="olive", lid="cherry"),
    ),
    _rule(
        "pasta-e-conserve",
        "sale|spezi|zafferano",
        "jar",
        (
            _recolour(colour="paper", kind="leaf", lid="blue-500"),
            _recolour(colour="saffron", kind="leaf", lid="cherry-dark"),
        ),
    ),
    _rule(
        "pasta-e-conserve",
        "riso|farina|polenta",
        "pasta",
        _dyed("crust-light", "pistachio"),
        FLAT_TOP,
    ),
    _rule(
        "pasta-e-conserve",
        ".",
        "pasta",
        _dyed("blue-500", "cherry", "pistachio-dark", "crust"),
        FLAT_TOP,
        SOFT,
    ),
    _rule("formaggi-e-salumi", r"salam|salsicc|\'nduja", "salami"),
    _rule(
        "formaggi-e-salumi",
        "fuso|crema",
        "jar",
        _dyed("saffron-light", kind="almond", lid="saffron"),
    ),
    _rule("formaggi-e-salumi", "capr", "cheese", _dyed("paper")),
    _rule("formaggi-e-salumi", ".", "cheese", _dyed("saffron-light")),
    _rule(
        "cosmetica",
        "sapon",
        "soap",
        _dyed("pistachio-light", "cherry-light", "saffron-light"),
        LIES_FLAT,
        FLAT_TOP,
    ),
    _rule("cosmetica", "profum|diffus", "diffuser"),
    _rule("cosmetica", "candela", "candle"),
    _rule("cosmetica", "crema viso|balsamo labbra", "cream_pot", AS_DRAWN, FLAT_TOP),
    _rule("cosmetica", ".", "lotion", _dyed("blue-300", "cherry-light", "pistachio-light")),
    _rule("casa-e-detergenza", "candela", "candle"),
    _rule("casa-e-detergenza", "sapon", "soap", AS_DRAWN, LIES_FLAT, FLAT_TOP),
    _rule(
        "casa-e-detergenza", ".", "detergent", _dyed("blue-300", "pistachio-light", "saffron-light")
    ),
    _rule("carta-e-cartoleria", "calendario", "calendar", AS_DRAWN, LIES_FLAT),
    _rule("carta-e-cartoleria", "scatola", "gift", AS_DRAWN, LIES_FLAT, FLAT_TOP),
    _rule(
        "carta-e-cartoleria",
        "bigliett|cartolin|segnalibro|lettere",
        "postcard",
        _dyed("cherry", "blue-500", "pistachio"),
        LIES_FLAT,
    ),
    _rule(
        "carta-e-cartoleria", ".", "notebook", _dyed("saffron", "blue-500", "pistachio"), LIES_FLAT
    ),
    _rule("piante", "echinacea|rosa|lonicera", "flower", _dyed("cherry", "cherry-light", "paper")),
    _rule("piante", ".", "flower", _dyed("blue-400", "saffron")),
    _rule("tessile-e-accessori", "tazza|mug", "mug"),
    _rule("tessile-e-accessori", "zaino|sacca", "rolled", _dyed("cherry", "blue-500")),
    _rule("tessile-e-accessori", "magnete", "postcard", _dyed("saffron"), LIES_FLAT),
    _rule(
        "tessile-e-accessori",
        "t-shirt|maglia|pigiama",
        "folded",
        _dyed(
            "blue-300", "cherry", "saffron", "pistachio", "blue-500", "cherry-light", kind="tshirt"
        ),
        LIES_FLAT,
        SOFT,
    ),
    _rule(
        "tessile-e-accessori",
        "shop|borsa",
        "folded",
        _dyed("saffron", "cherry-light", "blue-200", kind="shopper"),
        LIES_FLAT,
        SOFT,
    ),
    _rule(
        "tessile-e-accessori",
        "grembiule",
        "folded",
        _dyed("blue-500", "cherry", kind="apron"),
        LIES_FLAT,
        SOFT,
    ),
    _rule(
        "tessile-e-accessori",
        "canovaccio|runner|sciarpa|pigiama",
        "folded",
        _dyed(
            "blue-300", "cherry", "saffron", "pistachio", "blue-500", "cherry-light", kind="stripes"
        ),
        LIES_FLAT,
        SOFT,
    ),
    _rule(
        "tessile-e-accessori",
        ".",
        "folded",
        _dyed(
            "cherry", "saffron", "pistachio", "blue-500", "cherry-light", "blue-300", kind="lozenge"
        ),
        LIES_FLAT,
        SOFT,
    ),
)


@lru_cache(maxsize=2048)
def rule_for(category: str, name: str) -> Rule | None:
    return next(
        (rule for rule in RULES if rule.category == category and rule.words.search(name)), None
    )


PORTRAIT = frozenset({"notebook", "chocolate_bar"})
_UNKNOWN_SLAB = _rule("", "", "assortment", _dyed("blue-500", kind="round"), LIES_FLAT, FLAT_TOP)
_UNKNOWN = _rule("", "", "gift", AS_DRAWN, FLAT_TOP)


@lru_cache(maxsize=2048)
def drawing_of(shape: Shape) -> Drawing:
    """The drawing of a product.

    An unknown one is a flat assortment or a gift box by its shape; missing measures are those of
    the drawing.
    """
    length, width, height = shape.length_mm, shape.width_mm, shape.height_mm
    slab = height < 0.55 * min(length, width)
    rule = rule_for(shape.category, shape.name) or (_UNKNOWN_SLAB if slab else _UNKNOWN)
    across, up = float(length), float(height)
    if LIES_FLAT in rule.traits:
        across, up = float(max(length, width)), float(min(length, width))
        if rule.art in PORTRAIT:
            across, up = up, across
    if across <= 0 or up <= 0:
        original = art(rule.art, rule.recolours[0])
        across, up = original.width, original.height
    first = zlib.crc32(shape.sku.encode()) % len(rule.recolours)
    recolours = rule.recolours[first:] + rule.recolours[:first]
    return Drawing(
        rule.art,
        recolours[0],
        across,
        up,
        SOFT in rule.traits,
        FLAT_TOP in rule.traits,
        HERO in rule.traits,
        LIES_FLAT in rule.traits,
        recolours,
    )
