"""How a name is compared with another."""

from __future__ import annotations

import unicodedata

__all__ = ["fold"]


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
    if name.isascii():  # as most names are: none of what follows is about them
        return " ".join(name.casefold().split())
    visible = "".join(character for character in name if not _is_shapeless(character))
    folded = _compatible(_compatible(unicodedata.normalize("NFD", visible)).casefold())
    return " ".join(_compatible(folded.translate(_BY_SCRIPT)).split())


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
