"""The best places of a query by the cheapest plan that finds exactly them.

Whatever plan runs, the hits and their order are those of scoring everything: a cosine is the same number however it
was come by (`toolkit.similarity.cosines`), and places are left out only where they cannot be among the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ..hits.plan import SearchPlan
from ..query import Term
from ..resources import Resources
from ..snapshot import Snapshot
from .by_engine import found_by_engine
from .by_index import found_by_index
from .contenders import Contest
from .cosine_bounds import cosine_bounds, has_codes
from .cosine_terms import CosineTerm, cosines_everywhere
from .engine_recall import approximate
from .hit_patterns import is_rowwise
from .mean_terms import mean_query
from .ordering import Ordered, ordered
from .scored_subset import ScoredSubset
from .stages import RankedPlan
from .window import Window

__all__ = ["BestPlaces", "best_places"]

PLANNED: Final = 5_000  # rows; of fewer every cosine takes less time than thinking about it
FEW: Final = 0.2  # the share of places up to which gathering their vectors costs less than reading all
FEW_OF_CODES: Final = 0.03  # and less than reading their codes
FEW_OF_MEAN: Final = 0.03  # and less than reading all once more for each picture

EVERYTHING: Final = "every term at every row"
FUSED: Final = "every cosine: what is fused looks at all rows"
LEFT: Final = "the rows that the other terms leave"
PASSED: Final = "every cosine, in one pass over the vectors"
CODES: Final = "bounds of every cosine, from codes of one byte a number"
MEAN: Final = "one bound for all pictures that are wanted together, "
OF_CODES: Final = "from codes of one byte a number"
OF_VECTORS: Final = "from one pass over the vectors"
PRODUCT: Final = "bounds of every cosine, from one matrix product"


@dataclass(frozen=True, slots=True, eq=False)
class BestPlaces:
    """What a search found.

    Parameters
    ----------
    ordered : Ordered
        The places of the window, best first.
    ranked : RankedPlan
        What each term scores, at those places at least.
    plan : SearchPlan
        How they were found.
    """

    ordered: Ordered
    ranked: RankedPlan
    plan: SearchPlan


def best_places(
    ranked: RankedPlan,
    window: Window,
    compared: Mapping[Term, CosineTerm],
    snapshot: Snapshot,
    resources: Resources,
) -> BestPlaces:
    """The best places of a query, and what each of its terms scores there.

    Parameters
    ----------
    ranked : RankedPlan
        The query, and what its ordinary terms score.
    window : Window
        Which of the hits are wanted.
    compared : mapping of Term to CosineTerm
        The others.
    snapshot : Snapshot
        What is ranked.
    resources : Resources
        Of the open collection.
    """
    contest = Contest(ranked, window, compared, {}, snapshot, resources)
    if not compared:
        return _of_all(contest, EVERYTHING)
    if len(snapshot.rows) < PLANNED and not _is_searched_for(resources):
        return _of_all(_passed(contest), PASSED)
    if not is_rowwise(contest.query):
        return _of_all(_passed(contest), FUSED)
    return (
        _of_few(contest)
        or _by_engine(contest)
        or _by_index(contest)
        or _by_mean(contest)
        or _by_bounds(contest)
        or _of_contenders(_passed(contest))
    )


def _is_searched_for(resources: Resources) -> bool:
    """Whether something else than this process finds what is near."""
    return resources.engines.spec is not None or resources.indexes.finds_neighbors


def _passed(contest: Contest) -> Contest:
    """The same once every cosine is known."""
    level = contest.window.level
    found = cosines_everywhere(contest.compared, contest.snapshot, contest.resources, level)
    return replace(contest, plan=replace(contest.plan, terms={**contest.known, **found}))


def _of_all(contest: Contest, how: str) -> BestPlaces:
    """Everything folded."""
    query = contest.query
    best = ordered(query, contest.plan, contest.window, contest.snapshot)
    is_order = isinstance(query, Term) and contest.window.minimum == 0
    cosines = len(contest.snapshot.rows) if contest.compared else 0
    return BestPlaces(best, contest.plan, SearchPlan(how, 0 if is_order else contest.places, cosines))


def _of_few(contest: Contest) -> BestPlaces | None:
    """The rows that ordinary terms leave are gathered; None where they leave many."""
    patterns = contest.patterns if contest.known else None
    if patterns is None or contest.resources.indexes.scores_rows_itself:
        return None
    possible = patterns.mask()
    few = FEW_OF_CODES if has_codes(contest) else FEW
    if possible is None or np.count_nonzero(possible) > few * contest.places:
        return None
    chosen = contest.at(np.flatnonzero(possible))
    return _of_chosen(contest, chosen, None, LEFT, len(chosen.subset.rows))


def _by_engine(contest: Contest) -> BestPlaces | None:
    """The neighbors that the collection's engine finds, scored exactly; None where there is none, or it is no use."""
    snapshot, spaces = contest.snapshot, {one.space.name for one in contest.compared.values()}
    engine = contest.resources.engines.as_of(spaces, (snapshot.revision, snapshot.token))
    found = None if engine is None else found_by_engine(contest, engine)
    if engine is None or found is None:
        return None
    how = f"the {found.neighbors:,} nearest rows of each picture, found by an engine"
    best = _of_chosen(contest, found.chosen, found.total, how, len(found.chosen.subset.rows))
    exact = engine.capabilities.exact
    doubt = "" if exact else approximate(engine, spaces, contest.resources)
    plan = replace(best.plan, index=engine.name, exact=exact, doubt=doubt)
    return replace(best, plan=plan, ordered=replace(best.ordered, counted=found.counted))


