"""How a name is compared with another, and which languages stand in for one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ..errors import QueryError

__all__ = ["fallbacks", "fold", "language_tag"]

_TAG = re.compile(r"[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*")
_SCRIPT, _REGION = 4, 2  # letters; BCP 47 writes Hant and TW, everything else in lower case


def fold(name: str) -> str:
    """What a name is looked up by: equal for names that a reader takes for the same word.

    Compatibility forms, case, blanks and characters without a shape of their own (zero width, bidirectional
    controls, variation selectors) make no difference.

    References
    ----------
    The Unicode Standard, section 3.13, toNFKC_Casefold: https://www.unicode.org/versions/latest/

    Examples
    --------
    >>> fold("  Straße ") == fold("STRASSE")
    True
    >>> fold("Ｄｏｇ")
    'dog'
    """
    visible = "".join(character for character in name if not _is_shapeless(character))
    folded = _compatible(_compatible(unicodedata.normalize("NFD", visible)).casefold())
    return " ".join(folded.split())


def language_tag(tag: str) -> str:
    """The tag as BCP 47 writes it.

    Raises
    ------
    QueryError
        If it is not a language tag.

    Examples
    --------
    >>> language_tag("zh_hant-tw")
    'zh-Hant-TW'
    """
    if not _TAG.fullmatch(tag):
        raise QueryError(f"{tag!r} is not a language tag; write it as in 'en', 'pt-BR' or 'zh-Hant'")
    language, *others = re.split("[-_]", tag)
    return "-".join([language.lower(), *map(_subtag, others)])


def fallbacks(tag: str) -> Iterator[str]:
    """The language itself, then ever wider ones.

    References
    ----------
    RFC 4647, section 3.4 "Lookup": https://www.rfc-editor.org/rfc/rfc4647#section-3.4

    Examples
    --------
    >>> list(fallbacks("zh-Hant-TW"))
    ['zh-Hant-TW', 'zh-Hant', 'zh']
    """
    parts = language_tag(tag).split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        while parts and len(parts[-1]) == 1:  # a lone "x" or "u" introduces what was just cut off
            parts.pop()


def _is_shapeless(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or character in _VARIATION_SELECTORS


_VARIATION_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _subtag(part: str) -> str:
    if part.isalpha() and len(part) == _SCRIPT:
        return part.title()
    return part.upper() if part.isalpha() and len(part) == _REGION else part.lower()
