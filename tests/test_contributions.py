"""Which term decided a hit, beside the same rule written out one hit at a time."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from toolkit.fusion.evaluate import Scored
from toolkit.query import Leaf, Term
from toolkit.search.contributions import contribution, deciding_rows
from toolkit.search.ranking import RankedTerm

PLACES = 5
SCORES = st.lists(st.sampled_from([math.nan, 0.0, 0.25, 0.5, 1.0]), min_size=PLACES, max_size=PLACES)


@st.composite
def terms(draw):
    scores = np.array(draw(SCORES), np.float32)
    ranked = RankedTerm(
        scored=Scored(scores, is_filter=draw(st.booleans())),
        rows=draw(st.none() | st.permutations(range(PLACES)).map(lambda rows: np.array(rows, np.int32))),
        direct=draw(st.none() | st.just(scores > 0.3)),
        concepts=(),
        notes=("a note",),
        hits=None,
        milliseconds=0.5,
    )
    return Leaf(Term("t"), draw(st.sampled_from([0.5, 1.0, 2.0])), draw(st.booleans())), ranked


def decides(place, leaves, otherwise):
    """The rule in words: a rank before a filter, then the greatest share, then the first."""
    scored = [
        (not one.is_filter, leaf.weight * float(one.raw[place]), -index, one)
        for index, (leaf, one) in enumerate(leaves)
        if not leaf.negated and not math.isnan(one.raw[place])
    ]
    if not scored:
        return otherwise
    one = max(scored, key=lambda each: each[:3])[3]
    return place if one.rows is None else one.rows[place]


@given(st.lists(terms(), min_size=1, max_size=4), st.permutations(range(PLACES)))
def test_the_row_is_that_of_the_term_that_gave_most(leaves, order):
    places = np.array(order[:3])
    given_terms = [contribution(leaf, one, places) for leaf, one in leaves]
    whole = places + 100
    assert deciding_rows(given_terms, whole).tolist() == [
        decides(place, leaves, place + 100) for place in places.tolist()
    ]


@given(terms(), st.permutations(range(PLACES)))
def test_a_part_has_the_box_of_a_row_only_if_the_score_is_the_rows_own(term, order):
    leaf, one = term
    places = np.array(order)
    regions = dict.fromkeys(range(PLACES), type("Region", (), {"box": "a box"}))
    parts = contribution(leaf, one, places).parts(regions)
    for place, part in zip(order, parts, strict=True):
        score = float(one.raw[place])
        direct = not math.isnan(score) and (one.direct is None or one.direct[place])
        assert (part.box == "a box") == direct
        np.testing.assert_equal(part.score, score)
        assert (part.term, part.weight, part.negated) == ("t()", leaf.weight, leaf.negated)
        assert (part.notes, part.is_filter, part.milliseconds) == (("a note",), one.is_filter, 0.5)
