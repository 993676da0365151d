from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from toolkit.hits.markup import Markup, element, joined
from toolkit.plain_text import printable


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, data):
        self.text += data


@given(st.text(), st.text(min_size=1))
def test_text_and_attributes_come_back_as_they_were(text, title):
    seen = Reader(element("p", text, title=title))
    assert seen.tags == [("p", [("title", printable(title))])]
    assert seen.text == printable(text)


def test_markup_is_not_escaped_twice():
    assert element("p", element("b", "<"), "&") == "<p><b>&lt;</b>&amp;</p>"
    assert joined(["<", Markup("<br>")]) == "&lt;<br>"


def test_an_element_without_content_has_no_closing_tag():
    assert element("img", alt="", src="data:,") == '<img src="data:,">'


def test_names_that_python_reserves_take_an_underscore():
    assert element("p", class_="note") == '<p class="note"></p>'
