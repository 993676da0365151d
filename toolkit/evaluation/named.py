"""Measures by their standard names: ``P@10``, ``AP@100``, ``nDCG@10``, as ir-measures and trec_eval define them.

The common ones are computed here, so that nothing need be installed and the order of a ranking counts as it is;
others go to ir-measures, if it is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from ..errors import QueryError, UnknownNameError
from .judgments import Judgments
from .measures import average_precision, ndcg, precision_at, reciprocal_rank
from .other_measures import Other, other
from .runs import Ranked, Run

__all__ = ["Judged", "Measure", "measured", "parse_measures"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Judged:
    """What was ranked for a topic, as its judgments see it.

    Parameters
    ----------
    grades : int64 (k,)
        Of what was ranked, best first; 0 where nothing was judged.
    known : bool (k,)
        Whether it was judged.
    all : int64 (j,)
        The grades of all that was judged, ranked or not.
    ranked : Ranked
        What was ranked.
    """

    grades: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]
    all: npt.NDArray[np.int64]
    ranked: Ranked

    @classmethod
    def of(cls, ranked: Ranked, grades: Mapping[str, int]) -> Judged:
        """What was ranked, next to the grades of a topic.

        Parameters
        ----------
        ranked : Ranked
            Best first.
        grades : mapping of str to int
            By id.
        """
        known = np.fromiter(map(grades.__contains__, ranked.ids), bool, len(ranked))
        found = np.zeros(len(ranked), np.int64)
        found[known] = [grades[ranked.ids[place]] for place in np.flatnonzero(known).tolist()]
        return cls(found, known, cls.values(grades), ranked)

    @staticmethod
    def values(grades: Mapping[str, int]) -> npt.NDArray[np.int64]:
        """All grades of a topic."""
        return np.fromiter(grades.values(), np.int64, len(grades))

    @cached_property
    def gains(self) -> npt.NDArray[np.int64]:
        """What each rank gains: the grade, and nothing for one below 0."""
        return np.maximum(self.grades, 0)

    def relevant(self, least: int) -> npt.NDArray[np.bool_]:
        """Which of the ranked are of this grade or above."""
        return self.grades >= least

    def total(self, least: int) -> int:
        """How many of all judged are."""
        return int(np.count_nonzero(self.all >= least))


def _precision(judged: Judged, k: int | None, least: int) -> float:
    return precision_at(judged.relevant(least), k or max(len(judged.ranked), 1))


def _recall(judged: Judged, k: int | None, least: int) -> float:
    total = judged.total(least)
    return float(np.count_nonzero(judged.relevant(least)[:k]) / total) if total else 0.0


def _average_precision(judged: Judged, k: int | None, least: int) -> float:
    return average_precision(judged.relevant(least)[:k], total=judged.total(least))


def _ndcg(judged: Judged, k: int | None, least: int) -> float:
    return ndcg(judged.gains, k=k, ideal=np.maximum(judged.all, 0))


def _reciprocal_rank(judged: Judged, k: int | None, least: int) -> float:
    return reciprocal_rank(judged.relevant(least)[:k])


def _success(judged: Judged, k: int | None, least: int) -> float:
    return float(judged.relevant(least)[:k].any())


def _r_precision(judged: Judged, k: int | None, least: int) -> float:
    total = judged.total(least)
    return precision_at(judged.relevant(least), total) if total else 0.0


def _judged(judged: Judged, k: int | None, least: int) -> float:
    shown = judged.known[:k]
    return float(np.count_nonzero(shown) / len(shown)) if len(shown) else 0.0


def _milliseconds(judged: Judged, k: int | None, least: int) -> float:
    return judged.ranked.milliseconds


def _rows(judged: Judged, k: int | None, least: int) -> float:
    return float(judged.ranked.total)


@dataclass(frozen=True, slots=True)
class _Kind:
    of: Callable[[Judged, int | None, int], float]
    cutoff: bool | None = None  # True: needed; False: refused
    graded: bool = True  # whether (rel=2) means something
    higher_is_better: bool = True


KINDS: Final[Mapping[str, _Kind]] = {
    "P": _Kind(_precision, cutoff=True),
    "R": _Kind(_recall, cutoff=True),
    "AP": _Kind(_average_precision),
    "nDCG": _Kind(_ndcg, graded=False),
    "RR": _Kind(_reciprocal_rank),
    "Success": _Kind(_success, cutoff=True),
    "Rprec": _Kind(_r_precision, cutoff=False),
    "Judged": _Kind(_judged, cutoff=True, graded=False),
    "milliseconds": _Kind(_milliseconds, cutoff=False, graded=False, higher_is_better=False),
    "rows": _Kind(_rows, cutoff=False, graded=False, higher_is_better=False),
}
# What the field also calls them, in small letters; those of trec_eval among them.
ALIASES: Final[Mapping[str, str]] = {
    "precision": "P", "prec": "P", "recall": "R", "map": "AP", "map_cut": "AP", "ndcg_cut": "nDCG",
    "mrr": "RR", "recip_rank": "RR", "hit": "Success", "hitrate": "Success", "r-prec": "Rprec", "r_prec": "Rprec",
    "latency": "milliseconds", "ms": "milliseconds",
    **{name.lower(): name for name in KINDS},
}  # fmt: skip
_NAME = re.compile(r"([A-Za-z][A-Za-z_-]*?)(?:\(rel=(\d+)\))?(?:[@_.](\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a ranking.

    Parameters
    ----------
    name : str
        As the field writes it, such as ``"nDCG@10"``.
    kind : str
        The part before ``@``.
    cutoff : int or None
        How many ranks count; None for all.
    least : int
        The grade from which an input is relevant.
    """

    name: str
    kind: str
    cutoff: int | None = None
    least: int = 1

    @property
    def higher_is_better(self) -> bool:
        """Whether more is better; not of time and rows."""
        return KINDS[self.kind].higher_is_better

    def of(self, judged: Judged) -> float:
        """What a ranking measures."""
        return KINDS[self.kind].of(judged, self.cutoff, self.least)


