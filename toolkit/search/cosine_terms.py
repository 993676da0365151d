"""Terms whose values are cosines to one vector: asked for the vector alone, and compared where it matters."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from ..errors import ContractError, QueryError
from ..fusion.evaluate import Scored
from ..fusion.scales import Scale
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import Arguments, QueryVector, Ranker, VectorRanker
from ..query import Term
from ..resources import Resources
from ..similarity.cosines import unit_queries
from ..snapshot import RowArrays, Snapshot, Space
from ..values.types import FloatArray, IntArray, Level
from .context import TermContext
from .levels import levelled
from .ranking import RankedTerm
from .subset import Subset

__all__ = ["CosineTerm", "by_space", "cosine_term", "cosine_terms", "cosines_everywhere", "cosines_in"]

UNIT: Final = 1e-3  # a vector whose length is this near 1 is of unit length


@dataclass(frozen=True, slots=True, eq=False)
class CosineTerm:
    """A term whose value for a row is the cosine of its vector to this one.

    Parameters
    ----------
    vector : float32 (d,)
        Unit length.
    space : Space
        Whose vectors it is compared with.
    scale : Scale
        Makes scores of cosines.
    concepts, notes : sequence of str
        As of `RankedTerm`.
    milliseconds : float
        What finding the vector took.
    """

    vector: FloatArray
    space: Space
    scale: Scale
    concepts: Sequence[str]
    notes: Sequence[str]
    milliseconds: float


def cosine_term(
    ranker: VectorRanker, term: Arguments, snapshot: Snapshot, resources: Resources
) -> CosineTerm | None:
    """The vector that a term compares with; None if its ranker says of its values anything but that they are cosines.

    Parameters
    ----------
    ranker : VectorRanker
        Who gives the vector.
    term : Arguments
        What is asked.
    snapshot : Snapshot
        What is ranked.
    resources : Resources
        Of the open collection.

    Raises
    ------
    UnknownNameError, NotIndexedError, QueryError
        What the term is about is not there.
    ContractError
        The ranker raised something else, or gave no unit vector.
    """
    if getattr(ranker, "scale", "") != "cosine":
        return None
    start = time.perf_counter()
    context = TermContext(resources, snapshot)
    who = f"ranker {cast('Ranker', ranker).name!r}"
    with contract_errors(who, "query_vector() returns a unit vector and its space"):
        query: object = ranker.query_vector(term, snapshot, context)
    if not isinstance(query, QueryVector) or query.space not in snapshot.spaces:
        raise ContractError(who, "query_vector() returns a QueryVector of a space that is here", repr(query))
    space = snapshot.spaces[query.space]
    return CosineTerm(
        _unit(query.vector, space, who),
        space,
        resources.backgrounds.of(space.name, snapshot).scale,
        context.concepts,
        context.notes,
        (time.perf_counter() - start) * 1000,
    )


def cosine_terms(
    bound: Mapping[Term, tuple[Ranker, Arguments]], snapshot: Snapshot, resources: Resources
) -> dict[Term, CosineTerm]:
    """Those of some terms that give a vector to compare with.

    Parameters
    ----------
    bound : mapping of Term to (Ranker, Arguments)
        As of a plan.
    snapshot, resources
        As of `cosine_term`.
    """
    found = {}
    for term, (ranker, arguments) in bound.items():
        if isinstance(ranker, VectorRanker):
            one = cosine_term(ranker, arguments, snapshot, resources)
            if one is not None:
                found[term] = one
    return found


def _unit(vector: FloatArray, space: Space, who: str) -> FloatArray:
    try:
        vector = unit_queries(vector, space.vectors.shape[1])
    except QueryError as error:
        raise ContractError(who, f"query_vector() fits space {space.name!r}", str(error)) from error
    length = float(np.linalg.norm(vector))
    if vector.ndim != 1 or abs(length - 1) > UNIT:
        raise ContractError(who, "query vectors are of length 1", f"length {length:g}")
    return vector


def cosines_everywhere(
    terms: Mapping[Term, CosineTerm], snapshot: Snapshot, resources: Resources, level: Level
) -> dict[Term, RankedTerm]:
    """What each of some terms scores at every place; each space is read once.

    Parameters
    ----------
    terms : mapping of Term to CosineTerm
        What is compared.
    snapshot : Snapshot
        With what.
    resources : Resources
        Of the open collection.
    level : {"input", "region"}
        What a place is.
    """
    found: dict[Term, RankedTerm] = {}
    for space, some in by_space(terms):
        start = time.perf_counter()
        vectors = np.stack([terms[term].vector for term in some])
        values = resources.indexes.similarities_many(space, vectors, rows=len(snapshot.rows))
        each = (time.perf_counter() - start) * 1000 / len(some)
        for term, cosines in zip(some, values, strict=True):
            found[term] = _ranked(terms[term], cosines, snapshot.rows, len(snapshot.inputs), level, each)
    return found


def cosines_in(
    subset: Subset, terms: Mapping[Term, CosineTerm], snapshot: Snapshot, resources: Resources, level: Level
) -> dict[Term, RankedTerm]:
    """What each of some terms scores at the places of a subset, in their order: the numbers of `cosines_everywhere`.

    Parameters
    ----------
    subset : Subset
        Where.
    terms, snapshot, resources, level
        As of `cosines_everywhere`.
    """
    found: dict[Term, RankedTerm] = {}
    for space, some in by_space(terms):
        start = time.perf_counter()
        vectors = np.stack([terms[term].vector for term in some])
        values = _at_rows(space, subset.rows, vectors, snapshot, resources)
        each = (time.perf_counter() - start) * 1000 / len(some)
        for term, cosines in zip(some, values, strict=True):
            found[term] = _ranked(terms[term], cosines, subset.arrays, subset.inputs, level, each)
    return found


def _at_rows(
    space: Space, rows: IntArray, vectors: FloatArray, snapshot: Snapshot, resources: Resources
) -> FloatArray:
    if space.in_row_order and len(space.rows) == len(snapshot.rows):
        return resources.indexes.similarities_at(space, rows, vectors)
    positions = space.position(rows)
    embedded = positions >= 0
    values = np.full((len(vectors), len(rows)), np.nan, np.float32)
    values[:, embedded] = resources.indexes.similarities_at(space, positions[embedded], vectors)
    return values


def by_space(terms: Mapping[Term, CosineTerm]) -> list[tuple[Space, list[Term]]]:
    """The terms of each space, so that its vectors are read once."""
    spaces: defaultdict[str, list[Term]] = defaultdict(list)
    for term, one in terms.items():
        spaces[one.space.name].append(term)
    return [(terms[some[0]].space, some) for some in spaces.values()]


def _ranked(
    term: CosineTerm, cosines: FloatArray, rows: RowArrays, inputs: int, level: Level, milliseconds: float
) -> RankedTerm:
    np.clip(cosines, -1, 1, out=cosines)  # a rounding error outside
    raw, of_rows, direct = levelled(cosines, rows, inputs, level=level)
    return RankedTerm(
        scored=Scored(raw, scale=term.scale),
        rows=of_rows,
        direct=direct,
        concepts=term.concepts,
        notes=term.notes,
        hits=None,
        milliseconds=term.milliseconds + milliseconds,
    )
