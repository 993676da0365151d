from __future__ import annotations

import numpy as np
import pytest

import toolkit
from toolkit.errors import QueryError, UnknownNameError
from toolkit.widgets import Widgets


@pytest.fixture
def photos():
    with toolkit.open() as opened:
        opened.add([np.full((8, 8, 3), shade, np.uint8) for shade in (0, 90, 255)], progress=False)
        opened.concepts.add("light", names={"en": ["light"], "ja": ["明暗"]})
        for one in ("dark", "bright"):
            opened.concepts.relate(one, "hypernym", "light")
        yield opened


@pytest.fixture
def tree(photos):
    return Widgets(photos).concept_tree()


def test_it_begins_with_what_nothing_lies_above_and_counts_what_is_below(photos, tree):
    (root,) = tree.top
    found = photos.search(photos.terms.concept("light"), limit=9)
    assert root == {"id": "light", "name": "light", "gloss": "", "kinds": 2, "pictures": found.total}
    assert found.total == 3


def test_a_branch_is_read_when_it_is_opened(tree):
    answer, _ = tree._below({"concept": "light"}, [])
    assert ([node["id"] for node in answer["nodes"]], answer["more"]) == (["bright", "dark"], 0)
    assert all(node["kinds"] == 0 for node in answer["nodes"])


def test_names_are_of_the_language_and_follow_it(photos):
    tree = Widgets(photos).concept_tree(language="ja")
    assert [node["name"] for node in tree.top] == ["明暗"]
    tree.language = "de"
    assert [node["name"] for node in tree.top] == ["light"]


def test_a_branch_is_a_rank_with_all_that_is_below(photos, tree):
    tree.choose("light")
    assert tree.query == photos.terms.concept("light")
    assert tree.search() is tree.hits
    assert {hit.input.id for hit in tree.hits} >= {
        photos.search(photos.terms.concept("dark"), limit=1)[0].input.id
    }


def test_what_is_there_later_is_seen_when_it_looks_again(photos, tree):
    photos.concepts.add("property")
    photos.concepts.relate("light", "hypernym", "property")
    tree.refresh()
    assert [(node["id"], node["kinds"]) for node in tree.top] == [("property", 3)]


def test_a_person_who_ranks_by_a_branch_is_heard(tree):
    heard = []
    tree.on_act(lambda verb, query: heard.append((verb, str(query))))
    tree.choose("dark")
    tree._act({"verb": "less"}, [])
    assert heard == [("less", "concept('dark')")]


def test_nothing_chosen_and_an_unknown_concept_say_so(tree, photos):
    with pytest.raises(QueryError, match=r"choose\(id\)"):
        _ = tree.query
    with pytest.raises(UnknownNameError, match="dirk"):
        tree.choose("dirk")
    with pytest.raises(UnknownNameError, match="nowhere"):
        Widgets(photos).concept_tree("nowhere")
    assert tree.concept == ""


def test_what_was_set_comes_back(photos, tree):
    tree.choose("dark")
    other = Widgets(photos).concept_tree("light")
    other.from_dict(tree.to_dict())
    assert (other.to_dict(), repr(other)) == (tree.to_dict(), "ConceptTree('light', chosen='dark')")


def test_its_static_form_is_text(photos):
    photos.concepts.add("light", names={"en": ["<b>light</b>"]})
    photos.concepts["light"].names["en"] = "<b>light</b>"
    still = Widgets(photos).concept_tree().static_html()
    assert "<b>" not in still
    assert "bright" in still
