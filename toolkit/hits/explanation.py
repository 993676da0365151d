"""Why a hit is where it is: what each term gave it, as a value that prints as a small table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..plain_text import printable, shortened, table
from ..values.types import Hit
from .captions import box_text, contribution_text, display_name, score_text
from .plan import SearchPlan

__all__ = ["Explanation"]


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The score of each term of a query for one hit.

    Parameters
    ----------
    query : str
        As one would type it.
    hit : Hit
        Its `parts` are the numbers; ``str(...)`` lays them out.
    plan : SearchPlan, optional
        How the search found it.

    Examples
    --------
    >>> from toolkit.values.types import Box, Input, Part
    >>> dog = Part("concept('dog')", 0.93, 2.0, box=Box(0, 0.1, 0.5, 0.6))
    >>> parts = dog, Part("concept('cat')", 0.04, negated=True)
    >>> hit = Hit(1, 0.94, Input("ab12", "/photos/rex.jpg", "", 4, 3), None, "ab12", None, parts)
    >>> Explanation("concept('dog') ** 2 & ~concept('cat')", hit)
    rank 1, score 0.940: rex.jpg (input ab12), for concept('dog') ** 2 & ~concept('cat')
         term            score  weight  region                ms
         concept('dog')  0.930       2  0.00 0.10 0.50 0.60  0.0
    not  concept('cat')  0.040       1                       0.0
    """

    query: str
    hit: Hit
    plan: SearchPlan | None = None

    def __repr__(self) -> str:
        return self.text()

    def text(self, say: Callable[[str], str] = str) -> str:
        """The small table, as text.

        Parameters
        ----------
        say : callable
            Turns a note into the words of whoever reads it; see `toolkit.remedies`.
        """
        hit = self.hit
        region = f" region {box_text(hit.box)}" if hit.box else ""
        source = f", annotated by {hit.annotation.source}" if hit.annotation else ""
        first = (
            f"rank {hit.rank}, score {score_text(hit.score)}: {display_name(hit.input)}{region} "
            f"(input {hit.input.id}{source}), for {shortened(self.query, 200)}"
        )
        plan = [printable(str(self.plan))] if self.plan else []
        return "\n".join([printable(first), *self._table(), *plan, *self._notes(say)])

    def _table(self) -> list[str]:
        rows = [
            (
                "not" if part.negated else "",
                shortened(part.term, 60),
                contribution_text(part),
                "" if part.is_filter else f"{part.weight:g}",
                box_text(part.box),
                f"{part.milliseconds:.1f}",
            )
            for part in self.hit.parts
        ]
        header = ("", "term", "score", "weight", "region", "ms")
        return [table(header, rows, right=("score", "weight", "ms"))] if rows else []

    def _notes(self, say: Callable[[str], str]) -> list[str]:
        return [printable(f"{part.term}: {say(note)}") for part in self.hit.parts for note in part.notes]