def _by_index(contest: Contest) -> BestPlaces | None:
    """The neighbors that the collection's index finds, scored exactly; None where it is no use."""
    found = found_by_index(contest)
    if found is None:
        return None
    indexes = contest.resources.indexes
    how = f"the {found.neighbors:,} nearest rows that an index found"
    best = _of_chosen(contest, found.chosen, found.total, how, len(found.chosen.subset.rows))
    plan = replace(best.plan, index=indexes.name, exact=indexes.capabilities.exact)
    return replace(best, plan=plan)


def _by_mean(contest: Contest) -> BestPlaces | None:
    """One vector bounds all pictures that are wanted together; None where few are, or the bound leaves many places."""
    if not contest.may_leave_out or contest.resources.indexes.scores_rows_itself:
        return None
    mean = mean_query(contest.query, contest.compared) if contest.snapshot.rows.are_inputs else None
    if mean is None:
        return None
    plan = replace(contest.plan, plan=replace(contest.plan.plan, query=mean.query))
    highest = replace(contest, plan=plan, compared=mean.compared)
    bounds = cosine_bounds(highest)
    if bounds is None:
        level = contest.window.level
        bounds = cosines_everywhere(highest.compared, contest.snapshot, contest.resources, level)
    bounded = replace(highest, bounds=bounds)
    contenders = bounded.contenders(contest)
    if contenders is None or bounded.patterns is None or len(contenders) > FEW_OF_MEAN * contest.places:
        return None
    chosen = contest.at(contenders)
    how = MEAN + (OF_CODES if has_codes(contest) else OF_VECTORS)
    return _of_chosen(contest, chosen, bounded.patterns.total, how, len(chosen.subset.rows))


def _by_bounds(contest: Contest) -> BestPlaces | None:
    """Bounds of every cosine, and exact ones of what may be among the best; None where bounds gain nothing."""
    if not contest.may_leave_out or contest.resources.indexes.scores_rows_itself:
        return None
    bounds = cosine_bounds(contest)
    if bounds is None:
        return None
    bounded = replace(contest, bounds=bounds)
    contenders = bounded.contenders()
    if contenders is None or bounded.patterns is None:
        return None
    chosen = bounded.at(contenders)
    how = CODES if has_codes(contest) else PRODUCT
    return _of_chosen(bounded, chosen, bounded.patterns.total, how, len(chosen.subset.rows))


def _of_contenders(contest: Contest) -> BestPlaces:
    """Every cosine is known, and what cannot be among the best is not folded."""
    contenders = contest.contenders() if contest.may_leave_out else None
    if contenders is None or contest.patterns is None:
        return _of_all(contest, PASSED)
    chosen = contest.at(contenders)
    return _of_chosen(contest, chosen, contest.patterns.total, PASSED, len(contest.snapshot.rows))


def _of_chosen(
    contest: Contest, chosen: ScoredSubset, total: int | None, how: str, cosines: int
) -> BestPlaces:
    found = chosen.folded(contest.query, contest.window)
    best = found.best(contest.window)
    places = chosen.subset.places[best]
    ranked = {
        term: contest.known[term] if term in contest.known else chosen.spread(term, contest.places)
        for term in chosen.ranked
    }
    return BestPlaces(
        Ordered(places, found.scores[best], found.total if total is None else total),
        replace(contest.plan, terms=ranked),
        SearchPlan(how, len(chosen.subset.places), cosines),
    )
