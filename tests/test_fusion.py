from __future__ import annotations

from itertools import product
from math import nan

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from strategies import groups, queries, weights

from toolkit.fusion.evaluate import BLOCK, Scored, evaluate
from toolkit.fusion.joined import MISSES
from toolkit.fusion.scales import Logistic
from toolkit.plugins.fusions import bind_fusion
from toolkit.plugins.registry import default
from toolkit.query import AllOf, AnyOf, Not, SumOf, Term, Weighted, fuse, normal

a, b, c = (Term(name) for name in "abc")  # rank
f, g = Term("f"), Term("g")  # filter
TERMS = (a, b, c, f, g)
ROWS = 8


def method_of(query):
    return bind_fusion(query, default())


def scored(term, column):
    values = np.array(column, np.float32)
    values.flags.writeable = False  # a ranker's array is not changed
    return Scored(values, is_filter=term in (f, g))


def table(**columns):
    return {Term(name): scored(Term(name), column) for name, column in columns.items()}


def drawn(seed):
    """A table per term, with many equal, extreme and missing scores."""
    random = np.random.default_rng(seed)
    tables = {}
    for term in TERMS:
        choice = [1, nan] if term in (f, g) else [nan, 0, 0.5, 1, *random.random(3)]
        tables[term] = scored(term, random.choice(choice, ROWS))
    return tables


seeds = st.integers(0, 2**32 - 1)
tables = seeds.map(drawn)  # a list drawn by hypothesis number by number takes ten times as long
score = st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1, width=32)
leaf = st.sampled_from(TERMS)
any_query = queries(leaf, again=False)


# Without ~ and <, whatever raises a part's score is welcome.
def positive_of(leaves):
    return st.recursive(
        leaves,
        lambda parts: (
            groups(parts)
            | st.builds(Weighted, parts, weights)
            | parts.map(lambda part: part >= 0.5)
            | st.builds(  # without norms: what a norm makes of a score depends on all others
                lambda parts, method: fuse(parts, method=method),
                st.lists(parts, min_size=1, max_size=3),
                st.sampled_from(["rrf", "borda", "sum", "product", "min", "max"]),
            )
        ),
        max_leaves=6,
    )


positive = positive_of(leaf)


def scores(query, given):
    return evaluate(query, given.__getitem__, method_of=method_of)


def same(one, other, given):
    assert_allclose(scores(one, given), scores(other, given), atol=2e-7, rtol=1e-6)


def beats(one, other):
    """Whether each of one's scores is at least the other's; missing is below everything."""
    return (np.nan_to_num(one, nan=-1) >= np.nan_to_num(other, nan=-1) - 1e-6).all()


# What each operator does

PAIRS = table(a=[0.9, 0.4, 0.4, nan, nan, 0.0], b=[0.4, 0.9, nan, 0.4, nan, 0.5], f=[1, nan, 1, nan, 1, nan])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (a & b, [0.6, 0.6, nan, nan, nan, 0]),
        (a**3 & b, [(0.9**3 * 0.4) ** 0.25, (0.4**3 * 0.9) ** 0.25, nan, nan, nan, 0]),
        (a | b, [1 - 0.06**0.5, 1 - 0.06**0.5, 1 - 0.6**0.5, 1 - 0.6**0.5, nan, 1 - 0.5**0.5]),
        (a + b, [0.65, 0.65, 0.2, 0.2, nan, 0.25]),
        (3 * a + b, [0.775, 0.525, 0.3, 0.1, nan, 0.125]),
        (~a, [0.1, 0.6, 0.6, 1, 1, 1]),
        (a - b, [0.75, 0.25, 0.7, 0.3, 0.5, 0.25]),
        (2 * a, [0.9, 0.4, 0.4, nan, nan, 0]),
        (a >= 0.4, [1, 1, 1, nan, nan, nan]),
        (a > 0.4, [1, nan, nan, nan, nan, nan]),
        (a <= 0.4, [nan, 1, 1, nan, nan, 1]),
        (a < 0.4, [nan, nan, nan, nan, nan, 1]),
        (~(a >= 0.5), [nan, 1, 1, 1, 1, 1]),
        (a & f, [0.9, nan, 0.4, nan, nan, nan]),
        (a & ~f, [nan, 0.4, nan, nan, nan, 0]),
        (a | f, [1, 0.4, 1, nan, 1, 0]),
        (a + f, [0.95, 0.2, 0.7, nan, 0.5, 0]),
        (f & (a >= 0.5), [1, nan, nan, nan, nan, nan]),
        (f | (a >= 0.5), [1, nan, 1, nan, 1, nan]),
        (~f, [nan, 1, nan, 1, nan, 1]),
        (~(a & f), [1 - 0.9, 1, 0.6, 1, 1, 1]),
    ],
)
def test_the_table_of_operators(query, expected):
    # atol: a filter that does not hold in ~(a & f) makes a whole 1 of the other branch.
    assert_allclose(scores(query, PAIRS), np.float32(expected), atol=1e-7, rtol=1e-6)


