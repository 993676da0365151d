"""How the hits of a query were found."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SearchPlan"]


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """The plan that a search ran, and how much it looked at.

    Parameters
    ----------
    compared : str
        What was compared, in words.
    folded : int
        How many places the scores of the terms were combined for.
    cosines : int
        How many rows were compared exactly with each vector of the query.
    index : str
        The similarity index that was asked for neighbors; empty where none was.
    exact : bool
        Whether the hits are sure to be those of scoring every row.
    doubt : str
        Why not, in words.

    Examples
    --------
    >>> SearchPlan("the rows that the other terms leave", folded=120, cosines=120)
    compared: the rows that the other terms leave; 120 rows exactly, 120 combined; exact
    """

    compared: str
    folded: int
    cosines: int
    index: str = ""
    exact: bool = True
    doubt: str = ""

    def __repr__(self) -> str:
        index = f"; index {self.index!r}" if self.index else ""
        doubt = f"not exact: {self.doubt}" if self.doubt else "approximate, as its index"
        exact = "exact" if self.exact else doubt
        return f"compared: {self.compared}; {self.cosines:,} rows exactly, {self.folded:,} combined{index}; {exact}"
