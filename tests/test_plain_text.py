import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.plain_text import printable, shortened, table


@given(st.text(st.characters(codec=None)))
def test_printable_text_is_one_line_that_utf8_can_hold(text):
    shown = printable(text)
    shown.encode()
    assert len(shown.splitlines()) <= 1
    assert printable(shown) == shown


@pytest.mark.parametrize("text", ["naïve.jpg", "犬と猫.jpg", "نمی\u200cدانم", "👩\u200d🚀.png"])
def test_printable_leaves_every_language_as_it_is(text):
    assert printable(text) == text


@given(st.text(max_size=40), st.integers(3, 30))
def test_shortened_keeps_both_ends(text, most):
    short = shortened(text, most)
    assert len(short) == min(len(text), most)
    assert (short == text) == (len(text) <= most) or "…" in text
    assert short[0:1] == text[0:1]
    assert short[-1:] == text[-1:]


def test_columns_line_up_even_with_wide_characters():
    rows = [("1", "犬.jpg", "x"), ("12", "cat.jpg", "")]
    assert table(("rank", "name", "region"), rows, right=["rank"]) == (
        "rank  name     region\n   1  犬.jpg   x\n  12  cat.jpg"
    )


def test_a_table_without_rows_is_its_header():
    assert table(("rank", "name"), []) == "rank  name"
