"""Why a picture moved between two systems: which terms give it another score, or weigh otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..hits.captions import term_text
from ..plain_text import shortened
from ..resources import Resources
from ..search import search_many
from ..values.types import Part
from .comparison import Comparison
from .systems import queries_of

__all__ = ["reasons"]

Parts = Mapping[str, Sequence[Part]]
TERM = 40  # characters of a term
ROUNDING = 5e-4  # scores are written to three digits


def reasons(
    of: Comparison,
    system: str,
    baseline: str,
    topic: int,
    ranks: Mapping[str, int],
    before: Mapping[str, int],
) -> dict[str, str]:
    """A sentence for each input that both systems, or one of them, ranked; none if one of them is a run.

    Parameters
    ----------
    of : Comparison
        What was ranked.
    system, baseline : str
        Their names.
    topic : int
        Its index.
    ranks, before : mapping of str to int
        From inputs to ranks, of the system and of the baseline.
    """
    if of.resources is None or not {system, baseline} <= of.asked.keys():
        return {}
    mine = _parts(of, system, topic, len(ranks), of.resources)
    theirs = _parts(of, baseline, topic, len(before), of.resources)
    return {
        id: _sentence(mine.get(id, ()), theirs.get(id, ()), id in ranks, id in before)
        for id in mine.keys() | theirs.keys()
    }


def _parts(of: Comparison, name: str, topic: int, depth: int, resources: Resources) -> Parts:
    """What each term of a system's query gave to each picture that it ranked, as the collection is now."""
    one = of.topics[topic : topic + 1]
    query = queries_of(name, of.asked[name], one, resources)[0]
    deep = depth + len(one[0].exclude)
    ranking = search_many([query], resources, depth=max(deep, 1))[0]
    return {hit.input.id: hit.parts for hit in ranking.hits(deep)}


def _sentence(mine: Sequence[Part], theirs: Sequence[Part], is_ranked: bool, was_ranked: bool) -> str:
    if not (is_ranked and was_ranked):
        there = _scores(mine if is_ranked else theirs)
        return f"{'new' if is_ranked else 'gone'}: {there}" if there else ""
    after, before = ({term_text(part): part for part in parts} for parts in (mine, theirs))
    told = [
        *(f"now also {_score(after[term])}" for term in after if term not in before),
        *(f"no longer {_score(before[term])}" for term in before if term not in after),
        *(_change(before[term], after[term]) for term in after if term in before),
    ]
    return "; ".join(filter(None, told)) or "the same scores, put together otherwise"


def _change(before: Part, after: Part) -> str:
    """What is different about one term; empty if nothing is."""
    same = abs(before.score - after.score) <= ROUNDING or (
        math.isnan(before.score) and math.isnan(after.score)
    )
    told = "" if same else f"{_name(after)} {_number(before.score)} → {_number(after.score)}"
    if before.weight == after.weight:
        return told
    return f"{told or _score(after)}, weight {before.weight:g} → {after.weight:g}"


def _scores(parts: Sequence[Part]) -> str:
    return ", ".join(map(_score, parts))


def _score(part: Part) -> str:
    return f"{_name(part)} {_number(part.score)}"


def _name(part: Part) -> str:
    return shortened(term_text(part), TERM)


def _number(score: float) -> str:
    return "none" if math.isnan(score) else f"{score:.3f}"
