"""The context that a ranker uses while it ranks one term."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from shlex import quote

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from ..errors import NotIndexedError, UnknownNameError
from ..fusion.scores import checked_scores
from ..images import crop, decode
from ..learned import stored_reductions as reductions
from ..learned.reduction import Reduction
from ..plugins.components import embed, embed_texts, full_name
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import ConceptLookup, Embedder, Meaning, Narrowing
from ..query import Term
from ..remedies import Remedy
from ..resources import Resources
from ..snapshot import Snapshot
from ..values.settings import Settings
from ..values.types import Box, Concept, FloatArray, IntArray, Json
from ..words.meanings import WordMeanings
from .examined import examined_inputs
from .layouts import layout_there
from .not_in_part import NotInPart
from .pictures import encoded_picture
from .planning import bind_term
from .spaces import space_name, text_space

__all__ = ["TermContext"]


class TermContext:
    """The context of one term of one query. Implements `toolkit.plugins.interfaces.Context`.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    snapshot : Snapshot
        What is ranked.
    top_k : int or None
        How many best rows are enough, if this term alone decides the order.
    rows : int (k,) or None
        The rows that are looked at, ascending; None for all.

    Attributes
    ----------
    notes : list of str
        The ranker's notes on its scores.
    concepts : list of str
        The concept ids the term is about.
    spaces : list of str
        The spaces it was asked for similarities in.
    examined_inputs : bool (n,) or None
        The inputs that were examined for the term, with a score or without; None if nothing says so.
    hits : int or None
        How many rows have a score, if the ranker was given only the best of them.
    """

    def __init__(
        self,
        resources: Resources,
        snapshot: Snapshot,
        *,
        top_k: int | None = None,
        rows: IntArray | None = None,
    ) -> None:
        self._resources = resources
        self.snapshot = snapshot
        self.top_k = top_k
        self._rows = rows
        self.notes: list[str] = []
        self.concepts: list[str] = []
        self.spaces: list[str] = []
        self.examined_inputs: npt.NDArray[np.bool_] | None = None
        self.hits: int | None = None
        self._spaces: dict[str | None, str] = {}  # full names, by how the ranker called them

    @property
    def settings(self) -> Settings:
        """How the collection behaves."""
        return self._resources.settings

    @property
    def rows(self) -> IntArray:
        """The rows that are looked at, ascending."""
        return np.arange(len(self.snapshot.rows)) if self._rows is None else self._rows

    def note(self, text: str) -> None:
        """Add a note on the scores of this term."""
        self.notes.append(text)

    def matched(self, concept: str) -> None:
        """Record the concept id that the term is about."""
        self.concepts.append(concept)

    def examined(self, source: str | None = None) -> None:
        """Record that rows without a score were examined too: all, or those of inputs that a source looked at."""
        if source is None:
            found = np.ones(len(self.snapshot.inputs), bool)
        else:
            found = examined_inputs(source, self.snapshot, self._resources)
        self.examined_inputs = found if self.examined_inputs is None else self.examined_inputs | found

    def open_image(self, origin: Json) -> Image:
        """An upright RGB picture, decoded just as when it is added."""
        return self._decoded(*encoded_picture(origin, self._resources))

    def _decoded(self, file: bytes, uri: str) -> Image:
        settings = self.settings
        return decode(
            file,
            uri=uri,
            working_size=settings.working_size,
            max_pixels=settings.max_pixels,
            decoders=self._resources.registry.decoders,
        ).image

    def embed(self, origin: Json, *, box: Box | None = None, space: str | None = None) -> FloatArray:
        """Unit vector float32 (d,) of a picture, or of a box on it.

        Raises
        ------
        NotIndexedError
            The embedder has another version now than the vectors of the space.
        """
        name = self.space(space)
        embedder, reduction = self._embedder(name)
        file, uri = encoded_picture(origin, self._resources)
        return self._resources.subjects.vector(
            (name, sha256(file).hexdigest(), box),
            lambda: self._embedded(file, uri, box, embedder, reduction),
        )

    def _embedded(
        self, file: bytes, uri: str, box: Box | None, embedder: Embedder, reduction: Reduction | None
    ) -> FloatArray:
        image = self._decoded(file, uri)
        with contract_errors(f"embedder {full_name(embedder)!r}", "embed() returns vectors"):
            part = image if box is None else crop(image, box)
            vectors = embed(embedder, [part], regions=box is not None)
        return np.asarray(vectors[0] if reduction is None else reduction.transform(vectors)[0])

    def embed_text(self, text: str, *, space: str) -> FloatArray:
        """Unit vector float32 (d,) of a text, in a space with a text side.

        Raises
        ------
        NotIndexedError
            The embedder has another version now than the vectors of the space.
        """
        embedder, reduction = self._embedder(space)
        with contract_errors(f"embedder {space!r}", "embed_text() returns vectors"):
            vectors = embed_texts(embedder, [text])
        return np.asarray(vectors[0] if reduction is None else reduction.transform(vectors)[0])

    def _embedder(self, space: str) -> tuple[Embedder, Reduction | None]:
        reduction = reductions.reduction_of_space(space, self._resources.store)
        specification = self._resources.store.spaces.embedders()[space]
        embedder = self._resources.registry.embedder(specification)
        if full_name(embedder) != (reduction.space if reduction else space):
            raise NotIndexedError(
                f"embedder {specification!r} is now {full_name(embedder)!r} and cannot compare with {space!r}: "
                "run ",
                Remedy(
                    f"photos.index(embedder={specification!r})",
                    f"toolkit index COLLECTION --embedder {quote(specification)}",
                ),
            )
        return embedder, reduction

    def text_space(self, name: str | None = None) -> str | None:
        """The full name of a space with a text side; None if there is none."""
        return text_space(name, self.snapshot, self._resources)

    def space(self, name: str | None = None) -> str:
        """The full name of a space."""
        if name not in self._spaces:
            full = space_name(name, self.snapshot, self._resources)
            self._spaces |= {name: full, full: full}
        return self._spaces[name]

    def similarities(
        self, vector: FloatArray, *, space: str | None = None, top_k: int | None = None
    ) -> FloatArray:
        """Cosine float32 (r,) of every row to a unit vector (d,), or of the `top_k` nearest rows."""
        of, indexes = self.snapshot.spaces[self.space(space)], self._resources.indexes
        self.spaces.append(of.name)
        rows = len(self.snapshot.rows)
        if self._rows is not None:
            return indexes.similarities_of(of, vector, self._rows, rows=rows)
        if top_k is not None and indexes.answers_top_k(of, top_k):
            self.hits = len(of.vectors)
            return indexes.nearest(of, vector, top_k, rows=rows)
        return indexes.similarities(of, vector, rows=rows)

    def similarities_many(self, vectors: FloatArray, *, space: str | None = None) -> FloatArray:
        """Cosine float32 (b, r) of every row to unit vectors (b, d), as one product."""
        of = self.snapshot.spaces[self.space(space)]
        self.spaces.append(of.name)
        return self._resources.indexes.similarities_many(of, vectors, rows=len(self.snapshot.rows))

    def meanings(self, name: str, *, language: str | None = None, exact: bool = False) -> Sequence[Meaning]:
        """The senses of a word that are to be ranked; adds a note if one of several was chosen."""
        reading = self._words.read(name, language=language, exact=exact)
        if reading.note:
            self.note(reading.note)
        return reading.meanings

    def absent(self, meanings: Sequence[Meaning], name: str) -> NotIndexedError:
        """The error for a word of which no model or annotation has anything."""
        return self._words.absent(name, [concept for one in meanings for concept in one.concepts])

    def senses(self, name: str, *, language: str | None = None) -> Sequence[Meaning]:
        """The concepts a word may stand for, in the collection or not; none if it is unknown."""
        return self._words.senses(name, language=language)

    def define(self, concepts: Sequence[str]) -> Sequence[Concept]:
        """Some concepts with their English names and definitions."""
        return self._words.define(concepts)

    def rank(self, term: Term) -> FloatArray:
        """The values float32 (r,) of another term, in the range of its ranker's scale."""
        ranker, arguments = bind_term(term, self._resources.registry)
        return checked_scores(
            ranker.rank(arguments, self.snapshot, self),
            ranker=ranker.name,
            rows=len(self.snapshot.rows),
            is_filter=ranker.is_filter,
            scale=getattr(ranker, "scale", "probability"),
        )

    def layout(self, projection: str, *, space: str | None = None) -> tuple[FloatArray, str]:
        """Where a projection put the inputs, float32 (n, 2), and which drawing it is.

        Raises
        ------
        NotIndexedError
            It was never asked to.
        """
        there = layout_there(projection, space, self.snapshot, self._resources)
        return there.of(self.snapshot.inputs), there.fit

    @property
    def names(self) -> ConceptLookup:
        """The names and relations that the collection stores."""
        return self._words.names

    def is_exclusive(self, source: str) -> bool:
        """Whether a source's values of all its concepts add up to 1."""
        return source in self._words.names.exclusive

    @cached_property
    def _words(self) -> WordMeanings:
        return self._resources.words(self.snapshot.revision)

    def input_row(self, id: str) -> int:
        """The index in [0, n) of an input."""
        key = self._resources.store.inputs.keys([id])[0]
        return self._position(self.snapshot.inputs.key, key, key, "input", id)

    def region_row(self, id: str) -> int:
        """The index in [0, r) of a region."""
        region = self._resources.store.regions.get(id)
        return self._position(self.snapshot.rows.key, region.key, region.input_key, "region", id)

    def copies(self, id: str) -> Sequence[int]:
        """The indices in [0, n) of the other inputs that have the same file as one, ascending."""
        store = self._resources.store
        own = store.inputs.get(id)
        keys = [key for key, _, _ in store.inputs.places_by_content([own.sha256])]
        found = np.flatnonzero(np.isin(self.snapshot.inputs.key, keys)).tolist()
        return [one for one in found if one != self.input_row(own.id)]

    def _position(self, keys: npt.NDArray[np.int64], key: int, input: int, kind: str, id: str) -> int:
        position = int(np.searchsorted(keys, key))
        if position < len(keys) and keys[position] == key:
            return position
        if self.snapshot.is_part:
            raise NotInPart(input)
        raise UnknownNameError(kind, id, hint="It was added or removed a moment ago; search again.")

    @property
    def narrowing(self) -> Narrowing:
        """What the store finds without looking at all of it."""
        return self._resources.store.narrowing
