"""What a ranker may ask the house for while it ranks one term."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence

import numpy as np
from PIL.Image import Image

from ..components import embed, full_name
from ..errors import InputError, NotIndexedError, QueryError, UnknownNameError
from ..images import crop, decode
from ..interfaces import Meaning
from ..neighbors import similarities
from ..resources import Resources
from ..settings import Settings
from ..snapshot import Snapshot
from ..sources import read, read_input
from ..stored_names import StoreNames
from ..types import Box, FloatArray, Json

__all__ = ["TermContext"]


class TermContext:
    """The context of one term of one query. Implements `toolkit.interfaces.Context`.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    snapshot : Snapshot
        What is ranked.
    most : int or None
        How many best rows are enough, if this term alone decides the order.

    Attributes
    ----------
    notes : list of str
        What the ranker said about its scores.
    concepts : list of str
        The concept ids the term is about.
    """

    def __init__(self, resources: Resources, snapshot: Snapshot, *, most: int | None = None) -> None:
        self._resources = resources
        self._snapshot = snapshot
        self.most = most
        self.notes: list[str] = []
        self.concepts: list[str] = []

    @property
    def settings(self) -> Settings:
        """How the collection behaves."""
        return self._resources.settings

    def note(self, text: str) -> None:
        """Say why this term scores as it does."""
        self.notes.append(text)

    def matched(self, concept: str) -> None:
        """Say that the term is about this concept id."""
        self.concepts.append(concept)

    def open_image(self, source: Json) -> Image:
        """An upright RGB picture, decoded just as when it is added."""
        encoded, uri = self._encoded(source)
        settings = self.settings
        return decode(
            encoded, uri=uri, working_size=settings.working_size, max_pixels=settings.max_pixels
        ).image

    def _encoded(self, source: Json | bytes) -> tuple[bytes, str]:
        if isinstance(source, bytes):
            return source, "<bytes>"
        if isinstance(source, Mapping) and isinstance(source.get("base64"), str):
            return _decoded(str(source["base64"])), "<base64>"
        if isinstance(source, Mapping) and isinstance(source.get("input"), str):
            one = self._resources.store.input(str(source["input"]))
            return read_input(one, self._resources.originals, self.settings), one.uri
        if isinstance(source, str):
            return read(source, self.settings, self._resources.registry), source
        raise QueryError(f"a picture is a path, a URL, bytes, or an input's id; not {type(source).__name__}")

    def embed(self, source: Json, *, box: Box | None = None, space: str | None = None) -> FloatArray:
        """Unit vector float32 (d,) of a picture, or of a box on it."""
        name = self.space(space)
        spec = next(space.embedder for space in self._resources.store.spaces() if space.name == name)
        embedder = self._resources.registry.embedder(spec)
        if full_name(embedder) != name:
            raise NotIndexedError(
                f"embedder {spec!r} is now {full_name(embedder)!r} and cannot compare with {name!r}: "
                f"run photos.index(embedder={spec!r})"
            )
        image = self.open_image(source)
        vector: FloatArray = embed(embedder, [image if box is None else crop(image, box)])[0]
        return vector

    def space(self, name: str | None = None) -> str:
        """The full name of a space."""
        spaces = self._snapshot.spaces
        if name is None:
            return self._default_space()
        if name in spaces:
            return name
        if versions := [full for full in spaces if full.rpartition("@")[0] == name]:
            return versions[-1]
        known = ", ".join(spaces) or "none"
        raise NotIndexedError(
            f"no {name!r} embeddings here; run photos.index(embedder={name!r}). There are: {known}"
        )

    def _default_space(self) -> str:
        spaces = self._snapshot.spaces
        for spec in self._resources.workflow.embedders:
            name = full_name(self._resources.registry.embedder(spec))
            if name in spaces:
                return name
        if spaces:
            return next(iter(spaces))
        raise NotIndexedError(
            "nothing is embedded yet: add images with photos.add(...), then photos.index(embedder='pixels')"
        )

    def similarities(self, vector: FloatArray, *, space: str | None = None) -> FloatArray:
        """Cosine float32 (r,) of every row to a unit vector (d,)."""
        of = self._snapshot.spaces[self.space(space)]
        return similarities(
            of, vector, self._resources.indexes, rows=len(self._snapshot.rows), most=self.most
        )

    def meanings(self, name: str, *, language: str | None = None) -> Sequence[Meaning]:
        """The concepts a word may mean, the likeliest first."""
        names = StoreNames(self._resources.store)
        as_id = [Meaning(name, "", name, "id")] if names.concept(name) else []
        # Without a language a word that is an id is that concept; with one, it is a word first.
        found = (as_id if language is None else []) or self._translated(
            name, language or self.settings.language
        )
        found = found or as_id or list(names.lookup(name, language=None))
        if not found:
            tried = language or f"{self.settings.language} and any other"
            known = self._resources.store.nearest_concepts(name)
            raise UnknownNameError("concept", name, known, hint=f"Languages tried: {tried}.")
        return found

    def _translated(self, name: str, language: str) -> list[Meaning]:
        names = StoreNames(self._resources.store)
        for translator in self._resources.registry.translators.values():
            meanings = translator.translate(name, language=language, names=names)
            if known := [meaning for meaning in meanings if names.concept(meaning.concept)]:
                return known
        return []

    def input_row(self, id: str) -> int:
        """The index in [0, n) of an input."""
        return _position(self._snapshot.inputs.key, self._resources.store.input_keys([id])[0], "input", id)

    def region_row(self, id: str) -> int:
        """The index in [0, r) of a region."""
        return _position(self._snapshot.rows.key, self._resources.store.region(id).key, "region", id)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InputError("<base64>", f"not base64: {error}") from error


def _position(keys: np.ndarray[tuple[int], np.dtype[np.int64]], key: int, kind: str, id: str) -> int:
    position = int(np.searchsorted(keys, key))
    if position == len(keys) or keys[position] != key:
        raise UnknownNameError(kind, id, hint="It was added or removed a moment ago; search again.")
    return position
