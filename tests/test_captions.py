import math

import pytest

from toolkit.hits.captions import box_text, display_name, score_text
from toolkit.values.types import Box, Input


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("/photos/a dog.jpg", "a dog.jpg"),
        ("C:\\photos\\dog.jpg", "dog.jpg"),
        ("/photos/what?#100%25.jpg", "what?#100%25.jpg"),
        ("https://example.org/a%20dog.jpg?size=2#x", "a dog.jpg"),
        ("https://example.org/", "ab12"),
        ("bytes:0123abcd", "ab12"),
        ("", "ab12"),
        ("http://[broken/dog.jpg", "dog.jpg"),
    ],
)
def test_an_input_is_called_by_the_last_part_of_its_uri(uri, name):
    assert display_name(Input("ab12", uri, "", 1, 1)) == name


def test_a_box_is_four_short_numbers():
    assert box_text(Box(0, 0.125, 1, 0.5)) == "0.00 0.12 1.00 0.50"
    assert box_text(None) == ""


def test_a_score_that_is_not_there_is_none():
    assert score_text(0.98765) == "0.988"
    assert score_text(math.nan) == "none"