def parse_measures(measures: str | Iterable[str]) -> list[Measure | Other]:
    """The measures of some names, each once.

    Parameters
    ----------
    measures : str or iterable of str
        ``"P@10 AP@100 nDCG@10"``, or one name an item. ``ndcg@10``, ``map``, ``mrr`` and trec_eval's ``ndcg_cut_10``
        are understood; ``AP(rel=2)`` counts grades of 2 and above.

    Raises
    ------
    UnknownNameError
        No measure goes by a name, with the nearest there are.
    QueryError
        A measure lacks its ``@k``, or there is none.

    Examples
    --------
    >>> [measure.name for measure in parse_measures("ndcg@10 map P_5 AP(rel=2)@100")]
    ['nDCG@10', 'AP', 'P@5', 'AP(rel=2)@100']
    """
    names = measures.replace(",", " ").split() if isinstance(measures, str) else list(measures)
    if not names:
        raise QueryError("give a measure, such as 'nDCG@10'")
    return list({one.name: one for one in map(_parsed, names)}.values())


def _parsed(text: str) -> Measure | Other:
    match = _NAME.fullmatch(text)
    kind = ALIASES.get(match[1].lower()) if match else None
    if match is None or kind is None:
        found = other(text)
        if found is None:
            raise UnknownNameError(
                "measure", text, _known(match), "Those of ir-measures need the extra 'evaluation'."
            )
        return found
    rules, cutoff = KINDS[kind], int(match[3]) if match[3] else None
    if cutoff is None and rules.cutoff:
        raise QueryError(f"{kind} is measured at a rank: {kind}@10")
    if cutoff is not None and (rules.cutoff is False or cutoff < 1):
        raise QueryError(f"{text!r}: {kind} is measured {'at a rank from 1' if cutoff < 1 else 'without @k'}")
    if match[2] and not rules.graded:
        raise QueryError(f"{text!r}: {kind} has no grade to begin at")
    least = int(match[2] or 1)
    name = kind + (f"(rel={least})" if match[2] else "") + (f"@{cutoff}" if cutoff else "")
    return Measure(name, kind, cutoff, least)


def _known(match: re.Match[str] | None) -> list[str]:
    """The names to choose from, as the one that was asked for would be written."""
    cutoff = match[3] if match and match[3] else "10"
    return [name if rules.cutoff is False else f"{name}@{cutoff}" for name, rules in KINDS.items()]


def measured(
    run: Run, judgments: Judgments, topics: Sequence[str], measures: Sequence[Measure | Other]
) -> Floats:
    """What a run measures, float64 (topics, measures); a topic without hits counts 0.

    Parameters
    ----------
    run : Run
        What was ranked.
    judgments : Judgments
        What is relevant.
    topics : sequence of str
        Their ids.
    measures : sequence
        As of `parse_measures`.

    Examples
    --------
    >>> run = Run({"1": Ranked(("a", "b", "c"), (0.9, 0.5, 0.1))})
    >>> measured(run, Judgments({"1": {"b": 1, "c": 1}}), ["1", "2"], parse_measures("P@2 AP")).round(3)
    array([[0.5  , 0.583],
           [0.   , 0.   ]])
    """
    none = Ranked((), ())
    values = np.zeros((len(topics), len(measures)))
    own = [(index, one) for index, one in enumerate(measures) if isinstance(one, Measure)]
    for row, topic in enumerate(topics):
        judged = Judged.of(run.get(topic, none), judgments.get(topic, {}))
        for index, one in own:
            values[row, index] = one.of(judged)
    for index, each in enumerate(measures):
        if isinstance(each, Other):
            values[:, index] = each.of(run, judgments, topics)
    return values
