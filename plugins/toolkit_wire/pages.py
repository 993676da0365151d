"""Pages of a list: from 1, of 128 unless the request says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from .statuses import Refused

__all__ = ["MOST_RANKED", "Page", "page_of"]

PER_PAGE = 128
MOST_PER_PAGE = 1000
# How deep a ranking can be leafed through. The API has such a limit too, at a number it does not publish.
MOST_RANKED = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: `limit` of it, from `offset` on."""

    offset: int
    limit: int


def page_of(page: int, per_page: int, *, invalid: int, limit: int | None = None) -> Page:
    """The part of a list that a page is; 0 stands for what was not given.

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
