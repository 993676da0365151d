"""Pages of a list: from 1, of 128 unless the request says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from .statuses import Refused

__all__ = ["MOST_RANKED", "Page", "page_of"]

T = TypeVar("T")

PER_PAGE = 128
MOST_PER_PAGE = 1000
# How deep a ranking can be leafed through. The API has such a limit too, at a number it does not publish.
MOST_RANKED = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: `limit` items from `offset` on."""

    offset: int
    limit: int

    def of(self, items: Sequence[T]) -> list[T]:
        """The items of a list that stand on this page."""
        return list(items[self.offset : self.offset + self.limit])


def page_of(page: int, per_page: int, *, invalid: int, limit: int | None = None) -> Page:
    """The part of a list that a page stands for; 0 stands for the default.

    Parameters
    ----------
    page : int
        From 1; 0 stands for 1.
    per_page : int
        How many a page; 0 stands for the API's own number.
    invalid : int
        The status code for a request that cannot be answered.
    limit : int, optional
        The last position that a page may reach; None for no limit.

    Raises
    ------
    Refused
        More than 1,000 a page, or beyond the most.
    """
    page, per_page = page or 1, per_page or PER_PAGE
    if per_page > MOST_PER_PAGE:
        raise Refused(invalid, f"per_page is from 1 to {MOST_PER_PAGE:,}, not {per_page:,}")
    if limit is not None and page * per_page > limit:
        # The API's own client looks for the first words.
        raise Refused(
            invalid, f"page * perPage cannot exceed {limit:,}; {page:,} * {per_page:,} was asked for"
        )
    return Page((page - 1) * per_page, per_page)
