"""One measured figure, and the clock it is measured with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

__all__ = ["Figure", "side_by_side"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, next to what it is measured against.

    Parameters
    ----------
    name : str
        What was measured.
    value : float
        How much, in `unit`.
    unit : str
        Such as ``"ms"`` or ``"images/s"``.
    against : str
        What it was measured beside, in the same run; empty for a figure that stands alone.
    ratio : float
        `value` over the value of that.
    goal : str
        What it should be, such as ``"<= 1.25"``; a bare number is the most it may be, empty is no goal.
    """

    name: str
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None
    goal: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the ratio (or, without one, the value) is what it should be; None without a goal."""
        if not self.goal:
            return None
        relation, bound = self.goal.split()
        measured = self.value if self.ratio is None else self.ratio
        return measured <= float(bound) if relation == "<=" else measured >= float(bound)


def side_by_side(runs: Mapping[str, Callable[[], object]], *, repeats: int = 7) -> dict[str, float]:
    """Median milliseconds of each, taken in turns so that a noisy moment hits them all."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()  # first touch, caches, imports
    for _ in range(repeats):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: median(taken) for name, taken in times.items()}
