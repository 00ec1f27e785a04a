"""Signs of the fourteen allergens of Regulation (EU) 1169/2011, annex II.

Always shown beside the word.
"""

from functools import lru_cache

from gifting.core.drawing.frame import XMLNS

_SIGNS = {
    "gluten": (
        "M12 22V7M12 20c-4-.5-5.5-3-5.5-6 3.6 0 5.5 2 5.5 6zM12 20"
        "c4-.5 5.5-3 5.5-6-3.6 0-5.5 2-5.5 6zM12 13.5c-4-.5-5.5-3-5.5-6 3.6 0 5.5 2 5.5 6z"
        "M12 13.5c4-.5 5.5-3 5.5-6-3.6 0-5.5 2-5.5 6zM12 7c-2-1.5-2-3.5 0-5.5 2 2 2 4 0 5.5z"
    ),
    "eggs": (
        "M12 2.5c4 0 7 6 7 10.5a7 7.5 0 0 1-14 0c0-4.5 3-10.5 7-10.5zM8.3 13.5c0 2 1.3 3.5 3 3.8"
    ),
    "milk": (
        "M9 2h6v4l2.5 4v10.5a1.5 1.5 0 0 1-1.5 1.5H8a1.5 1.5 0 0 1-1.5-1.5V10L9 6zM9 6h6"
        "M6.5 13.5c2-1.5 3.5 1.5 5.5 0s3.5 1.5 5.5 0"
    ),
    "nuts": (
        "M12 2c5 4 7.5 8 7.5 12.5A7.5 7.5 0 0 1 12 22a7.5 7.5 0 0 1-7.5-7.5C4.5 10 7 6 12 2z"
        "M12 7v10M9 10.5c-.8 2-.8 4 0 5.5M15 10.5c.8 2 .8 4 0 5.5"
    ),
    "peanuts": (
        "M12 2"
        "c3 0 4.5 2 4.5 4.5S15 10 15 12s2.5 3 2.5 5.5S15 22 12 22"
        "s-5.5-2-5.5-4.5S9 14 9 12 7.5 9 7.5 6.5 9 2 12 2"
        "zM10.5 6h3M10 17h4M12 8.5v1M12 19.5v.3"
    ),
    "soy": (
        "M4 17C4 9 9 4 19 4c1 8-4 15-12 15-2 0-3-.6-3-2zM8.5 15.5a1.8 1.8 0 1 0 .1 0z"
        "M12 11.5a1.8 1.8 0 1 0 .1 0zM15.5 7.5a1.6 1.6 0 1 0 .1 0z"
    ),
    "sesame": (
        "M7 3c2.5 2.5 2.5 5.5 0 7.5-2.5-2-2.5-5 0-7.5zM17 5"
        "c2.5 2.5 2.5 5.5 0 7.5-2.5-2-2.5-5 0-7.5zM11 12.5"
        "c2.5 2.5 2.5 6 0 8.5-2.5-2.5-2.5-6 0-8.5z"
    ),
    "sulphites": (
        "M9.5 2h5M10 2v7l-5 9.5A2.4 2.4 0 0 0 7.2 22h9.6a2.4 2.4 0 0 0 2.2-3.5L14 9V2M7.8 14.5h8.4"
    ),
    "celery": (
        "M12 22V10M12 22c-3-3-4-7-4-11M12 22c3-3 4-7 4-11M12 10c-2-3-1.5-6 0-8 1.5 2 2 5 0 8z"
        "M8 11C5 10 4 7.5 4.5 5 7 6 8.5 8 8 11zM16 11c3-1 4-3.5 3.5-6-2.5 1-4 3-3.5 6z"
    ),
    "mustard": "M8 9h8l1 3v8a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2v-8zM9 9V6.5h6V9M12 6.5V2M9.5 15h5",
    "lupin": "M12 3.5a8.5 8.5 0 1 0 .1 0zM12 8.5a3.5 3.5 0 1 0 .1 0z",
    "fish": (
        "M2.5 12c4-6 10.5-6.5 15-1.5L21.5 7v10l-4-3.5c-4.5 5-11 4.5-15-1.5zM7 11v.5M11 9"
        "c1 2 1 4 0 6"
    ),
    "crustaceans": (
        "M18.5 6c-6-3-13 0-13 7 0 4.5 3 7.5 7.5 7.5M18.5 6c-1.5 2-3.5 2.5-5 2.5M13 8.5"
        "c-2.5 1-4 3-4 5.5 0 2 1.5 3.5 4 3.5M9.5 6l2 3M6 10l3.5 1.5M6 15l3.3-.5M18.5 6l3-2.5"
        "M18.5 6l3 .5M13 17.5l3 3M13 20.5l3-3"
    ),
    "molluscs": (
        "M12 21c-6-2-9.5-6.5-9.5-10.5C5 5.5 8.5 4 12 4s7 1.5 9.5 6.5C21.5 14.5 18 19 12 21z"
        "M12 21V4.5M12 21 7 5.5M12 21l5-15.5M12 21 3.5 9.5M12 21l8.5-11.5"
    ),
}


@lru_cache(maxsize=64)
def allergen_svg(slug: str) -> str:
    """The sign of an allergen, 24 x 24, in the colour of the text; empty for an unknown slug."""
    sign = _SIGNS.get(slug)
    if sign is None:
        return ""
    return (
        f'<svg xmlns="{XMLNS}" class="allergen" viewBox="0 0 24 24" width="26" height="26" '
        'aria-hidden="true" focusable="false" fill="none" stroke="currentColor" '
        'stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{sign}"/></svg>'
    )
