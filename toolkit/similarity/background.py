"""What cosines of unrelated pictures are in a space of a collection, and the score that a cosine has beside them.

The *background* is the cosines of random pairs of rows of different inputs: their median, and how far below it their
16 % quantile lies. That is one standard deviation of a normal distribution, and the upper half, where copies and
pictures of one kind are, does not move it. A cosine scores

    sigmoid((cos - median) / width - location)

with the location of the embedder: how many widths above the median a picture is as likely relevant as not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from ..fusion.scales import AS_PROBABILITY, ByRank, Logistic, Scale, ScaleName
from ..plugins.interfaces import UsualCosines
from ..snapshot import Space
from ..values.types import FloatArray, Json
from .mapped import let_go

__all__ = ["Background", "fit", "scale_of"]

SEED: Final = 0
SAMPLE: Final = 1000  # rows, of which all pairs are compared
LOWER: Final = 0.16  # the quantile one standard deviation below the median of a normal distribution
FEW: Final = 50  # rows at which what the embedder states weighs as much as what was measured
GROWTH: Final = 1.5
# Where all pictures are of one kind they are far apart for their median, and the midpoint would lie above 1, where no
# copy reaches it. At most so much of the way from the median to 1, the curve is narrowed instead.
FARTHEST: Final = 0.8
NARROWEST: Final = 0.01


@dataclass(frozen=True, slots=True)
class Background:
    """The cosines of unrelated pictures in a space of a collection.

    Parameters
    ----------
    median, width : float
        Of the cosines; the width above 0.
    location : float
        Widths above the median at which a picture is as likely relevant as not.
    rows : int
        How many vectors the space had.
    seed : int
        Which of them were compared.

    Examples
    --------
    >>> Background(median=0.2, width=0.05, location=6.0, rows=1000).midpoint
    0.5
    """

    median: float
    width: float
    location: float
    rows: int
    seed: int = SEED

    @property
    def midpoint(self) -> float:
        """The cosine that scores one half."""
        return self.median + self.location * self._width

    @property
    def scale(self) -> Logistic:
        """Makes scores of cosines."""
        return Logistic(self.midpoint, self._width, self.median, self.width)

    @property
    def _width(self) -> float:
        """The width of the curve."""
        return min(self.width, max(FARTHEST * (1 - self.median), NARROWEST) / self.location)

    def fits(self, rows: int) -> bool:
        """Whether a space of so many vectors is still the one that was measured: not grown by half, nor halved."""
        return rows == self.rows or self.rows / GROWTH < rows < self.rows * GROWTH

    def to_dict(self) -> dict[str, Json]:
        """A JSON object that `from_dict` reads back."""
        return cast("dict[str, Json]", asdict(self))

    @classmethod
    def from_dict(cls, value: Json) -> Background | None:
        """The background that a JSON object describes; None if it describes none."""
        match value:
            case {
                "median": int() | float() as median,
                "width": int() | float() as width,
                "location": int() | float() as location,
                "rows": int(rows),
                "seed": int(seed),
            } if width > 0 < location and rows >= 0:
                return cls(float(median), float(width), float(location), rows, seed)
        return None


def fit(
    space: Space, row_input: npt.NDArray[np.int32], usual: UsualCosines, *, seed: int = SEED
) -> Background:
    """The background of a space: the same for the same vectors.

    Parameters
    ----------
    space : Space
        Its vectors and their rows.
    row_input : int32 (r,)
        The input of each row.
    usual : UsualCosines
        What the embedder states. N rows weigh N / (N + 50) beside it.
    seed : int
        Which rows are compared, where there are more than a thousand.
    """
    count = len(space.vectors)
    return _blended(_cosines(space, row_input, seed), count, usual, seed)


def scale_of(name: ScaleName, values: FloatArray, background: Background | None) -> Scale:
    """What makes scores of a ranker's values.

    Parameters
    ----------
    name : {"probability", "cosine", "raw"}
        What the ranker says they are.
    values : float32 (r,)
        All of them, NaN where a row is not a hit.
    background : Background or None
        Of the space that cosines are from. Without one they are set against each other: those of one query to all
        rows are mostly to unrelated ones.
    """
    if name == "probability":
        return AS_PROBABILITY
    if name == "raw":
        return ByRank.of(values)
    if background is not None:
        return background.scale
    known = values[~np.isnan(values)]
    return _blended(known, len(known), UsualCosines(), SEED).scale


def _blended(cosines: FloatArray, rows: int, usual: UsualCosines, seed: int) -> Background:
    if not len(cosines):
        return Background(usual.median, usual.width, usual.location, rows, seed)
    lower, median = map(float, np.quantile(cosines, [LOWER, 0.5]))
    share = rows / (rows + FEW)
    return Background(
        share * median + (1 - share) * usual.median,
        share * max(median - lower, NARROWEST) + (1 - share) * usual.width,
        usual.location,
        rows,
        seed,
    )


def _cosines(space: Space, row_input: npt.NDArray[np.int32], seed: int) -> FloatArray:
    """Cosines of all pairs of some vectors that are of different inputs: float32 (pairs,)."""
    count = len(space.vectors)
    some = np.arange(count)
    if count > SAMPLE:
        # In order, so that a memory-mapped matrix is read from front to back.
        some = np.sort(np.random.default_rng(seed).choice(count, SAMPLE, replace=False))
    vectors = np.ascontiguousarray(space.vectors[some], np.float32)
    if count > SAMPLE:
        let_go(space.vectors)
    input = row_input[space.rows[some]]
    one, other = np.triu_indices(len(some), k=1)
    different = input[one] != input[other]
    return np.asarray((vectors @ vectors.T)[one[different], other[different]], np.float32)
