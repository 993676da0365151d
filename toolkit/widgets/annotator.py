"""Hits to label: the bar that names the concept, and the gallery."""

from __future__ import annotations

from ..collection.collection import Collection
from ..hits import Hits
from .gallery import Gallery
from .labeler import Labeler
from .message_widget import parts_of_a_group
from .widget_group import WidgetGroup

__all__ = ["Annotator"]


class Annotator(WidgetGroup):
    """Every mark on a hit is written as a person's label of a concept, at once.

    Parameters
    ----------
    photos : Collection
        Where labels are written.
    hits : Hits
        What to label.
    concept : str
        An id or a name; can be typed in the widget instead.
    user : str, optional
        Who labels; ``Settings.user`` by default.
    """

    parts = ("gallery", "labeler")

    @parts_of_a_group()
    def __init__(self, photos: Collection, hits: Hits, *, concept: str = "", user: str | None = None) -> None:
        self.gallery = Gallery(hits, photos=photos)
        self.labeler = Labeler(photos, self.gallery, concept=concept, user=user)
        super().__init__(labeler=self.labeler, gallery=self.gallery)
        self.gallery.observe(lambda _: self.refresh_output(), ["version", "marks"])

    def __repr__(self) -> str:
        return f"Annotator({self.labeler!r}, {self.gallery!r})"
