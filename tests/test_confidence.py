"""One rule for how sure anybody is of anything: a real number from 0 to 1, wherever it comes in."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_collection import MadeUp

from toolkit.errors import ContractError, QueryError
from toolkit.plugins.components import predict
from toolkit.search.window import Window
from toolkit.store import NewAnnotation
from toolkit.values.confidence import confidences, is_confidence
from toolkit.values.types import Concept

NUMBERS = st.floats() | st.integers() | st.fractions() | st.floats(width=32).map(np.float32)
NONE_OF_THEM = ["1", None, 0.5j, np.complex64(0.5), [0.5], Decimal("0.5"), np.array([0.5])]


class Model:
    name, version, concepts = "sure", "1", (Concept("dog"),)

    def __init__(self, value):
        self.value = value

    def predict(self, images):
        return [{"dog": self.value} for _ in images]


@given(NUMBERS)
def test_a_number_is_a_confidence_if_it_is_in_the_range(value):
    assert is_confidence(value) == (not math.isnan(value) and 0 <= value <= 1)


@pytest.mark.parametrize("value", NONE_OF_THEM, ids=repr)
def test_what_is_no_real_number_is_none(value):
    assert not is_confidence(value)


@given(st.dictionaries(st.text(), NUMBERS.filter(is_confidence)))
def test_values_become_plain_floats(given_values):
    found = confidences(given_values)
    assert found == {name: float(value) for name, value in given_values.items()}
    assert {type(value) for value in found.values()} <= {float}


@pytest.mark.parametrize("value", [True, 1, np.float32(0.25), np.int64(0), Fraction(1, 3), 0.0])
def test_every_door_lets_it_in(value):
    assert NewAnnotation(1, {"dog": value}).concepts == {"dog": float(value)}
    assert predict(Model(value), [None]) == [{"dog": value}]
    with MadeUp("a") as made:
        made.photos.annotate("a", concepts={"dog": value})
        assert made.photos.annotations.of(["a"])[0].concepts == {"dog": float(value)}


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf, 10**400, *NONE_OF_THEM], ids=repr)
def test_every_door_refuses_anything_else_and_nothing_is_written(value):
    with pytest.raises(QueryError, match=r"concept 'dog' has the value .*; a value is from 0 \(no\) to 1"):
        NewAnnotation(1, {"dog": value})
    with pytest.raises(ContractError, match=r"concept model 'sure@1': values are numbers in \[0, 1\]"):
        predict(Model(value), [None])
    with pytest.raises(QueryError, match="scores are numbers from 0 to 1"):
        Window(limit=1, offset=0, level="input", minimum=value)
    with MadeUp("a") as made:
        before = made.photos.snapshot().revision
        with pytest.raises(QueryError, match="concept 'dog' has the value"):
            made.photos.annotate("a", concepts={"cat": 1, "dog": value})
        assert made.photos.snapshot().revision == before
