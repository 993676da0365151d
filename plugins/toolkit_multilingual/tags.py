"""Language tags (BCP 47) and what they fall back to."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["fall_back"]


def fall_back(tag: str) -> Iterator[str]:
    """The tag, then ever shorter ones, as RFC 4647 section 3.4 looks them up.

    Examples
    --------
    >>> list(fall_back("zh-Hant-TW"))
    ['zh-Hant-TW', 'zh-Hant', 'zh']
    """
    parts = tag.replace("_", "-").split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        if parts and len(parts[-1]) == 1:  # a singleton such as the x of private use leads nowhere alone
            parts.pop()
