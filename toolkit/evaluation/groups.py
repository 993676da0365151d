"""Topics that come from one concept rise and fall together: means and intervals that count groups, not topics.

Cameron and Miller, A practitioner's guide to cluster-robust inference, Journal of Human Resources 50(2), 2015.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import QueryError

__all__ = ["Groups", "Interval"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the range it lies in, if topics are drawn as groups.

    Parameters
    ----------
    mean : float
        Over topics.
    low, high : float
        Of the interval; infinite where a single group says nothing of its width.
    """

    mean: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half of its width."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, eq=False)
class Groups:
    """Which topics belong together.

    Parameters
    ----------
    codes : int (t,)
        The group of each topic, in [0, g).
    names : tuple of str
        Of the g groups.
    """

    codes: npt.NDArray[np.intp]
    names: tuple[str, ...]

    @classmethod
    def of(cls, groups: Sequence[str]) -> Groups:
        """The groups of some topics, in the order in which they first occur.

        Parameters
        ----------
        groups : sequence of str
            The name of each topic's group.

        Raises
        ------
        QueryError
            There are no topics.

        Examples
        --------
        >>> Groups.of(["dog", "cat", "dog"]).codes
        array([0, 1, 0])
        """
        if not len(groups):
            raise QueryError("statistics need topics; got none")
        names = {name: index for index, name in enumerate(dict.fromkeys(groups))}
        return cls(np.array([names[name] for name in groups], np.intp), tuple(names))

    def __len__(self) -> int:
        return len(self.names)

    def means(self, values: Floats) -> Floats:
        """The mean of each group: float64 (g, ...) of values (t, ...)."""
        sums = np.zeros((len(self), *values.shape[1:]))
        np.add.at(sums, self.codes, values)
        counts = np.bincount(self.codes, minlength=len(self))
        return sums / counts.reshape(-1, *[1] * (values.ndim - 1))

    def interval(self, values: Floats, *, confidence: float = 0.95) -> Interval:
        """The mean of values (t,) and its clustered interval: t with g - 1 degrees of freedom.

        Parameters
        ----------
        values : float64 (t,)
            One a topic.
        confidence : float
            Above 0 and below 1.

        Examples
        --------
        >>> found = Groups.of("aabb").interval(np.array([0.0, 0.2, 0.4, 0.6]))
        >>> round(found.mean, 3), round(found.half, 3)
        (0.3, 2.541)
        """
        from scipy.stats import t

        mean, error = float(values.mean()), self.standard_error(values)
        if not np.isfinite(error):
            return Interval(mean, -np.inf, np.inf)
        half = float(t.ppf((1 + confidence) / 2, len(self) - 1)) * error
        return Interval(mean, mean - half, mean + half)

    def standard_error(self, values: Floats) -> float:
        """The clustered standard error of the mean of values (t,); infinite for a single group."""
        if len(self) < 2:
            return float("inf")
        sums = np.bincount(self.codes, weights=values - values.mean(), minlength=len(self))
        return float(np.sqrt(len(self) / (len(self) - 1) * (sums**2).sum()) / len(values))
