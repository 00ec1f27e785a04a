"""The stock of drawings by name, in their own true millimetres, recoloured by argument only."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from gifting.core.drawing.goods import bakery, care, cloth, drinks, pantry, paper
from gifting.core.drawing.ink import Art

Recolour = tuple[tuple[str, str], ...]

ARTS: Mapping[str, Callable[..., Art]] = {
    draw.__name__: draw
    for draw in (
        bakery.panettone,
        bakery.pandoro,
        bakery.veneziana,
        bakery.cut_panettone,
        bakery.cake,
        bakery.taralli,
        bakery.grissini,
        bakery.biscuits,
        bakery.baci_box,
        bakery.tin,
        bakery.assortment,
        bakery.torrone,
        pantry.pouch,
        pantry.chocolate_bar,
        pantry.coffee,
        pantry.tea,
        pantry.jam,
        pantry.honey,
        pantry.pasta,
        pantry.jar,
        pantry.passata,
        pantry.cheese,
        pantry.salami,
        drinks.beer,
        drinks.can,
        drinks.wine,
        drinks.juice,
        drinks.oil,
        care.soap,
        care.lotion,
        care.cream_pot,
        care.detergent,
        care.candle,
        care.diffuser,
        care.plant,
        care.flower,
        cloth.bag,
        cloth.tshirt,
        cloth.folded,
        cloth.pile,
        cloth.rolled,
        cloth.mug,
        paper.notebook,
        paper.postcard,
        paper.calendar,
        paper.gift,
        paper.edge,
    )
}


@lru_cache(maxsize=512)
def art(name: str, recolour: Recolour = ()) -> Art:
    """The drawing `name`, made once per recolouring. Callers must not add to it."""
    return ARTS[name](**dict(recolour))