def test_a_filter_restricts_and_weighs_nothing():
    given = table(a=[0.3, 0.7, 0.1], f=[1, 1, nan], g=[1, nan, 1])
    assert_array_equal(scores(a & f & g**5, given), np.float32([0.3, nan, nan]))


def test_a_threshold_compares_at_the_precision_of_scores():
    given = table(a=[0.9, 0.1, 0.7])
    for value in (0.9, 0.1, 0.7):
        assert 1 in scores(a >= value, given)
        assert 1 in scores(a <= value, given)
        assert_array_equal(scores((a >= value) & (a > value), given), scores(a > value, given))


def test_a_threshold_out_of_range_holds_always_or_never():
    given = table(a=[0.0, 1.0, nan])
    assert_array_equal(scores(a >= -1e300, given), np.float32([1, 1, nan]))
    assert_array_equal(scores(a >= 1e300, given), np.float32([nan, nan, nan]))


def test_many_small_scores_keep_their_order():
    given = {Term(f"t{i}"): Scored(np.float32([1e-30, 2e-30, 3e-38, 0])) for i in range(12)}
    for count in (2, 6, 7, 12):
        result = scores(AllOf(tuple(given)[:count]), given)
        assert_allclose(result, np.float32([1e-30, 2e-30, 3e-38, 0]), rtol=1e-6)


def test_weights_of_any_size_leave_a_score_in_range():
    given = table(a=[0.5, 0, 1, nan], b=[1, 1, 1, 1])
    for group, (one, other) in product((AllOf, AnyOf, SumOf), [(1e-300, 1e300), (1e308, 1e308)]):
        result = scores(group((a**one, b**other)), given)
        assert ((result >= 0) & (result <= 1) | np.isnan(result)).all()


def test_a_term_is_asked_once_however_often_it_stands():
    asked = []

    def score_of(term):
        asked.append(term)
        return PAIRS[term]

    evaluate(a & ~a | fuse([a, b]) & (a >= 0.5), score_of, method_of=method_of)
    assert asked == [a, b]


def test_no_rows_no_scores():
    empty = table(a=[], b=[], f=[])
    for query in (a & ~b & f, fuse([a, b]), fuse([a, b], method="sum", norm="zscore", missing="worst")):
        assert scores(query, empty).shape == (0,)


def test_rows_are_scored_alike_wherever_they_lie():
    random = np.random.default_rng(0)
    rows = 2 * BLOCK + 3
    columns = {term: random.random(rows, dtype=np.float32) for term in (a, b, c)}
    columns[a][random.random(rows) < 0.3] = nan
    query = (a**2 & ~b | c) + (b >= 0.5)
    whole = evaluate(query, lambda term: Scored(columns[term]), method_of=method_of)
    some = random.choice(rows, 500, replace=False)
    assert_array_equal(
        whole[some], evaluate(query, lambda term: Scored(columns[term][some]), method_of=method_of)
    )


