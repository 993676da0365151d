"""A sentence and a button where a concept is asked for, and no model has said what the regions show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import cast

import traitlets

from ..collection.collection import Collection
from ..hits import Hits
from ..hits.markup import element
from ..indexing import Report
from .message_widget import Answer, MessageWidget, Request
from .static_view import STILL

__all__ = ["RegionOffer"]


class RegionOffer(MessageWidget):
    """Says how many regions of the hits have no concepts yet, and has them classified where a person wants it.

    Parameters
    ----------
    photos : Collection
        What is searched.

    Attributes
    ----------
    count : int
        How many regions of the pictures shown no model has said anything of; 0 where nothing is offered: a collection
        that cannot be written, a workflow without a concept model, a query without a concept.
    sentence : str
        The same in words; empty where nothing is offered.
    after : callable or None
        What happens once they are classified.

    Examples
    --------
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     RegionOffer(photos)
    RegionOffer(nothing to classify)
    """

    scripts = ("region_offer.js",)
    asks = {"classify": "_classify"}  # noqa: RUF012  # read only; the base class says so

    count = traitlets.Int(0).tag(sync=True)
    sentence = traitlets.Unicode("").tag(sync=True)

    def __init__(self, photos: Collection) -> None:
        super().__init__()
        self._photos = photos
        self._looked = 0
        self._stop = Event()
        self.after: Callable[[], object] | None = None
        self.observe(lambda change: self.set_trait("sentence", _sentence(change["new"])), "count")

    def look(self, hits: Hits | None) -> None:
        """Count for other hits, in the background; None for those of no query."""
        with self.together.turn:
            self._looked += 1
            number = self._looked
        if hits is None or not self._may_offer(hits):
            self.count = 0
            return
        self.background.run_apart(lambda: self._count(hits, number))

    def _may_offer(self, hits: Hits) -> bool:
        terms = hits.expression.terms() if hits.expression is not None else ()
        asks = any(term.ranker == "concept" for term in terms)
        return asks and not self._photos.readonly and bool(self._photos.workflow.concept_models)

    def _count(self, hits: Hits, number: int) -> None:
        with self.errors_in_status():
            found = self._photos.regions.unclassified(dict.fromkeys(hit.input.id for hit in hits))
            with self.together.turn:
                if number == self._looked:  # else other hits are shown by now
                    self.count = len(found)

    def classify(self) -> Report:
        """Have the concept models look at every region of the collection that they have not looked at yet."""
        report = self._classified(Event())
        self._finished(report)
        return report

    def _classified(self, stop: Event) -> Report:
        def tell(share: float) -> None:
            if stop.is_set():
                raise _StoppedError
            self.set_status(f"Classifying regions: {share:.0%}")

        return self._photos.index(regions=True, progress=False, report=tell)

    def _finished(self, report: Report) -> None:
        self.count = 0
        failed = f"; {len(report.failed):,} pictures could not be read" if report.failed else ""
        self.set_status(f"{report.regions:,} regions classified{failed}.")
        if self.after is not None:
            self.after()

    def cancel(self) -> None:
        """Stop after the batch that runs; what is classified stays, and the rest is offered again."""
        self._stop.set()
        super().cancel()

    def close(self) -> None:
        """Close the widget and stop its work."""
        self._stop.set()
        super().close()

    def _classify(self, asked: Request, _: Sequence[bytes]) -> Answer:
        if not self.busy:  # a second click starts nothing new
            stop = self._stop = Event()
            self.run(lambda: self._classified(stop), lambda report: self._finished(cast(Report, report)))
        return {}, []

    def static_html(self) -> str:
        """The sentence; empty where nothing is offered."""
        return element("div", self.sentence, style=STILL) if self.count else ""

    def __repr__(self) -> str:
        return f"RegionOffer({self.sentence or 'nothing to classify'})"


def _sentence(count: int) -> str:
    some = "1 region of these pictures has" if count == 1 else f"{count:,} regions of these pictures have"
    return f"{some} no concepts yet" if count else ""


class _StoppedError(Exception):
    """A person has cancelled."""
