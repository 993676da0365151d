import builtins
import json
import math
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from made_up_hits import hit, hits, jpeg

from toolkit.errors import MissingExtraError, QueryError
from toolkit.hits import Hits
from toolkit.values.types import Part

QUERY = "concept('dog')"


def ranking(count=3, *, total=None, **options):
    total = count if total is None else total
    return Hits(hits(count), query=QUERY, total=total, milliseconds=1.5, **options)


def searchable(total):
    """Hits that search again when a page is asked for."""

    def more(offset, limit):
        found = hits(total)[offset : offset + limit]
        return Hits(found, query=QUERY, total=total, milliseconds=1.5, more=more)

    return more(0, 20)


def test_hits_are_a_sequence_of_hits_in_rank_order():
    found = ranking(3)
    assert len(found) == 3
    assert found[0] == hit(1)
    assert found[-1] == hit(3)
    assert [each.rank for each in found] == [1, 2, 3]
    assert found.ids == ["id1", "id2", "id3"]


def test_scores_are_float32_in_rank_order():
    scores = ranking(2).scores
    assert scores.dtype == np.float32
    np.testing.assert_array_equal(scores, np.array([0.99, 0.98], np.float32))


def test_no_hits_have_an_empty_array_of_scores():
    assert ranking(0).scores.shape == (0,)


def test_hits_cannot_be_changed():
    made = hits(2)
    found = Hits(made, query=QUERY, total=2, milliseconds=0)
    made.clear()
    assert len(found) == 2
    with pytest.raises(FrozenInstanceError):
        found.total = 5


def test_a_slice_is_hits_of_the_same_query():
    part = ranking(5, total=90)[1:3]
    assert isinstance(part, Hits)
    assert part.ids == ["id2", "id3"]
    assert (part.query, part.total, part.milliseconds) == (QUERY, 90, 1.5)


def test_a_position_beyond_the_last_is_an_index_error():
    with pytest.raises(IndexError):
        ranking(2)[2]


def test_a_page_that_is_here_is_not_searched_for():
    assert ranking(30).page(2).ids == [f"id{rank}" for rank in range(21, 31)]
    assert ranking(30).page(2, size=5).ids == ["id6", "id7", "id8", "id9", "id10"]


def test_a_page_that_is_not_here_is_searched_for():
    found = searchable(50)
    assert [each.rank for each in found.page(2)] == list(range(21, 41))
    assert [each.rank for each in found.page(3)] == list(range(41, 51))
    assert [each.rank for each in found.page(2).page(1)] == list(range(1, 21))


def test_the_page_of_a_slice_is_that_of_the_whole_ranking():
    assert ranking(30)[::2].page(9, size=1).ids == ["id9"]


def test_a_page_after_the_last_is_empty():
    assert len(ranking(3).page(2)) == 0


@pytest.mark.parametrize(("number", "size"), [(0, 20), (-1, 20), (1, 0)])
def test_pages_count_from_one(number, size):
    with pytest.raises(QueryError, match="count from 1"):
        ranking(3).page(number, size=size)


def test_a_page_that_cannot_be_searched_for_says_what_limit_would_do():
    with pytest.raises(QueryError, match=r"ranks 21 to 40 of 90 are not among these 20 hits; .*limit=40"):
        ranking(20, total=90).page(2)


def test_hits_print_as_a_short_table():
    assert repr(ranking(2, total=1409)) == (
        "2 of 1,409 hits for concept('dog')\n"
        "rank  score  id   name       region\n"
        "   1  0.990  id1  rex_1.jpg  0.10 0.20 0.50 0.60\n"
        "   2  0.980  id2  rex_2.jpg  0.10 0.20 0.50 0.60\n"
        "and 1,407 more"
    )


def test_a_long_table_is_cut_and_says_how_to_see_the_rest():
    lines = repr(ranking(60)).splitlines()
    assert len(lines) == 23
    assert lines[-1] == "and 40 more: hits[20:40]"


def test_the_first_page_says_how_to_see_the_next():
    assert repr(searchable(1409)).endswith("and 1,389 more: hits.page(2)")
    assert repr(searchable(1409).page(3, size=7)).endswith("and 1,388 more: hits.page(4, size=7)")


def test_no_hits_print_as_one_line():
    assert repr(ranking(0)) == "no hits for concept('dog')"
    assert repr(ranking(5)[5:]) == "0 of 5 hits for concept('dog')\nand 5 more"


def test_one_hit_is_not_called_hits():
    assert repr(ranking(1)).startswith("1 of 1 hit for")


def test_a_hostile_name_cannot_write_to_the_terminal():
    first = hit(1)
    nasty = replace(first, input=replace(first.input, uri="/x/\x1b[2J\n\u202egpj.exe"))
    text = repr(Hits([nasty], query="q\n\x1b", total=1, milliseconds=0))
    assert r"\x1b[2J\n\u202egpj.exe" in text
    assert text.splitlines()[0] == r"1 of 1 hit for q\n\x1b"
    assert len(text.splitlines()) == 3