# What holds for every query


@given(any_query, tables)
@example(~(a + 10 * a + a), drawn(0))  # a mean of ones that rounded to a little more
def test_a_score_is_float64_from_0_to_1_or_missing(query, given):
    result = scores(query, given)
    assert result.dtype == np.float64
    assert result.shape == (ROWS,)
    assert (np.isnan(result) | (result >= 0) & (result <= 1)).all()


@given(any_query, any_query, any_query, tables)
def test_grouping_makes_no_difference(one, two, three, given):
    same((one & two) & three, one & (two & three), given)
    same((one | two) | three, one | (two | three), given)
    same((one + two) + three, one + (two + three), given)


@given(any_query, any_query, tables)
def test_order_makes_no_difference(one, two, given):
    same(one & two, two & one, given)
    same(one | two, two | one, given)
    same(one + two, two + one, given)


@given(any_query, tables)
def test_joining_a_query_to_itself_changes_nothing(query, given):
    same(Weighted(query, 1) & Weighted(query, 1), query, given)
    same(Weighted(query, 1) | Weighted(query, 3), query, given)
    same(Weighted(query, 2) + Weighted(query, 3), query, given)


@given(any_query, any_query, tables)
def test_de_morgan(one, two, given):
    one, two = Weighted(one, 2), Weighted(two, 1)  # so that nothing is flattened
    assert_array_equal(scores(~(one & two), given), scores(~one | ~two, given))
    assert_array_equal(scores(~(one | two), given), scores(~one & ~two, given))


@given(leaf, leaf, tables, st.sampled_from([AllOf, AnyOf]))
def test_a_contrary_is_missing_nowhere_unless_it_is_of_a_filter(one, two, given, group):
    if not {f, g} & {one, two}:
        assert_allclose(
            scores(~group((one, two)), given), 1 - np.nan_to_num(scores(group((one, two)), given)), atol=2e-7
        )


@given(any_query, any_query, any_query, tables)
def test_a_contrary_of_a_group_is_flattened_as_if_it_had_been_written_out(one, two, three, given):
    same(one & ~(two | three), one & ~two & ~three, given)
    same(one | ~(two & three), one | ~two | ~three, given)
    same(~(one | (two | ~three)), ~one & ~two & three, given)


def test_a_contrary_of_a_group_weighs_what_its_parts_do():
    given = table(a=[0.9], b=[0.3], c=[0.1])
    assert_allclose(scores(a & ~(b | c), given), [(0.9 * 0.7 * 0.9) ** (1 / 3)], rtol=1e-6)
    keeps_to_itself = (0.9 * (0.7 * 0.9) ** 0.5) ** 0.5
    assert_allclose(scores(a & ~(1 * (b | c)), given), [keeps_to_itself], rtol=1e-6)
    assert [(leaf.term, leaf.negated) for leaf in normal(a & ~(b | ~c)).leaves()] == [
        (a, False),
        (b, True),
        (c, False),
    ]


# What a model left unscored

u, v = Term("u"), Term("v")  # ranks whose models looked at every row


def looked(column):
    """What a term scores whose model looked at every row."""
    values = np.array(column, np.float32)
    return Scored(values, unscored=np.isnan(values))


def unscored_tables(seed):
    random = np.random.default_rng(seed + 1)
    choice = [nan, nan, 0, 0.5, 1, random.random()]
    return drawn(seed) | {term: looked(random.choice(choice, ROWS)) for term in (u, v)}


