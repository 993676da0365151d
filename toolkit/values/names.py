"""How a name is written where it enters the store."""

from __future__ import annotations

import unicodedata

__all__ = ["plain_name"]

_UNSEEN = "\ufeff\u200b"  # a byte order mark and a zero width blank, which `str.strip` leaves


def plain_name(name: str) -> str:
    r"""The name in Unicode's form NFC, without blanks around it; case is kept.

    Two names that look alike are then one, whichever keyboard or file system they came from.

    References
    ----------
    Unicode Standard Annex 15, Unicode Normalization Forms: https://www.unicode.org/reports/tr15/

    Examples
    --------
    >>> plain_name(" Sen\u0303al\n") == "Se\xf1al"
    True
    """
    if name.isascii():
        return name.strip()
    return unicodedata.normalize("NFC", name).strip().strip(_UNSEEN).strip()
