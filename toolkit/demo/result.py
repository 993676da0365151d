"""What the demo found, next to what it should have found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ..hits import Hits
from ..values.types import Json

__all__ = ["Answer", "Result"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One query and its first hits.

    Parameters
    ----------
    title : str
        What kind of query it is.
    hits : Hits
        The answer.
    expected : str
        What the hits should show; empty where it is not known.
    found : tuple of str
        What each hit shows.
    """

    title: str
    hits: Hits
    expected: str = ""
    found: tuple[str, ...] = ()

    # A ranking by similarity may have a stranger among its first ten; one in five is the demo's own bar.
    MISSES: ClassVar[float] = 0.2

    @property
    def right(self) -> int:
        """How many hits show what they should."""
        return sum(found == self.expected for found in self.found)

    @property
    def passed(self) -> bool:
        """Whether nearly all hits show what they should, as far as it is known."""
        if not self.expected:
            return True
        return len(self.found) > 0 and self.right >= (1 - self.MISSES) * len(self.found)

    def text(self) -> str:
        """A short table."""
        lines = [
            self.title,
            f"  {self.hits.query}   ({self.hits.milliseconds:.1f} ms, {self.hits.total:,} hits)",
        ]
        if self.expected:
            lines.append(f"  expected  {self.expected}")
            lines.append(f"  found     {' '.join(self.found)}   {self.right} of {len(self.found)} right")
        lines.append(f"  score     {' '.join(f'{hit.score:.2f}' for hit in self.hits) or 'no hits'}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Result:
    """All answers of a demo.

    Parameters
    ----------
    answers : sequence of Answer
        In the order asked.
    page : Path
        The page with pictures.
    seconds : float
        In all.
    """

    answers: Sequence[Answer]
    page: Path
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every query found what it should."""
        return all(answer.passed for answer in self.answers)

    def text(self) -> str:
        """Every table, and where the pictures are."""
        tables = "\n\n".join(answer.text() for answer in self.answers)
        known = [answer for answer in self.answers if answer.expected]
        passed = f"{sum(answer.passed for answer in known)} of {len(known)} queries found what they should"
        outcome = passed if known else f"{len(self.answers)} queries"
        return f"{tables}\n\n{outcome}, in {self.seconds:.0f} s. Pictures: {self.page}"

    def to_dict(self) -> dict[str, Json]:
        """A JSON object, as ``--json`` prints it."""
        return {
            "passed": self.passed,
            "page": str(self.page),
            "seconds": round(self.seconds, 1),
            "answers": [
                {
                    "title": answer.title,
                    "query": answer.hits.query,
                    "expected": answer.expected,
                    "found": list(answer.found),
                    "scores": [round(hit.score, 4) for hit in answer.hits],
                    "passed": answer.passed,
                }
                for answer in self.answers
            ],
        }