with_unscored = seeds.map(unscored_tables)
UNSCORED = table(a=[0.5, 0.5, nan, 0.5, nan], f=[1, 1, 1, nan, 1]) | {
    u: looked([0.6, nan, 0.6, 0.6, nan]),
    v: looked([0.6, nan, nan, nan, nan]),
}
said = MISSES + (1 - MISSES) * 0.6
half, missed = said**0.5, MISSES**0.5
both = [half * 0.5**0.5, missed * 0.5**0.5, nan, half * 0.5**0.5, nan]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (u, [0.6, nan, 0.6, 0.6, nan]),
        (~u, [0.4, 1, 0.4, 0.4, 1]),
        (u & f, [0.6, nan, 0.6, nan, nan]),
        (u & a, both),
        (u & a & f, [*both[:3], nan, nan]),
        (u & v, [said, nan, half * missed, half * missed, nan]),
        (u & ~v, [half * 0.4**0.5, nan, half, half, nan]),
        (~u & ~v, [0.4, 1, 0.4**0.5, 0.4**0.5, 1]),
        ((u + u) & a, both),
        (fuse([u], method="sum") & a, both),
        ((u | f) & v, [half, nan, missed, half * missed, nan]),
        (u | a, [1 - 0.2**0.5, 1 - 0.5**0.5, 1 - 0.4**0.5, 1 - 0.2**0.5, nan]),
        (u + a, [0.55, 0.25, 0.3, 0.55, nan]),
        (fuse([u, a], method="sum"), [0.55, 0.25, 0.3, 0.55, nan]),
        (fuse([u, a], method="sum", missing="drop"), [0.55, nan, nan, 0.55, nan]),
        (u >= 0, [1, nan, 1, 1, nan]),
        (u <= 0.9, [1, nan, 1, 1, nan]),
        (~(u >= 0.5), [nan, 1, nan, nan, 1]),
        ((u >= 0.5) & a, [0.5, nan, nan, 0.5, nan]),
    ],
)
def test_the_table_of_what_is_unscored(query, expected):
    assert_allclose(scores(query, UNSCORED), expected, atol=1e-7, rtol=1e-6)


def test_a_group_that_keeps_to_itself_may_be_unscored_as_a_whole():
    together = 1 * (u & v)
    assert_allclose(
        scores(together & a, UNSCORED)[[0, 1, 3]],
        np.sqrt(
            [
                0.5 * said,
                0.5 * MISSES,
                0.5 * half * missed,
            ]
        ),
        rtol=1e-6,
    )


@given(queries(st.sampled_from([u, v]), again=False), with_unscored)
def test_what_every_rank_examined_all_is_no_hit_of_a_query_that_asks_for_presence(query, given):
    if any(isinstance(node, Not) for node in normal(query).walk()):
        return
    silent = np.logical_and.reduce([np.isnan(given[term].values) for term in query.terms()])
    assert np.isnan(scores(query, given)[silent]).all()


@given(positive_of(st.sampled_from((*TERMS, u, v))), with_unscored, st.sampled_from([u, v]), seeds)
def test_saying_something_never_lowers_a_score(query, given, term, seed):
    random = np.random.default_rng(seed)
    row, value = random.integers(ROWS), np.float32(random.choice([0, 0.001, random.random()]))
    raised = given[term].values.copy()
    raised[row] = np.nanmax([raised[row], value])
    better = {**given, term: looked(raised)}
    assert beats(scores(query, better)[row], scores(query, given)[row])


@given(any_query, any_query, with_unscored)
def test_de_morgan_with_what_is_unscored(one, two, given):
    one, two = Weighted(one & u, 2), Weighted(two | v, 1)
    assert_array_equal(scores(~(one & two), given), scores(~one | ~two, given))
    assert_array_equal(scores(~(one | two), given), scores(~one & ~two, given))


# What is absent judges the whole picture


