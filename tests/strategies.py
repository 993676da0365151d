"""Queries made by hypothesis, for the tests of the algebra."""

from __future__ import annotations

from hypothesis import strategies as st

from toolkit.query import AllOf, AnyOf, Query, SumOf, Term, Threshold, Weighted, fuse

integers = st.integers(-(2**63), 2**63 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | integers | floats | st.text(max_size=8) | st.binary(max_size=4)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
terms = st.builds(
    Term,
    st.sampled_from(["concept", "image", "where"]),
    values,
    st.dictionaries(st.sampled_from(["box", "language", "value"]), values, max_size=2),
)

weights = st.floats(0.01, 100)
comparisons = st.sampled_from([">=", ">", "<=", "<"])


def fusions(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    lists = st.lists(parts, min_size=1, max_size=3)
    missing = st.sampled_from(["zero", "worst", "drop"])
    by_rank = st.builds(fuse, lists, method=st.just("rrf"), missing=missing, k=st.integers(0, 100))
    by_points = st.builds(fuse, lists, method=st.just("borda"), missing=missing)
    by_score = st.builds(
        fuse,
        lists,
        method=st.sampled_from(["sum", "mnz", "anz", "median", "product", "min", "max"]),
        norm=st.sampled_from([None, "minmax", "zscore", "sum", "rank", "dbsf"]),
        missing=missing,
    )
    return by_rank | by_points | by_score


def groups(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(AllOf, several) | st.builds(AnyOf, several) | st.builds(SumOf, several)


def _reranked(first: Query, by: Query, k: int) -> Query:
    return first.rerank(by, k=k)


def queries(
    leaves: st.SearchStrategy[Query], *, most: int = 8, again: bool = True
) -> st.SearchStrategy[Query]:
    """Any query over some leaves; with ``>>`` in it, unless it is not to rank `again`."""
    return st.recursive(
        leaves,
        lambda parts: (
            groups(parts)
            | fusions(parts)
            | parts.map(lambda part: ~part)
            | st.builds(Weighted, parts, weights)
            | (st.builds(_reranked, parts, leaves, st.integers(1, 120)) if again else st.nothing())
            | st.builds(Threshold, parts, comparisons, st.floats(0, 1))
        ),
        max_leaves=most,
    )
