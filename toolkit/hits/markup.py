"""HTML in which text cannot become markup: every string is escaped here, and nowhere else."""

from __future__ import annotations

import html
from collections.abc import Iterable

from ..plain_text import printable

__all__ = ["Markup", "element", "joined"]

_VOID = frozenset({"img", "meta"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str) -> Markup:
    """One element. Attributes, and children that are not `Markup`, are escaped.

    Empty attributes are left out. An underscore after a name is dropped: ``class_``.

    Parameters
    ----------
    tag : str
        Its name, which is not escaped.
    *children : str
        What is inside, in order.
    **attributes : str
        Attributes by name.

    Examples
    --------
    >>> element("b", "<i>", element("br"), title='"x"')
    '<b title="&quot;x&quot;">&lt;i&gt;<br></br></b>'
    """
    inside = "".join(
        f' {name.rstrip("_")}="{_escaped(value)}"' for name, value in attributes.items() if value
    )
    opening = f"<{tag}{inside}>"
    return Markup(opening if tag in _VOID else f"{opening}{joined(children)}</{tag}>")


def joined(children: Iterable[str]) -> Markup:
    """Children one after the other, escaped where they are not `Markup`."""
    return Markup("".join(child if isinstance(child, Markup) else _escaped(child) for child in children))


def _escaped(text: str) -> str:
    return html.escape(printable(text), quote=True)
