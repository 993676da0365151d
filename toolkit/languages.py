"""Languages: how tags are written, which stand in for one another, and what people type instead."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from .store.names import fallbacks, fold, language_tag

__all__ = ["fallbacks", "fold", "language_tag", "nearest_tags"]

# Countries taken for their language, the codes of three letters that lexicons use, and English names.
_MEANT = {
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


def nearest_tags(tag: str, known: Iterable[str]) -> list[str]:
    """The tags that somebody who typed this one may have meant, the likeliest first.

    Examples
    --------
    >>> nearest_tags("jp", ["de", "en"]), nearest_tags("ger", ["de", "en"]), nearest_tags("xx", ["de", "en"])
    (['ja'], ['de'], [])
    """
    typed = tag.lower().replace("_", "-").split("-")[0]
    meant = [code for code, others in _MEANT.items() if typed in others.split()]
    return list(dict.fromkeys([*meant, *get_close_matches(typed, list(known), n=3)]))
