"""How language tags are written, which languages stand in for one, and what people type instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from ..errors import QueryError

__all__ = ["fallbacks", "language_tag", "nearest_tags"]

_TAG = re.compile(r"([A-Za-z]{2,8}|[ixIX](?=[-_]))([-_][A-Za-z0-9]{1,8})*")  # i- and x- begin private tags
_SCRIPT, _REGION = 4, 2  # letters; BCP 47 writes Hant and TW, everything else in lower case

# Countries taken for their language, the codes of three letters that lexicons use, and English names.
_OTHER_NAMES = {
    "ar": "arb ara arabic eg sa",
    "ca": "cat catalan",
    "cs": "cz cze ces czech",
    "da": "dk dan danish",
    "de": "ger deu german at ch",
    "el": "gr gre ell greek",
    "en": "eng english us gb",
    "es": "spa spanish mx",
    "fa": "per fas persian ir",
    "fi": "fin finnish",
    "fr": "fra fre french",
    "he": "iw heb hebrew il",
    "hi": "hin hindi in",
    "hu": "hun hungarian",
    "id": "ind indonesian",
    "it": "ita italian",
    "ja": "jp jpn japanese",
    "ko": "kr kor korean",
    "nl": "nld dut dutch",
    "pl": "pol polish",
    "pt": "por portuguese br",
    "ru": "rus russian",
    "sv": "se swe swedish",
    "th": "tha thai",
    "tr": "tur turkish",
    "uk": "ua ukr ukrainian",
    "vi": "vn vie vietnamese",
    "zh": "cn tw cmn chi zho chinese",
}


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


def nearest_tags(tag: str, known: Iterable[str]) -> list[str]:
    """The known tags nearest to a mistyped one, the likeliest first.

    Parameters
    ----------
    tag : str
        What was typed.
    known : iterable of str
        The tags there are.

    Examples
    --------
    >>> nearest_tags("jp", ["de", "en"]), nearest_tags("ger", ["de", "en"]), nearest_tags("xx", ["de", "en"])
    (['ja'], ['de'], [])
    """
    typed = tag.lower().replace("_", "-").split("-")[0]
    named = [code for code, others in _OTHER_NAMES.items() if typed in others.split()]
    return list(dict.fromkeys([*named, *get_close_matches(typed, list(known), n=3)]))


def _subtag(part: str) -> str:
    if part.isalpha() and len(part) == _SCRIPT:
        return part.title()
    return part.upper() if part.isalpha() and len(part) == _REGION else part.lower()
