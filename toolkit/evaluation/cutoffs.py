"""Where to cut rankings, learned from topics of which it is judged what is relevant.

The chance that a hit is relevant rises with how far its score stands out from the other scores of its query (isotonic
regression on the robust z), which says where the expected F1 is largest. How much is missed at most is held by
conformal risk control [1]_ over groups of topics.

.. [1] Angelopoulos, Bates, Fisch, Lei, Schuster, "Conformal risk control", 2022.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from ..hits.cutoff import Cutoff, cut, log_odds, robust_z
from ..query import Query
from ..resources import Resources
from ..search import search_many
from .groups import Groups
from .judgments import Judgments
from .topics import Topics

__all__ = ["LearnedCutoff", "learn_cutoff"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

AT_ONCE: Final = 16  # topics ranked together
EDGES: Final = np.concatenate(
    [[-np.inf], np.linspace(-4, 40, 441), [np.inf]]
)  # of the z that are counted together
OUTSIDE: Final = 0.05  # of the topics, at both ends of the range


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LearnedCutoff:
    """What judged topics say about where to cut; for ``hits.suggest_cutoff``.

    Parameters
    ----------
    chance : float64 (b,)
        The chance that a hit is relevant, by how far its score stands out (`EDGES`); rising.
    best : float64 (t,)
        How far the score stood out at which each topic would best have been cut.
    missed : sequence of float64 (m,)
        For each group how far what is relevant stood out, rising; minus infinity for what was no hit.
    weights : sequence of float64 (m,)
        What each of them counts: the topics of a group are one.
    """

    chance: Floats
    best: Floats
    missed: Sequence[Floats]
    weights: Sequence[Floats]

    def suggest(self, scores: Floats, *, miss: float | None = None) -> Cutoff:
        """Where to cut a ranking.

        Parameters
        ----------
        scores : float64 (n,)
            Of all hits, falling.
        miss : float, optional
            The share of what is relevant that may be missed, on average over kinds of topics; without it the cut is
            where precision and recall are best balanced (F1).

        Raises
        ------
        QueryError
            There are no hits, `miss` is no share, or so few topics cannot hold it.
        """
        if not len(scores):
            raise QueryError("there are no hits to cut")
        z = robust_z(log_odds(scores))
        low, high = np.quantile(self.best, [OUTSIDE, 1 - OUTSIDE], method="lower")
        most, fewest = int(np.count_nonzero(z >= low)), int(np.count_nonzero(z >= high))
        if miss is None:
            count, reason = self._balanced(z), f"by {len(self.best)} judged topics (isotonic, for F1)"
        else:
            count = int(np.count_nonzero(z >= self._least(miss)))
            reason = f"by {len(self.missed)} groups of judged topics, to miss {miss:.0%} at most (conformal)"
        fewest, most = min(max(fewest, 1), max(count, 1)), max(most, count, 1)
        return cut(scores, count, reason, fewest=fewest, most=most)

    def _balanced(self, z: Floats) -> int:
        relevant = np.cumsum(self.chance[np.searchsorted(EDGES, z, side="right") - 1])
        counts = np.arange(1, len(z) + 1)
        return int(np.argmax(2 * relevant / (counts + relevant[-1]))) + 1

    def _least(self, miss: float) -> float:
        """The highest z at which what is missed, one group more that misses all among them, is few enough."""
        groups = len(self.missed)
        if not 0 < miss < 1:
            raise QueryError(f"miss={miss!r}: a share between 0 and 1, such as 0.3")
        if miss * (groups + 1) < 1:
            raise QueryError(
                f"miss={miss!r} needs {int(np.ceil(1 / miss)) - 1} groups of judged topics or more, not {groups}"
            )
        tried = np.unique(np.concatenate([*self.missed, [-np.inf]]))
        lost = np.zeros(len(tried))
        for missed, weights in zip(self.missed, self.weights, strict=True):
            so_far = np.concatenate([[0.0], np.cumsum(weights)])
            lost += so_far[np.searchsorted(missed, tried, side="left")]
        few = (lost + 1) / (groups + 1) <= miss
        return float(tried[np.flatnonzero(few)[-1]]) if few.any() else -np.inf

    def __repr__(self) -> str:
        return f"<LearnedCutoff of {len(self.best)} topics in {len(self.missed)} groups>"


def learn_cutoff(query: Query, topics: Topics, judgments: Judgments, resources: Resources) -> LearnedCutoff:
    """Where to cut what a query ranks; see `toolkit.collection.collection.Collection.learn_cutoff`.

    Parameters
    ----------
    query : Query
        With slots that the topics fill.
    topics, judgments
        What is asked, and what is relevant.
    resources : Resources
        Of the open collection.

    Raises
    ------
    QueryError
        Nothing relevant is known of any topic.
    """
    found = np.zeros(len(EDGES) - 1)
    seen = np.zeros(len(EDGES) - 1)
    best: list[float] = []
    stood: list[Floats] = []
    names: list[str] = []
    for index, z, relevant, absent in _ranked(query, topics, judgments, resources):
        bins = np.searchsorted(EDGES, z, side="right") - 1
        seen += np.bincount(bins, minlength=len(seen))
        found += np.bincount(bins[relevant], minlength=len(found))
        counts = np.arange(1, len(z) + 1)
        balance = 2 * np.cumsum(relevant) / (counts + relevant.sum() + absent)
        best.append(float(z[int(np.argmax(balance))]))
        stood.append(np.concatenate([np.full(absent, -np.inf), np.sort(z[relevant])]))
        names.append(topics[index].group or topics[index].id)
    if not best:
        raise QueryError("nothing relevant is judged for these topics, so there is nothing to learn from")
    groups = Groups.of(names)
    missed, weights = zip(
        *(_of_group(stood, np.flatnonzero(groups.codes == code)) for code in range(len(groups))), strict=True
    )
    return LearnedCutoff(_rising(found, seen), np.array(best), missed, weights)


def _ranked(
    query: Query, topics: Topics, judgments: Judgments, resources: Resources
) -> Iterator[tuple[int, Floats, Mask, int]]:
    """Each topic with something relevant: how far its hits stand out, which are relevant, how many are no hit."""
    judged = [index for index, one in enumerate(topics) if any(judgments.get(one.id, {}).values())]
    depth = max(len(resources.snapshots.latest().inputs), 1)
    for start in range(0, len(judged), AT_ONCE):
        some = judged[start : start + AT_ONCE]
        rankings = search_many([query.fill(topics[index].values) for index in some], resources, depth=depth)
        for index, ranking in zip(some, rankings, strict=True):
            excluded, grades = set(topics[index].exclude), judgments[topics[index].id]
            kept = [
                (id, score)
                for id, score in zip(ranking.ids, ranking.scores, strict=True)
                if id not in excluded
            ]
            relevant = np.array([grades.get(id, 0) > 0 for id, _ in kept], bool)
            wanted = sum(grade > 0 for id, grade in grades.items() if id not in excluded)
            if wanted and kept:
                z = robust_z(log_odds(np.array([score for _, score in kept], np.float32)))
                yield index, z, relevant, wanted - int(relevant.sum())


def _of_group(stood: Sequence[Floats], members: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
    z = np.concatenate([stood[one] for one in members])
    weights = np.concatenate(
        [np.full(len(stood[one]), 1 / len(stood[one]) / len(members)) for one in members]
    )
    order = np.argsort(z, kind="stable")
    return z[order], weights[order]


def _rising(found: Floats, seen: Floats) -> Floats:
    from sklearn.isotonic import IsotonicRegression

    some = seen > 0
    places = np.arange(len(seen))
    fitted = IsotonicRegression(out_of_bounds="clip").fit(places[some], found[some] / seen[some], seen[some])
    chance: Floats = fitted.predict(places)
    return chance
