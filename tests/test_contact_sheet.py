import math
from dataclasses import fields, replace
from html.parser import HTMLParser

import pytest
from made_up_hits import REGION, Words, hit, jpeg

from toolkit.hits.contact_sheet import BARS, Section, Tile, fragment, page
from toolkit.values.types import Box, Part

HOSTILE = [
    "\"><img src=x onerror=alert(1)><b a='",
    "</title></style><script>alert(1)</script>",
    "javascript:alert(1)//' onload='x",
    "\x00\x1b\n\u202e\udcff&lt;&#60;<!--",
]


class Page(HTMLParser):
    """Everything in a page but its text: tags with their attributes, in order."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.open = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in {"img", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def structure(self):
        """Tags and names of attributes, and the values of those that do something."""
        quiet = {"alt", "title"}
        return [
            (tag, {name: None if name in quiet else value for name, value in attrs.items()})
            for tag, attrs in self.tags
        ]


def section_of(words):
    shown = Tile(hit(words=words), jpeg(), caption=words.caption)
    return Section(
        [shown, replace(shown, picture=None)],
        summary="2 of 9 hits",
        query=words.query,
        milliseconds=3.21,
        more="and 7 more",
        heading=words.heading,
        sentence=words.sentence,
    )


def whole_page(words):
    return page(words.title, [section_of(words), section_of(words)])


def one(tile_hit, **options):
    return Page(fragment(Section([Tile(tile_hit, jpeg(), **options)], summary="1 of 1 hit")))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", [field.name for field in fields(Words)])
def test_hostile_text_adds_no_element_and_no_attribute(field, text):
    # As long as the one it stands for, so that both are cut alike.
    plain, hostile = (Words(**{field: value}) for value in ("x" * len(text), text))
    assert Page(whole_page(hostile)).structure == Page(whole_page(plain)).structure


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_loaded_from_anywhere(text):
    seen = Page(whole_page(Words(**{field.name: text for field in fields(Words)})))
    assert {attrs["src"][:23] for attrs in seen.all("img")} == {"data:image/jpeg;base64,"}
    assert {attrs["href"] for attrs in seen.all("a")} == {"#1", "#2"}
    assert not [name for _, attrs in seen.tags for name in attrs if name.startswith("on")]
    assert not [attrs for _, attrs in seen.tags if "url(" in (attrs.get("style") or "")]
    assert {tag for tag, _ in seen.tags}.isdisjoint(
        {"script", "iframe", "object", "link", "base", "form", "svg"}
    )


def test_a_page_forbids_everything_but_its_own_pictures_and_styles():
    policy = next(meta for meta in Page(whole_page(Words())).all("meta") if "http-equiv" in meta)
    assert policy == {
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'",
    }


def test_a_page_has_a_heading_for_each_query():
    seen = Page(page("All queries", [section_of(Words(heading=name)) for name in ("Dogs", "Cats")]))
    assert [attrs["id"] for attrs in seen.all("h2")] == ["1", "2"]
    assert [attrs["href"] for attrs in seen.all("a")] == ["#1", "#2"]
    for text in ("Dogs", "Cats", "Every dog.", "2 of 9 hits for concept('dog') in 3.2 ms", "and 7 more"):
        assert text in seen.text


def test_a_page_of_one_query_needs_no_contents():
    assert Page(page("One", [section_of(Words())])).all("nav") == []


def test_a_fragment_uses_only_what_an_untrusted_notebook_keeps():
    text = fragment(section_of(Words()))
    allowed = {"div", "figure", "figcaption", "img", "span", "strong", "bdi", "code", "details", "summary"}
    assert {tag for tag, _ in Page(text).tags} == allowed
    for gone in (
        "var(",
        "calc(",
        "color-mix(",
        "aspect-ratio",
        "display:flex",
        "display:grid",
        " id=",
        " class=",
    ):
        assert gone not in text


def test_a_region_is_drawn_where_it_is():
    styles = [attrs.get("style", "") for attrs in one(hit()).all("div")]
    assert sum("left:20.00%;top:10.00%;width:40.00%;height:40.00%" in style for style in styles) == 1


def test_regions_that_other_terms_found_are_drawn_once_and_dashed():
    other = Box(0, 0, 0.5, 0.5)
    parts = [Part("a", 0.5, box=REGION), Part("b", 0.5, box=other), Part("c", 0.5, box=other)]
    styles = [attrs.get("style", "") for attrs in one(hit(parts=tuple(parts))).all("div")]
    assert sum("dashed" in style for style in styles) == 1
    assert sum("solid #ffd60a" in style for style in styles) == 1


def test_a_picture_keeps_its_shape_in_its_place():
    (image,) = one(hit()).all("img")
    assert "width:166px;height:124px" in image["style"]
    assert image["alt"] == "rex_1.jpg, one region marked"


def test_a_whole_image_has_no_box_and_says_so():
    seen = one(hit(box=None))
    assert seen.all("img")[0]["alt"] == "rex_1.jpg"
    assert not [attrs for attrs in seen.all("div") if "%;top:" in attrs.get("style", "")]


def test_an_input_without_a_picture_says_so():
    seen = Page(fragment(Section([Tile(hit())], summary="")))
    assert seen.all("img") == []
    assert "no picture stored" in seen.text


def test_an_image_of_no_size_is_shown_nonetheless():
    found = hit()
    (image,) = one(replace(found, input=replace(found.input, width=0, height=9000))).all("img")
    assert "width:1px;height:140px" in image["style"]


def test_every_term_has_a_bar_as_long_as_its_score():
    parts = (Part("a", 0.25), Part("b", 0.5, negated=True), Part("c", math.nan), Part("d", 7.0))
    styles = [attrs.get("style", "") for attrs in one(hit(parts=parts)).all("div")]
    fills = [style.split(";")[1] for style in styles if style.startswith("height:3px;width:")]
    assert fills == ["width:25.0%", "width:50.0%", "width:0.0%", "width:100.0%"]


def test_a_filter_has_no_bar_but_is_explained():
    seen = one(hit(parts=(Part("label('a')", math.nan, negated=True, is_filter=True), Part("b", 0.5))))
    styles = [attrs.get("style", "") for attrs in seen.all("div")]
    assert sum(style.startswith("height:3px;width:") for style in styles) == 1
    assert "not label('a'): holds" in seen.text


def test_many_terms_show_few_bars_but_all_are_explained():
    parts = tuple(Part(f"concept('{n}')", 0.5, notes=(f"note {n}",)) for n in range(9))
    seen = one(hit(parts=parts))
    assert sum(attrs.get("style", "").startswith("height:3px;width:") for attrs in seen.all("div")) == BARS
    assert "concept('8'): 0.500" in seen.text
    assert "note 8" in seen.text


def test_a_view_of_a_plugin_stands_in_for_the_picture():
    seen = one(hit(), view="<b>mine</b>")
    assert seen.all("img") == []
    assert "mine" in seen.text
    assert "0.990" in seen.text


def test_no_hits_are_a_sentence():
    assert "no hits for" in Page(fragment(Section([], summary="no hits", query="x"))).text
