import math

from made_up_hits import Words, hit

from toolkit.hits.explanation import Explanation
from toolkit.values.types import Box, Part


def test_an_explanation_prints_what_each_term_gave():
    parts = (
        Part(
            "concept('犬')", 0.93, 2.0, box=Box(0, 0.1, 0.5, 0.6), milliseconds=0.31, notes=("is n02084071",)
        ),
        Part("concept('cat')", math.nan, negated=True, milliseconds=12.0),
    )
    explained = hit(3, score=0.9, parts=parts)
    assert str(Explanation("concept('犬') ** 2 & ~concept('cat')", explained)) == (
        "rank 3, score 0.900: rex_3.jpg region 0.10 0.20 0.50 0.60 (input id3, annotated by human:me), "
        "for concept('犬') ** 2 & ~concept('cat')\n"
        "     term            score  weight  region                 ms\n"
        "     concept('犬')   0.930       2  0.00 0.10 0.50 0.60   0.3\n"
        "not  concept('cat')   none       1                       12.0\n"
        "concept('犬'): is n02084071"
    )


def test_a_filter_holds_or_does_not_and_weighs_nothing():
    parts = (
        Part("where(source='human')", 1.0, is_filter=True),
        Part("label('cat')", math.nan, negated=True, is_filter=True),
        Part("label('dog')", math.nan, is_filter=True),
    )
    assert str(Explanation("q", hit(1, parts=parts))).splitlines()[1:] == [
        "     term                           score  weight  region   ms",
        "     where(source='human')          holds                  0.0",
        "not  label('cat')                   holds                  0.0",
        "     label('dog')           does not hold                  0.0",
    ]


def test_an_explanation_without_terms_is_one_line():
    text = str(Explanation("", hit(1, parts=())))
    assert text.count("\n") == 0


def test_a_hostile_note_stays_on_its_line():
    words = Words(note="a\nb\x1b[31m", term="concept('\r')", user="\x07")
    lines = str(Explanation("q\n", hit(1, words=words))).splitlines()
    assert len(lines) == 4
    assert all(line.isprintable() for line in lines)
