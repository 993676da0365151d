"""Comparing systems on the same topics: measured, with the interval and the corrected p of each difference."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from ..errors import QueryError, UnknownNameError
from ..query import Query
from ..resources import Resources
from ..search import read_query
from ..values.types import Json
from .comparison import Comparison, Difference, Floats
from .corrections import Correction, corrected
from .groups import Groups
from .judgments import Judgments
from .leakage import LeakageWarning, leaks
from .named import measured, parse_measures
from .runs import Run
from .significance import FEWEST, Test, p_values
from .systems import System, rank_systems
from .topics import Topics

__all__ = ["compare"]


def compare(
    systems: Mapping[str, System],
    topics: Topics,
    judgments: Judgments,
    resources: Resources | None = None,
    *,
    measures: str | Iterable[str] = "nDCG@10 AP@100 P@10",
    baselines: Sequence[str] | None = None,
    depth: int = 100,
    test: Test = "permutation",
    correction: Correction = "holm",
    confidence: float = 0.95,
    seed: int = 0,
    resume: str | Path | None = None,
    progress: bool = False,
) -> Comparison:
    """Several systems on the same topics: what ``photos.compare`` does, and for runs without a collection too.

    Parameters
    ----------
    systems, topics, judgments
        What is compared, on what.
    resources : Resources, optional
        Of the open collection; runs need none.
    measures, baselines, depth, test, correction, confidence, seed, resume, progress
        As of the collection's verb.

    Raises
    ------
    QueryError
        There is nothing to compare, or an argument cannot be.
    UnknownNameError
        No system goes by a baseline's name, or no measure by one of theirs.
    """
    _check(systems, topics, judgments, confidence)
    wanted = parse_measures(measures)
    against = _baselines(baselines, systems)
    runs, revision = rank_systems(
        systems,
        topics,
        resources,
        depth=depth,
        resume=None if resume is None else Path(resume),
        progress=progress,
    )
    values = np.stack([measured(runs[name], judgments, topics.ids, wanted) for name in systems])
    groups = Groups.of(topics.groups)
    found = leaks(systems, topics, judgments, resources) if resources else ()
    for leak in found:
        warnings.warn(leak, LeakageWarning, stacklevel=3)
    made = Comparison(
        systems=tuple(systems),
        measures=tuple(wanted),
        topics=topics,
        judgments=judgments,
        runs=runs,
        values=values,
        groups=groups,
        differences=(),
        confidence=confidence,
        recipe={
            "depth": depth,
            "test": test,
            "correction": correction,
            "confidence": confidence,
            "seed": seed,
            "baselines": list(against),
            "measures": [one.name for one in wanted],
            "revision": revision,
            "systems": _saved(systems, resources),
        },
        notes=found,
        asked={name: one for name, one in systems.items() if not isinstance(one, Run)},
        resources=resources,
    )
    return made.with_differences(_differences(made, against, test, correction, seed))


def _check(systems: Mapping[str, System], topics: Topics, judgments: Judgments, confidence: float) -> None:
    if not systems:
        raise QueryError("give systems to compare: {'name': query, ...}")
    if not 0 < confidence < 1:
        raise QueryError(f"confidence={confidence!r}: a number between 0 and 1, such as 0.95")
    if not any(judgments.get(topic) for topic in topics.ids):
        raise QueryError(f"nothing is judged for these topics: {', '.join(topics.ids[:3])} ...")


def _saved(systems: Mapping[str, System], resources: Resources | None) -> dict[str, Json]:
    """The queries among the systems as JSON; a function of a topic has no such form."""
    return {
        name: read_query(one, resources).to_dict()
        for name, one in systems.items()
        if resources is not None and isinstance(one, Query | str | Mapping) and not isinstance(one, Run)
    }


def _baselines(baselines: Sequence[str] | None, systems: Mapping[str, System]) -> tuple[str, ...]:
    if baselines is None:
        return (next(iter(systems)),)
    for name in baselines:
        if name not in systems:
            raise UnknownNameError("system", name, systems)
    return tuple(dict.fromkeys(baselines))


def _differences(
    of: Comparison, baselines: Sequence[str], test: Test, correction: Correction, seed: int
) -> tuple[Difference, ...]:
    """Every system against every baseline by every measure that says how good a ranking is."""
    places = [
        (system, baseline, index)
        for baseline in baselines
        for system in of.systems
        if system not in baselines or baselines.index(system) > baselines.index(baseline)
        for index, measure in enumerate(of.measures)
        if measure.higher_is_better and not measure.name.startswith("Judged")
    ]
    if not places:
        return ()
    columns: Floats = np.stack(
        [
            of.values[of.systems.index(system), :, index] - of.values[of.systems.index(baseline), :, index]
            for system, baseline, index in places
        ],
        axis=1,
    )
    p = np.full(len(places), np.nan)
    raised = p
    if len(of.groups) >= FEWEST:
        p = p_values(of.groups.means(columns), test=test, seed=seed)
        raised = corrected(p, correction)
    return tuple(
        Difference(
            system=system,
            baseline=baseline,
            measure=of.measures[index].name,
            interval=of.groups.interval(columns[:, place], confidence=of.confidence),
            p=float(p[place]),
            corrected=float(raised[place]),
            better=int((columns[:, place] > 0).sum()),
            worse=int((columns[:, place] < 0).sum()),
        )
        for place, (system, baseline, index) in enumerate(places)
    )