def test_an_absent_rank_takes_the_best_of_the_rows_of_an_input():
    inputs = np.int32([0, 0, 1, 1])

    def best_of_input(values):
        return np.fmax.reduceat(values, [0, 2])[inputs]

    given = table(a=[0.5, 0.5, 0.5, 0.5], b=[0.1, 0.8, nan, nan], f=[1, nan, nan, nan])

    def by_row(query):
        return evaluate(query, given.__getitem__, best_of_input=best_of_input, method_of=method_of)

    assert_allclose(by_row(~b), [0.2, 0.2, 1, 1], rtol=1e-6)
    assert_allclose(by_row(~(b + a)), [0.35, 0.35, 0.75, 0.75], rtol=1e-6)
    assert_array_equal(by_row(~(b >= 0.5)), [nan, nan, 1, 1])
    assert_array_equal(by_row(~f), [nan, 1, 1, 1])  # a filter holds on the very row
    assert_allclose(by_row(a & ~b), np.sqrt([0.1, 0.1, 0.5, 0.5]), rtol=1e-6)


# Order


@given(tables)
def test_a_fusion_by_rank_sees_the_order_of_raw_values_that_score_the_same(given):
    steep = Logistic(midpoint=-5.0, width=1e-3, usual=0.0, around=0.1)
    raw = {term: Scored(each.values, each.is_filter, steep) for term, each in given.items()}
    for query in (fuse([a, b], method="rrf"), fuse([a, b], method="borda")):
        assert_array_equal(scores(query, raw), scores(query, given))


@given(positive, tables, leaf, st.integers(0, ROWS - 1), st.floats(0, 1, width=32))
def test_raising_a_score_never_lowers_a_positive_query(query, given, term, row, value):
    raised = given[term].values.copy()
    raised[row] = 1 if given[term].is_filter else np.nanmax([raised[row], value])
    better = {**given, term: Scored(raised, given[term].is_filter)}
    assert beats(scores(query, better)[row], scores(query, given)[row])


def twins(given, better, worse):
    """The same tables, in which row 0 is row 1 but for what is given of `a`."""
    columns = {term: each.values.copy() for term, each in given.items()}
    for values in columns.values():
        values[0] = values[1]
    columns[a][:2] = better, worse
    return {term: Scored(values, given[term].is_filter) for term, values in columns.items()}


FUSIONS = [
    {"method": name, "norm": norm, "missing": missing}
    for (name, fusion), norm, missing in product(
        default().fusions.items(), [None, *default().norms], ["zero", "worst", "drop"]
    )
    if norm is None or not fusion.by_rank
]


@settings(max_examples=300)
@given(st.sampled_from(FUSIONS), tables, score, weights)
def test_a_fusion_never_rewards_a_missing_score(how, given, value, weight):
    result = scores(fuse([weight * a, b, c], **how), twins(given, value, nan))
    assert beats(result[0], result[1])


@settings(max_examples=300)
@given(st.sampled_from(FUSIONS), tables, score, score)
def test_a_fusion_keeps_the_order_of_positives_and_reverses_that_of_negatives(how, given, one, other):
    better, worse = max(one, other), min(one, other)
    rows = twins(given, better, worse)
    kept, reversed_ = scores(fuse([a, b], **how), rows), scores(fuse([~a, b], **how), rows)
    assert beats(kept[0], kept[1])
    assert beats(reversed_[1], reversed_[0])


@given(tables, seeds, st.sampled_from(FUSIONS))
def test_a_fusion_depends_on_no_order_of_rows_or_parts(given, seed, how):
    order = np.random.default_rng(seed).permutation(ROWS)
    moved = {term: Scored(each.values[order], each.is_filter) for term, each in given.items()}
    result = scores(fuse([a, b, f], **how), given)
    assert_allclose(scores(fuse([f, a, b], **how), moved), result[order], atol=2e-7, rtol=1e-6)


# What each method of fusion does

