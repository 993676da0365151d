"""Whatever words come from elsewhere, in whatever field, they stay words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from widget_photos import photos as made

from toolkit.plugins.parameters import Parameter
from toolkit.query import Term
from toolkit.values.types import Box
from toolkit.widgets import Gallery, Widgets

from .many_hits import hits_of

# Without a slash, for it is a file name too; short, for a long name is cut.
PAYLOAD = '"><img src=x onerror=hurt=1>{{7*7}}'
DARK = Term("concept", "dark")
NODES = "img[src]:not([src^='blob:']), script, iframe, object, svg:not([aria-hidden]), [onerror], [onload]"
# Wherever a person would read it: as text, as the value of a field, or in a name that is read aloud.
SHOWN = """(payload) => [...document.querySelectorAll('.tk, .tk *')].some((node) =>
  [...node.childNodes].some((child) => child.nodeType === 3 && child.data.includes(payload)) ||
  node.value === payload ||
  [...node.attributes].some((attribute) => attribute.value.includes(payload)))"""


def opened(photos, hits):
    gallery = Gallery(hits, photos=photos)
    gallery.enlarge(0)
    return gallery


def hits_with(**changes):
    hits = hits_of(3, name="a.jpg", words="concept('dog')")
    return replace(
        hits, hits=[replace(hit, **{k: change(hit) for k, change in changes.items()}) for hit in hits]
    )


def builder_of(photos, query):
    return Widgets(photos).query_builder(query)


def strangers(photos, **said):
    class Stranger:
        name, help, is_filter = said.get("name", "stranger"), said.get("help", ""), False
        parameters = (
            Parameter(
                "way", "choice", said.get("parameter", ""), "a", choices=("a", said.get("choice", "b"))
            ),
        )

        def rank(self, term, snapshot, context):
            return np.zeros(len(snapshot.rows), np.float32)

    photos.registry.add(Stranger())
    return builder_of(photos, Term(Stranger.name, "a"))


def picker_of(photos, **traits):
    picker = Widgets(photos).region_picker(photos.search(DARK, limit=1)[0])
    for name, value in traits.items():
        setattr(picker, name, value)
    return picker


def status_of(photos, **status):
    builder = builder_of(photos, DARK)
    builder.status = {"level": "error", "text": "x", **status}
    return builder


def labeler_of(photos, **options):
    return Widgets(photos).annotator(photos.search(DARK, limit=2), **options).labeler


def map_of(photos, **traits):
    globe = Widgets(photos).places()
    for name, value in traits.items():
        setattr(globe, name, value)
    return globe


CHOSEN = {"at": 0, "latitude": 1.0, "longitude": 2.0}
FIELDS = {
    "file name": lambda photos: Gallery(hits_of(3, name=PAYLOAD)),
    "term": lambda photos: Gallery(hits_of(3, words=PAYLOAD)),
    "label of a box": lambda photos: Gallery(hits_of(3, words=PAYLOAD, box=Box(0, 0, 1, 1))),
    "id of an input": lambda photos: opened(
        photos, hits_with(input=lambda hit: replace(hit.input, id=PAYLOAD))
    ),
    "uri": lambda photos: opened(photos, hits_with(input=lambda hit: replace(hit.input, uri=PAYLOAD))),
    "id of a region": lambda photos: opened(photos, hits_with(region_id=lambda hit: PAYLOAD)),
    "source": lambda photos: opened(
        photos, hits_with(annotation=lambda hit: replace(hit.annotation, source=f"human:{PAYLOAD}"))
    ),
    "concept that is said": lambda photos: opened(
        photos, hits_with(annotation=lambda hit: replace(hit.annotation, concepts={PAYLOAD: 0.5}))
    ),
    "note of a ranker": lambda photos: opened(
        photos, hits_with(parts=lambda hit: tuple(replace(part, notes=(PAYLOAD,)) for part in hit.parts))
    ),
    "concept asked for": lambda photos: builder_of(photos, Term("concept", PAYLOAD)),
    "language": lambda photos: builder_of(photos, Term("concept", "dark", {"language": PAYLOAD})),
    "address of a picture": lambda photos: builder_of(photos, Term("image", PAYLOAD)),
    "expression": lambda photos: builder_of(photos, DARK & (Term("concept", PAYLOAD) | DARK)),
    "help of a ranker": lambda photos: strangers(photos, help=PAYLOAD),
    "help of a parameter": lambda photos: strangers(photos, parameter=PAYLOAD),
    "choice of a parameter": lambda photos: strangers(photos, choice=PAYLOAD),
    "status": lambda photos: status_of(photos, text=PAYLOAD),
    "traceback": lambda photos: status_of(photos, trace=PAYLOAD),
    "concept of labels": lambda photos: labeler_of(photos, concept=PAYLOAD),
    "user": lambda photos: labeler_of(photos, user=PAYLOAD),
    "caption of a picture": lambda photos: picker_of(photos, caption=PAYLOAD),
    "name on the map": lambda photos: map_of(photos, chosen={**CHOSEN, "name": PAYLOAD}),
    "area in words": lambda photos: map_of(photos, area_text=PAYLOAD),
}


@pytest.fixture
def photos():
    with made() as collection:
        yield collection


def assert_harmless(page):
    page.wait_for_function(SHOWN, arg=PAYLOAD)
    assert page.locator(NODES).count() == 0
    assert page.evaluate("window.hurt") is None


@pytest.mark.parametrize("field", FIELDS)
def test_hostile_words_stay_words(bridge, photos, field):
    widget = FIELDS[field](photos)
    assert_harmless(bridge.show(widget))
    widget.close()


def test_hostile_names_of_concepts_are_suggested_as_words(bridge, photos):
    photos.concepts.add(PAYLOAD, names={"en": [PAYLOAD]}, definition=PAYLOAD)
    widget = builder_of(photos, Term("concept", "x"))
    page = bridge.show(widget)
    page.get_by_role("combobox", name="name").fill(PAYLOAD[:4])
    page.locator(".tk-list li").first.wait_for()
    assert_harmless(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(text) => document.querySelector('.tk-query').textContent.includes(text)", arg=PAYLOAD[4:20]
    )
    assert_harmless(page)
    widget.close()
