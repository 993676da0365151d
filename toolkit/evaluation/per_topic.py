"""The difference of two systems on every topic, as bars from the best to the worst, colored by group."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..hits.markup import Markup, element
from ..plain_text import printable, table
from .comparison import Comparison
from .tables import frame

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["PerTopic"]

MOST = 400  # bars of a notebook's cell
SHOWN = 20  # lines that `repr` prints
WIDTH = 220  # pixels of the longest bar
OPENED = 6  # of the best and the worst topics, whose pictures are in the page: about 150 kB of photos
TOP = 5  # pictures of each system


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PerTopic:
    """Two systems on every topic.

    Parameters
    ----------
    of : Comparison
        Which was measured.
    system, baseline, measure : str
        What is compared.
    """

    of: Comparison
    system: str
    baseline: str
    measure: str

    def __post_init__(self) -> None:
        self.of.of_topics(self.system, self.measure)
        self.of.of_topics(self.baseline, self.measure)

    @property
    def rows(self) -> Sequence[tuple[str, str, float, float, float]]:
        """Topic, group, the system's value, the baseline's, and their difference; the best first."""
        mine, theirs = (self.of.of_topics(one, self.measure) for one in (self.system, self.baseline))
        told = [
            (topic.id, topic.group, float(a), float(b), float(a - b))
            for topic, a, b in zip(self.of.topics, mine, theirs, strict=True)
        ]
        return sorted(told, key=lambda row: -row[4])

    def frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each topic.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        names = ["topic", "group", self.system, self.baseline, "difference"]
        return frame([dict(zip(names, row, strict=True)) for row in self.rows], names)

    def __repr__(self) -> str:
        lines = [(id, group, f"{a:.3f}", f"{b:.3f}", f"{d:+.3f}") for id, group, a, b, d in self.rows]
        some = lines if len(lines) <= SHOWN else [*lines[: SHOWN // 2], *lines[-SHOWN // 2 :]]
        names = ("topic", "group", self.system, self.baseline, "difference")
        return f"{printable(self._heading)}\n{table(tuple(map(printable, names)), some, right=names[2:])}"

    @property
    def _heading(self) -> str:
        values = [row[4] for row in self.rows]
        better, worse = sum(value > 0 for value in values), sum(value < 0 for value in values)
        return f"{self.measure}, {self.system} against {self.baseline}: better on {better}, worse on {worse} topics"

    def _repr_html_(self) -> str:
        rows = self.rows
        longest = max((abs(row[4]) for row in rows), default=0) or 1.0
        opened = self._opened(rows)
        more = f"and {len(rows) - MOST:,} more: .frame()" if len(rows) > MOST else ""
        return element(
            "div",
            element("div", self._heading, style="margin:0 0 8px"),
            *(self._bar(row, longest, is_open=row[0] in opened) for row in rows[:MOST]),
            element("div", more) if more else "",
            style="font-size:11px;line-height:1.2",
        )

    def _opened(self, rows: Sequence[tuple[str, str, float, float, float]]) -> set[str]:
        """The topics whose pictures are shown when they are opened: those that differ most, if there are pictures."""
        if self.of.resources is None:
            return set()
        some = [*rows[: OPENED // 2], *rows[-OPENED // 2 :]]
        return {row[0] for row in some if row[4]}

    def _bar(self, row: tuple[str, str, float, float, float], longest: float, *, is_open: bool) -> Markup:
        """One topic; a click opens it, without a script: the pictures that moved, or the call that shows them."""
        id, group, mine, theirs, difference = row
        width = round(WIDTH * abs(difference) / longest)
        left = WIDTH if difference >= 0 else WIDTH - width
        bar = element(
            "span",
            element(
                "span",
                style=f"position:absolute;left:{left}px;top:1px;width:{width}px;height:9px;background-color:{_color(group)}",
            ),
            style=f"display:inline-block;position:relative;width:{2 * WIDTH}px;height:11px;vertical-align:middle",
        )
        summary = element(
            "summary",
            bar,
            " ",
            element("bdi", f"{difference:+.3f} {group}"),
            style="cursor:pointer;list-style:none",
        )
        call = f"result.moved({self.system!r}, {self.baseline!r}, topic={id!r})"
        told = f"{self.system} {mine:.3f}, {self.baseline} {theirs:.3f}: "
        shown = (
            Markup(self.of.moved(self.system, self.baseline, topic=id, top_k=TOP).html()) if is_open else ""
        )
        return element(
            "details",
            summary,
            element("div", told, element("code", call), shown, style="margin:2px 0 6px 12px"),
        )


def _color(group: str) -> str:
    """The same color for the same group, always."""
    return f"hsl({zlib.crc32(group.encode()) % 360},55%,50%)"