RUNS = table(a=[0.9, 0.5, 0.5, 0.1, nan, nan], b=[0.2, 0.4, nan, 0.4, 0.8, nan])


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        # Places 1 2 2 4 and 4 2 - 2 1.
        ({"method": "rrf", "k": 0}, [(1 + 1 / 4) / 2, 0.5, 1 / 4, (1 / 4 + 1 / 2) / 2, 0.5, nan]),
        (
            {"method": "rrf", "k": 0, "missing": "worst"},
            [0.625, 0.5, (1 / 2 + 1 / 5) / 2, 0.375, (1 / 5 + 1) / 2, nan],
        ),
        ({"method": "rrf"}, [(1 + 61 / 64) / 2, 61 / 62, 61 / 124, (61 / 64 + 61 / 62) / 2, 0.5, nan]),
        ({"method": "borda"}, [(5 + 2) / 10, (4 + 4) / 10, 4 / 10, (2 + 4) / 10, 5 / 10, nan]),
        ({"method": "borda", "missing": "worst"}, [0.7, 0.8, (4 + 1) / 10, 0.6, (1 + 5) / 10, nan]),
        # Shares of 1.6 above the lowest, and of 1; the largest of all, .6, is 1.
        ({}, [5 / 12, 3 / 8, 5 / 24, 1 / 6, 1 / 2, nan]),
        ({"method": "sum"}, [0.55, 0.45, 0.25, 0.25, 0.4, nan]),
        ({"method": "sum", "missing": "worst"}, [0.55, 0.45, 0.35, 0.25, 0.45, nan]),
        ({"method": "sum", "missing": "drop"}, [0.55, 0.45, nan, 0.25, nan, nan]),
        ({"method": "product"}, [0.18, 0.2, 0, 0.04, 0, nan]),
        ({"method": "min"}, [0.2, 0.4, 0, 0.1, 0, nan]),
        ({"method": "max"}, [0.9, 0.5, 0.5, 0.4, 0.8, nan]),
        ({"method": "sum", "norm": "minmax"}, [0.5, (1 / 2 + 1 / 3) / 2, 1 / 4, 1 / 6, 0.5, nan]),
        ({"method": "min", "norm": "minmax", "missing": "worst"}, [0, 1 / 3, 0, 0, 0, nan]),
    ],
    ids=str,
)
def test_the_methods_of_fusion(how, expected):
    assert_allclose(scores(fuse([a, b], **how), RUNS), np.float32(expected), rtol=1e-6, atol=1e-7)


def test_z_scores_are_put_on_one_line_from_the_lowest_to_the_highest():
    given = table(a=[0.1, 0.2, 0.3], b=[0.0, 0.8, 0.4])
    z = [np.array(given[term].values, float) for term in (a, b)]
    z = [(x - x.mean()) / x.std() for x in z]
    mean, lowest, highest = (z[0] + z[1]) / 2, min(map(np.min, z)), max(map(np.max, z))
    expected = (mean - lowest) / (highest - lowest)
    assert_allclose(scores(fuse([a, b], method="sum", norm="zscore"), given), expected, rtol=1e-6)


def test_equal_scores_are_all_the_best_when_normalized():
    given = table(a=[0.3, 0.3, nan])
    for norm in ("minmax", "zscore"):
        assert_array_equal(scores(fuse([a], method="sum", norm=norm), given), np.float32([1, 1, nan]))


def test_weights_count_in_every_method():
    given = table(a=[0.8, 0.2], b=[0.2, 0.8])
    for method in ("rrf", "borda", "sum", "product", "min", "max"):
        for heavy, light, best in ((a, b, 0), (b, a, 1)):
            result = scores(fuse([3 * heavy, light], method=method), given)
            if method != "min":
                assert result.argmax() == best
    assert_allclose(scores(fuse([2 * a, b], method="max"), given), [0.8, 0.4], rtol=1e-6)
    assert_allclose(scores(fuse([2 * a, b], method="min"), given), [0.6, 0.2], rtol=1e-6)


def test_a_fusion_is_a_part_like_any_other():
    given = table(a=[0.9, 0.1, nan], b=[0.5, 0.5, 0.5], f=[1, nan, 1])
    inner = fuse([a, b], method="sum")
    assert_allclose(scores(~inner & f, given), [0.3, nan, 0.75], rtol=1e-6)
    assert_allclose(scores(fuse([inner, b], method="max"), given), [0.7, 0.5, 0.5], rtol=1e-6)
