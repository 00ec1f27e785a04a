"""The outer `<svg>`: complete, usable inline, as a file or in a PDF; named or silent."""

from html import escape

XMLNS = "http://www.w3.org/2000/svg"


def svg(
    inner: str,
    view: tuple[float, float, float, float],
    *,
    label: str | None = None,
    css_class: str = "drawing",
    size: tuple[float, float] | None = None,
) -> str:
    """A complete picture; `view` is the viewBox, `size` a natural width and height in px.

    With `label` it is an image with that name, without it assistive technology skips it.
    """
    x, y, w, h = view
    box = f"{x:g} {y:g} {w:g} {h:g}"
    measure = f' width="{size[0]:g}" height="{size[1]:g}"' if size else ""
    if label is None:
        role, title = ' aria-hidden="true" focusable="false"', ""
    else:
        role, title = ' role="img"', f"<title>{escape(label)}</title>"
    return (
        f'<svg xmlns="{XMLNS}" class="{css_class}" viewBox="{box}"{measure}{role}>'
        f"{title}{inner}</svg>"
    )