def test_records_are_json_and_a_missing_score_is_null():
    parts = (Part("concept('cat')", math.nan, negated=True, notes=("no such row",)),)
    found = Hits([hit(1, box=None, parts=parts)], query=QUERY, total=1, milliseconds=0)
    assert json.loads(json.dumps(found.records(), allow_nan=False)) == [
        {
            "rank": 1,
            "score": 0.99,
            "id": "id1",
            "name": "rex_1.jpg",
            "uri": "/photos/rex_1.jpg",
            "region_id": "row",
            "box": None,
            "annotation_id": "id1",
            "source": "human:me",
            "concepts": {"dog": 0.5},
            "terms": [
                {
                    "term": "concept('cat')",
                    "score": None,
                    "weight": 1.0,
                    "negated": True,
                    "is_filter": False,
                    "box": None,
                    "milliseconds": 0.0,
                    "notes": ["no such row"],
                }
            ],
        }
    ]


def test_a_frame_has_a_column_for_each_term():
    pandas = pytest.importorskip("pandas")
    parts = Part("concept('dog')", 0.75), Part("image('q.jpg')", math.nan)
    found = Hits([hit(1, parts=parts), hit(2, box=None, parts=parts)], query=QUERY, total=2, milliseconds=0)
    frame = found.frame()
    assert list(frame.columns) == [
        *("rank", "score", "id", "name", "uri", "region_id"),
        *("top_row", "left_col", "bottom_row", "right_col", "annotation_id", "source"),
        *("concept('dog')", "image('q.jpg')"),
    ]
    assert list(frame["concept('dog')"]) == [0.75, 0.75]
    assert frame["image('q.jpg')"].isna().all()
    assert frame["top_row"][0] == 0.1
    assert pandas.isna(frame["top_row"][1])


def test_the_frame_of_no_hits_has_columns_and_no_rows():
    pytest.importorskip("pandas")
    assert ranking(0).frame().shape == (0, 12)


def test_a_frame_without_pandas_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without_pandas(name, *rest, **options):
        if name == "pandas":
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without_pandas)
    with pytest.raises(MissingExtraError, match=r"hits.frame\(\) needs pandas: pip install"):
        ranking(1).frame()


def test_an_explanation_is_of_the_hit_at_that_position():
    explanation = ranking(3).explain(1)
    assert explanation.hit == hit(2)
    assert explanation.query == QUERY


def test_pictures_are_asked_for_only_when_shown_and_once_for_each_input():
    asked = []

    def pictures(ids):
        asked.append(list(ids))
        return {}

    found = Hits([hit(1), hit(1), hit(2)], query=QUERY, total=3, milliseconds=0, pictures=pictures)
    repr(found), found.records(), found[:2], found.explain(0)
    assert asked == []
    found._repr_mimebundle_()
    assert asked == [["id1", "id2"]]


def test_a_cell_shows_at_most_24_pictures_and_says_how_to_see_more():
    asked = []
    found = ranking(60, total=1409, pictures=lambda ids: asked.extend(ids) or {})
    html = found._repr_mimebundle_()["text/html"]
    assert html.count("<figure") == len(asked) == 24
    assert "and 1,385 more: hits[24:48]" in html


def test_a_cell_is_the_same_when_run_again_with_other_times():
    once, again = ranking(3), replace(ranking(3), milliseconds=99.0)
    assert once._repr_mimebundle_() == again._repr_mimebundle_()


def test_a_page_is_complete_and_written_where_asked(tmp_path):
    found = ranking(2, pictures=lambda ids: dict.fromkeys(ids, jpeg()))
    text = found.html(tmp_path / "out.html")
    assert (tmp_path / "out.html").read_text(encoding="utf-8") == text
    assert text.startswith("<!doctype html>")
    assert text.count("data:image/jpeg;base64,") == 2
    assert " in 1.5 ms" in text


def test_a_name_that_is_not_unicode_can_be_written(tmp_path):
    first = hit(1)
    odd = replace(first, input=replace(first.input, uri="/photos/\udcff.jpg"))
    Hits([odd], query="q", total=1, milliseconds=0).html(tmp_path / "out.html")
    assert r"\udcff.jpg" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_a_plugin_may_show_a_hit_its_own_way():
    found = ranking(2, view=lambda each: "<b>mine</b>" if each.rank == 1 else None)
    tiles = found.section().tiles
    assert [tile.view for tile in tiles] == ["<b>mine</b>", None]
    assert "<b>mine</b>" in found.html()


def test_a_section_keeps_captions_with_their_hits():
    section = ranking(3, total=10).section(heading="Three", captions=["found 3"], limit=2)
    assert [tile.caption for tile in section.tiles] == ["found 3", ""]
    assert (section.heading, section.summary, section.more) == ("Three", "2 of 10 hits", "and 8 more")
