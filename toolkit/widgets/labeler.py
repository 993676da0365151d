"""The bar above the hits: which concept the marks are labels of, undo, and learning from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..hits import Hits
from ..hits.markup import element
from ..learned.trained_concept import TrainedConcept
from ..values.source import Source
from ..values.types import Box, Hit, Json
from .gallery import Gallery
from .labels import LabelChange, key_of, label, labels_by_person
from .message_widget import Answer, MessageWidget, Request
from .static_view import STILL
from .suggestions import complete

__all__ = ["Labeler", "ranking_change"]

Refined: TypeAlias = Callable[[str], str]


class Labeler(MessageWidget):
    """Writes the marks of a gallery as labels of one concept, as they are made.

    Parameters
    ----------
    photos : Collection
        Where labels are written.
    gallery : Gallery
        Whose marks.
    concept : str
        An id or a name. Marks wait until there is one.
    user : str, optional
        Who labels; ``Settings.user`` by default. Labels by others stay as they are.

    Attributes
    ----------
    title : str
        The name of the concept for a person to read.
    yes, no : int
        How many of the hits that are shown this person labeled as showing the concept, and as not.
    theirs : int
        How many of them others have labeled.
    revision : int
        Of the collection, when it was last looked whether something was written: ``observe`` it to follow. A page that
        is seen looks every few seconds; a collection on a server says at once.
    """

    scripts = ("combobox.js", "labeler.js")
    state_traits = ("concept", "user")
    asks = {"suggest": "_suggest", "undo": "_undo", "refine": "_refine", "poll": "_poll"}  # noqa: RUF012  # read only
    looks = frozenset({"suggest", "poll"})

    concept = traitlets.Unicode("").tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    user = traitlets.Unicode("").tag(sync=True)
    yes = traitlets.Int(0).tag(sync=True)
    no = traitlets.Int(0).tag(sync=True)
    theirs = traitlets.Int(0).tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self, photos: Collection, gallery: Gallery, *, concept: str = "", user: str | None = None
    ) -> None:
        super().__init__(concept=concept, user=user or photos.settings.user)
        self._photos = photos
        self._gallery = gallery
        self._written: list[list[LabelChange]] = []
        self._waiting: list[tuple[Sequence[Hit], float | None]] = []
        self.after: Refined | None = None
        """What happens once the concept is trained; returns a sentence about what changed."""
        gallery.marker, gallery.undoer, gallery.namer = self._mark, self.undo, self.name
        gallery.observe(lambda _: self._load(), "version")
        gallery.observe(lambda _: self._count(), "marks")
        self.observe(lambda _: self._named_now(), "concept")
        self._load()
        self._following = photos.follow(self._look) if photos.is_shared else None

    def name(self, concept: str) -> None:
        """Name the concept that marks are labels of; marks that wait for it are written.

        Raises
        ------
        QueryError
            It is no name.
        """
        if not concept.strip():
            raise QueryError("name the concept that the marks are labels of")
        self.concept = concept.strip()

    def label(
        self, inputs: str | Sequence[str], value: float | None = 1.0, *, box: Box | None = None
    ) -> None:
        """Label inputs, or a part of them, with the concept: 1 is yes, 0 is no, None removes the label.

        Parameters
        ----------
        inputs : str or sequence of str
            Ids of inputs.
        value : float or None
            In [0, 1]; None takes a label back.
        box : Box, optional
            The part that the label is about; by default the whole picture.

        Raises
        ------
        QueryError
            There is no concept yet, or the value is outside [0, 1].
        UnknownNameError
            No input has one of the ids.
        """
        ids = [inputs] if isinstance(inputs, str) else list(inputs)
        self._write([(id, box) for id in ids], value)

    def undo(self) -> None:
        """Undo the last label, or the last mark that waits for a name; does nothing if there is none."""
        if self._waiting:
            self._waiting.pop()
            self._show_waiting()
            return
        if not self._written:
            return
        written = self._written.pop()
        for value in dict.fromkeys(one.before for one in written):
            places = [(one.input, one.box) for one in written if one.before == value]
            label(self._photos, places, written[0].concept, value, user=self.user)
        self.can_undo = bool(self._written)
        self._load()
        self.set_status("Taken back.")

    def refine(self) -> str:
        """Train the concept on all labels; returns a sentence about what changed.

        Raises
        ------
        QueryError
            There is no concept yet, or fewer than two hits are marked as showing it.
        """
        return self._learned(self._photos.train(self._named(), progress=False))

    def _learned(self, model: TrainedConcept) -> str:
        report = model.report
        title = self._photos.concepts.title(model.concept)
        learned = (
            f"Learned {title!r} from {report.positives} yes and {report.negatives} no "
            f"(average precision of the rest {report.average_precision})."
        )
        sentence = f"{learned} {self.after(model.concept)}" if self.after else learned
        self.set_status(sentence)
        return sentence

    def _named(self) -> str:
        if not self.concept.strip():
            raise QueryError("name the concept that you are labeling first")
        return self.concept.strip()

    def _mark(self, hits: Sequence[Hit], value: float | None, concept: str = "") -> None:
        """Write marks as labels; without a concept they wait until there is one."""
        with self.together.turn:
            if concept.strip() and concept.strip() != self.concept:
                self.name(concept)
            if self.concept.strip():
                self._write(self._places(hits), value)
            else:
                self._waiting.append((hits, value))
                self._show_waiting()

    def _places(self, hits: Sequence[Hit]) -> list[tuple[str, Box | None]]:
        by_region = self._gallery.hits.level == "region"
        return [(hit.input.id, hit.box if by_region else None) for hit in hits]

    def _show_waiting(self) -> None:
        pending: dict[str, float | None] = {}
        for hits, value in self._waiting:
            pending |= {key_of(hit, self._gallery.hits.level): value for hit in hits}
        self._gallery.pending = {key: value for key, value in pending.items() if value is not None}
        self.can_undo = bool(self._waiting or self._written)
        if count := len(self._gallery.pending):
            self.set_status(f"{count} mark{'s' * (count > 1)} to write once the concept has a name.")

    def _named_now(self) -> None:
        """Show the labels of a concept that was named, and write what waited for its name."""
        with self.together.turn:
            self._load()
            waiting, self._waiting = (self._waiting, []) if self.concept.strip() else ([], self._waiting)
            with self.errors_in_status():
                for hits, value in waiting:
                    self._write(self._places(hits), value)
            self._show_waiting()

    def _write(self, places: Sequence[tuple[str, Box | None]], value: float | None) -> None:
        written = label(self._photos, places, self._named(), value, user=self.user)
        self._written.append(written)
        self.can_undo = True
        shown = {key_of(hit, self._gallery.hits.level) for hit in self._gallery.hits}
        self._gallery.set_marks({one.region: value for one in written if one.region in shown})
        self.set_status(f"Written as {self.user}.")

    def _load(self) -> None:
        """Show the labels that this person gave to the hits before."""
        with self.together.turn, self.errors_in_status():
            concept = self.concept.strip()
            self.title = self._photos.concepts.title(concept)
            by_person = labels_by_person(self._photos, self._gallery.hits, concept) if concept else {}
            mine = Source.human(self.user)
            self._gallery.marks = {key: values[mine] for key, values in by_person.items() if mine in values}
            self._gallery.theirs = {
                key: [
                    f"{'✓' if value >= 0.5 else '✗'} {source.partition(':')[2]}" for source, value in others
                ]
                for key, values in by_person.items()
                if (others := sorted((source, value) for source, value in values.items() if source != mine))
            }
            self._count()

    def _count(self) -> None:
        values = list(self._gallery.marks.values())
        self.yes = sum(value >= 0.5 for value in values)
        self.no = len(values) - self.yes
        self.theirs = len(self._gallery.theirs)

    def _suggest(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return {"found": complete(self._photos, str(asked.get("prefix", "")))}, []

    def _poll(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self._look()
        return {}, []

    def _look(self) -> None:
        """Look whether another person, or another process, has written since."""
        with self.together.turn:
            before, self.revision = self.revision, self._photos.snapshot().revision
            if before != self.revision:
                self._load()

    def _undo(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.undo()
        return {}, []

    def _refine(self, asked: Request, _: Sequence[bytes]) -> Answer:
        concept = self._named()

        def trained(model: object) -> None:  # which changes the query: in its turn, so that no click is lost
            self._learned(cast(TrainedConcept, model))

        self.run(lambda: self._photos.train(concept, progress=False), trained)
        return {}, []

    def from_dict(self, value: Mapping[str, Json]) -> None:
        """Become what `to_dict` wrote; labels of this concept by this person are shown again."""
        super().from_dict(value)
        self._load()

    def close(self) -> None:
        """Close the widget, and do not follow the collection any more."""
        if self._following is not None:
            self._following.close()
        super().close()

    def static_html(self) -> str:
        """Which concept, and how many labels."""
        if not self.concept:
            return ""
        return element("div", f"Labels of {self.title}: {self.yes} yes, {self.no} no", style=STILL)

    def __repr__(self) -> str:
        return f"Labeler({self.concept!r}, {self.yes} yes, {self.no} no)"


def ranking_change(before: Hits | None, after: Hits) -> str:
    """How a new ranking differs from the previous one, in a sentence.

    Parameters
    ----------
    before : Hits or None
        The ranking that was shown, if there was one.
    after : Hits
        The new one.
    """
    if before is None:
        return f"{after.total_text} hits."
    old = {hit.region_id: hit.rank for hit in before}
    new = [hit for hit in after if hit.region_id not in old]
    up = [hit for hit in after if hit.rank < old.get(hit.region_id, 0)]
    return f"{len(new)} new among the first {len(after)}, {len(up)} moved up."
