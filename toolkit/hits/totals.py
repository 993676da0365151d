"""How many hits there are, in words: so many, or at least so many where not all of them were counted."""

from __future__ import annotations

__all__ = ["summary", "total_text"]


def total_text(total: int, *, counted: bool = True) -> str:
    """How many there are.

    Parameters
    ----------
    total : int
        How many, or the least that there are.
    counted : bool
        Whether all were counted.

    Examples
    --------
    >>> total_text(1234), total_text(1234, counted=False)
    ('1,234', 'at least 1,234')
    """
    return f"{total:,}" if counted else f"at least {total:,}"


def summary(shown: int, total: int, *, counted: bool = True) -> str:
    """How many of how many hits are shown.

    Parameters
    ----------
    shown : int
        How many are.
    total, counted
        As of `total_text`.

    Examples
    --------
    >>> summary(1, 1)
    '1 of 1 hit'
    """
    if not total:
        return "no hits"
    return f"{shown:,} of {total_text(total, counted=counted)} hit{'' if total == 1 and counted else 's'}"
