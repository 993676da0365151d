"""Tuning: the choices of a query made on topics, judged on others, and left as they were unless that is better.

Gains are measured by cross-validation over groups, twice: within the topics that decide (so that the best of many
candidates is not flattered by its luck), and around the whole procedure (for the figure that is reported). The baseline
stays unless the gain exceeds one standard error (Breiman et al., Classification and regression trees, 1984), two below
25 topics, at Student's width for the number of groups.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from ..query import Query, Value
from ..resources import Resources
from .groups import Groups, Interval
from .judgments import Judgments
from .named import measured, parse_measures
from .systems import rank_systems
from .topics import Topics

__all__ = ["Tuned", "choose_candidate", "tune"]

Floats = npt.NDArray[np.float64]

MOST = 500  # candidates
FEW = 25  # topics below which what was found is said to be uncertain, and has to be clearer


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tuned:
    """What tuning found.

    Parameters
    ----------
    query : Query
        To use from now on: the tuned one, or the baseline if tuning is no gain.
    picks : mapping of str to Value
        The choices of the tuned query; empty where the baseline stays.
    gain : Interval
        Over the baseline on topics that did not decide, by the measure; clustered by group.
    agreeing, folds : int
        In how many of the folds the other topics decided as all of them do.
    measure : str
        Its name.
    candidates : sequence of (mapping of str to Value, float)
        What was tried and its mean on all topics, which flatters the best.
    topics : int
        How many there were.
    """

    query: Query
    picks: Mapping[str, Value]
    gain: Interval
    agreeing: int
    folds: int
    measure: str
    candidates: Sequence[tuple[Mapping[str, Value], float]]
    topics: int

    @property
    def kept(self) -> bool:
        """Whether the tuned query is better than the baseline by more than its uncertainty."""
        return bool(self.picks)

    @property
    def sentence(self) -> str:
        """The gain, how sure it is, and what to use."""
        gain, half = f"{self.gain.mean:+.3f}", f"{self.gain.half:.3f}"
        used = ", ".join(f"{name}={value!r}" for name, value in self.picks.items())
        verdict = f"use {used}" if self.kept else "the baseline stays"
        few = f"; only {self.topics} topics, so all of this is uncertain" if self.topics < FEW else ""
        return (
            f"{self.measure} {gain} \u00b1 {half} on topics not tuned on; "
            f"{self.agreeing} of {self.folds} folds agree; {verdict}{few}"
        ).replace("0.", ".")

    def __repr__(self) -> str:
        return f"{self.sentence}\n{self.query}"


def tune(
    query: Query,
    topics: Topics,
    judgments: Judgments,
    resources: Resources,
    *,
    measure: str = "nDCG@10",
    baseline: Query | None = None,
    folds: int = 5,
    depth: int = 100,
    seed: int = 0,
) -> Tuned:
    """The query with its choices made, if that is better; see `toolkit.collection.collection.Collection.tune`.

    Parameters
    ----------
    query, topics, judgments
        What is tuned, on what.
    resources : Resources
        Of the open collection.
    measure, baseline, folds, depth, seed
        As of the collection's verb.

    Raises
    ------
    QueryError
        There are no choices, too many candidates, or fewer groups than folds.
    """
    (by,) = parse_measures([measure])
    picks = _picks(query)
    groups = Groups.of(topics.groups)
    if not 2 <= folds <= len(groups):
        raise QueryError(f"folds={folds!r}: from 2 to the {len(groups)} groups that the topics come from")
    made = [query.with_choices(one) for one in picks]
    start = made[0] if baseline is None else baseline
    systems = {str(index): one for index, one in enumerate([start, *made])}
    runs, _ = rank_systems(systems, topics, resources, depth=depth)
    values = np.stack([measured(run, judgments, topics.ids, [by])[:, 0] for run in runs.values()])
    if not by.higher_is_better:
        raise QueryError(f"{by.name} is no measure of how good a ranking is")
    gains = values[1:] - values[0]
    chosen = choose_candidate(gains, groups, folds=folds, seed=seed)
    held_out, decided = _outer(gains, groups, folds, seed)
    return Tuned(
        query=start if chosen is None else made[chosen],
        picks={} if chosen is None else picks[chosen],
        gain=groups.interval(held_out),
        agreeing=sum(one == chosen for one in decided),
        folds=folds,
        measure=by.name,
        candidates=[(one, float(mean)) for one, mean in zip(picks, values[1:].mean(axis=1), strict=True)],
        topics=len(topics),
    )


def _picks(query: Query) -> list[dict[str, Value]]:
    open_ = query.choices
    count = math.prod(map(len, open_.values()))
    if not open_:
        raise QueryError("nothing to tune: leave a parameter open with choose('w', [0.5, 1, 2])")
    if count > MOST:
        raise QueryError(f"{count:,} candidates are more than {MOST}; leave less open at a time")
    return [dict(zip(open_, values, strict=True)) for values in product(*open_.values())]


def _folds(groups: Groups, folds: int, seed: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Which topics are held out, fold by fold; those of a group together."""
    order = np.random.default_rng(seed).permutation(len(groups))
    for fold in range(folds):
        yield np.isin(groups.codes, order[fold::folds])


def choose_candidate(gains: Floats, groups: Groups, *, folds: int, seed: int) -> int | None:
    """The index of the candidate that is better than the baseline beyond its uncertainty; None if none is.

    Parameters
    ----------
    gains : float64 (c, t)
        Of each candidate over the baseline on each topic.
    groups : Groups
        Of the topics.
    folds, seed : int
        Of the cross-validation.
    """
    held_out = np.zeros(gains.shape[1])
    for fold in _folds(groups, min(folds, len(groups)), seed):
        held_out[fold] = gains[int(gains[:, ~fold].mean(axis=1).argmax())][fold]
    best = int(gains.mean(axis=1).argmax())
    error = max(groups.standard_error(held_out), groups.standard_error(gains[best]))
    return best if held_out.mean() > _errors(gains.shape[1], len(groups)) * error else None


def _errors(topics: int, groups: int) -> float:
    """How many standard errors a gain has to exceed; more where the error itself is known from few groups."""
    from scipy.stats import norm, t

    return float(t.ppf(norm.cdf(1 if topics >= FEW else 2), max(groups - 1, 1)))


def _outer(gains: Floats, groups: Groups, folds: int, seed: int) -> tuple[Floats, list[int | None]]:
    """The gain on each topic of what the other folds chose, and what that was."""
    held_out, decided = np.zeros(gains.shape[1]), []
    for fold in _folds(groups, folds, seed):
        rest = ~fold
        among = Groups.of([groups.names[code] for code in groups.codes[rest]])
        chosen = choose_candidate(gains[:, rest], among, folds=folds, seed=seed + 1)
        decided.append(chosen)
        if chosen is not None:
            held_out[fold] = gains[chosen, fold]
    return held_out, decided
