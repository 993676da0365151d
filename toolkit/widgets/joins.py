"""How the rows of a query are joined: by an operator, by a method of fusion, or one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Final, TypeAlias, cast

from ..errors import QueryError
from ..plugins.interfaces import Fusion, Norm
from ..query import AllOf, AnyOf, Fuse, Query, Rerank, SumOf, Weighted, from_dict
from ..query.fused import DEFAULT_METHOD, DEFAULT_NORM
from ..query.reranked import BEST
from ..values.types import Json
from .controls import parameter_control

__all__ = ["Join", "fusing", "join_of", "joined"]

# "all", "any" or "sum"; {"fuse": {"method": ..., "norm": ..., ...}}; {"then": k}
Join: TypeAlias = "str | Mapping[str, Json]"

GROUPS: Final[Mapping[str, type[AllOf] | type[AnyOf] | type[SumOf]]] = {
    "all": AllOf,
    "any": AnyOf,
    "sum": SumOf,
}


def join_of(query: Query) -> tuple[Join, Sequence[Query]]:
    """How a query joins its parts, and the parts; itself where it joins none."""
    for name, group in GROUPS.items():
        if isinstance(query, group):
            return name, query.children
    if isinstance(query, Fuse) and len(query.parts) > 1:
        written = query.to_dict()
        return {"fuse": {name: value for name, value in written.items() if name != "fuse"}}, query.parts
    if isinstance(query, Rerank):
        return {"then": query.k}, _one_after_the_other(query, query.k)
    return "all", (query,)


def _one_after_the_other(query: Query, k: int) -> tuple[Query, ...]:
    if isinstance(query, Rerank) and query.k == k:
        return *_one_after_the_other(query.first, k), query.second
    return (query,)


def joined(join: Join, queries: Sequence[Query]) -> Query | None:
    """The query that joins some others; one alone is itself, and none is None.

    Parameters
    ----------
    join : str or mapping
        How.
    queries : sequence of Query
        In order.

    Raises
    ------
    QueryError
        A join there is not.
    """
    match join:
        case "all" | "any" | "sum":
            group = GROUPS[cast(str, join)]
            several = len(queries) > 1
            parts = tuple(_ungrouped(query, group) if several else query for query in queries)
            return group(parts) if several else next(iter(parts), None)
        case {"fuse": Mapping() as options} if len(join) == 1:
            made = from_dict({**options, "fuse": [query.to_dict() for query in queries or [_NOTHING]]})
            return made if len(queries) > 1 else next(iter(queries), None)
        case {"then": int() as k} if len(join) == 1:
            Rerank(_NOTHING, _NOTHING, k)
            return reduce(lambda first, second: first.rerank(second, k=k), queries) if queries else None
    raise QueryError(f"no join {join!r}; there are: {', '.join(GROUPS)}, {{'fuse': ...}} and {{'then': k}}")


_NOTHING: Final = from_dict({"term": "nothing"})  # in whose place options are checked where there are no rows


def _ungrouped(query: Query, group: type[Query]) -> Query:
    """The query; a group that would be flattened into its neighbors gets the weight that keeps it to itself."""
    return Weighted(query, 1.0) if isinstance(query, group) else query


def fusing(fusions: Mapping[str, Fusion], norms: Mapping[str, Norm]) -> dict[str, Json]:
    """What the page offers beside the operators: the methods, the norms, and what to begin with.

    Parameters
    ----------
    fusions : mapping of str to Fusion
        The registered methods.
    norms : mapping of str to Norm
        The registered norms.
    """
    return {
        "begin": {"method": DEFAULT_METHOD, "norm": DEFAULT_NORM, "missing": "zero"},
        "k": BEST,
        "methods": [
            {
                "name": name,
                "help": f"{one.help} {one.formula}",
                "by_rank": one.by_rank,
                "parameters": [parameter_control(parameter) for parameter in one.parameters],
            }
            for name, one in fusions.items()
        ],
        "norms": [{"name": name, "help": f"{one.help} {one.formula}"} for name, one in norms.items()],
    }
