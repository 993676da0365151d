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
    controls, variation selectors) make no difference; nor do the vowel marks of Arabic and Hebrew, which
    writers leave out, nor which of the two kana a Japanese word is written in.

    References
    ----------
    The Unicode Standard, section 3.13, toNFKC_Casefold: https://www.unicode.org/versions/latest/

    Examples
    --------
    >>> fold("  Straße ") == fold("STRASSE")
    True
    >>> fold("Ｄｏｇ")
    'dog'
    >>> fold("كَلْب") == fold("كلب"), fold("キツネ") == fold("きつね")
    (True, True)
    """
    visible = "".join(character for character in name if not _is_shapeless(character))
    folded = _compatible(_compatible(unicodedata.normalize("NFD", visible)).casefold())
    return " ".join(_compatible(folded.translate(_BY_SCRIPT)).split())


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


_KATAKANA, _TO_HIRAGANA = range(0x30A1, 0x30F7), -0x60
# Vowel marks and the stretched line of Arabic; not the hamza and madda (0653 to 0655), which make other letters.
_UNWRITTEN = [
    *(0x0640, *range(0x0610, 0x061B), *range(0x064B, 0x0653), *range(0x0656, 0x0660), 0x0670),
    *(*range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7),  # the points of Hebrew
]
_BY_SCRIPT: dict[int, int | None] = dict.fromkeys(_UNWRITTEN) | {
    letter: letter + _TO_HIRAGANA for letter in _KATAKANA
}


def _is_shapeless(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or character in _VARIATION_SELECTORS


_VARIATION_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _subtag(part: str) -> str:
    if part.isalpha() and len(part) == _SCRIPT:
        return part.title()
    return part.upper() if part.isalpha() and len(part) == _REGION else part.lower()
