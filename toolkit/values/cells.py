"""Cells of a table that a spreadsheet would run instead of showing them.

See https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re

__all__ = ["guarded", "unguarded"]

_RUN = re.compile(r"'*[=+\-@\t\r]")


def guarded(cell: object) -> object:
    """The cell, with a ``'`` before text that a spreadsheet would run; numbers are left as they are.

    Examples
    --------
    >>> guarded("=1+1"), guarded("dog"), guarded(-1.5)
    ("'=1+1", 'dog', -1.5)
    """
    return f"'{cell}" if isinstance(cell, str) and _RUN.match(cell) else cell


def unguarded(cell: object) -> object:
    """What a cell was before `guarded`.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("'tis")
    ('=1+1', "'tis")
    """
    is_guarded = isinstance(cell, str) and cell.startswith("'") and _RUN.match(cell)
    return cell[1:] if is_guarded and isinstance(cell, str) else cell
