"""Numbers come back from text to the same bits, and what is damaged is refused with the rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from toolkit.errors import StoreError
from toolkit.values.packed import packed, unpacked

finite = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(arrays(np.float32, (3, 4), elements=finite))
def test_they_come_back_to_the_same_bits(numbers):
    back = unpacked(packed(numbers), "x", damaged=StoreError)
    assert back.reshape(3, 4).tobytes() == numbers.tobytes()
    assert not back.flags.writeable


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("%", "x: float32 in base64 is expected"),
        ("AAAA", "x: float32 in base64 is expected"),
        (None, "x: float32 in base64 is expected"),
        ("", "x: finite numbers are expected, at least one"),
        (packed(np.array([np.nan], np.float32)), "x: finite numbers are expected"),
    ],
)
def test_what_is_damaged_is_refused_with_the_rule(text, rule):
    with pytest.raises(StoreError, match=rule):
        unpacked(text, "x", damaged=StoreError)
