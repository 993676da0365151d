"""A context without a collection: it answers from the small snapshot."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from PIL import Image as PillowImage
from PIL.Image import Image

from ..errors import NotIndexedError, QueryError, UnknownNameError
from ..images import crop, upright
from ..plugins.components import embed_texts
from ..plugins.interfaces import Embedder, Meaning, UsualCosines
from ..query import Term
from ..similarity.background import Background, fit
from ..snapshot import Snapshot
from ..values.base64_text import from_base64
from ..values.settings import Settings
from ..values.types import Box, Concept, FloatArray, Json
from .narrowing import StubNarrowing
from .pictures import pictures
from .snapshot import INPUTS, SPACE, vector

__all__ = ["StubConceptLookup", "StubContext"]

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {"dog": "dog", "cat": "cat", "porch": "porch", "night": "night"},
        "de": {"hund": "dog", "katze": "cat"},
        "ja": {"犬": "dog", "猫": "cat"},
    }
)


class StubConceptLookup:
    """The names a small collection stores, by language. Implements `toolkit.plugins.interfaces.Names`.

    Parameters
    ----------
    words : mapping of str to mapping of str to str
        Language to lower-case name to concept id.
    """

    def __init__(self, words: Mapping[str, Mapping[str, str]] = WORDS) -> None:
        self.words = words

    def lookup(self, name: str, *, language: str | None) -> Sequence[Meaning]:
        """Concepts with exactly this name, whatever its case."""
        languages = self.words if language is None else [language]
        folded = name.casefold()
        return [
            Meaning(concept, tag, name, "names")
            for tag in languages
            if (concept := self.words.get(tag, {}).get(folded)) is not None
        ]

    def concept(self, id: str) -> bool:
        """Whether there is a concept with this id."""
        return any(id in named.values() for named in self.words.values())

    def below(self, concept: str, *, exact: bool = False) -> Sequence[str]:
        """The concept alone, if it is one."""
        return (concept,) if self.concept(concept) else ()

    def same(self, concept: str) -> Sequence[str]:
        """The concept alone, if it is one."""
        return self.below(concept)

    def title(self, concept: str) -> str:
        """The id."""
        return concept

    def above(self, concept: str) -> Sequence[str]:
        """Nothing."""
        return ()

    def count_in_use(self, concept: str) -> int:
        """One, if it is a concept."""
        return len(self.below(concept))


class StubContext:
    """What a ranker may ask for, over `toolkit.testing.snapshot`. Implements `toolkit.plugins.interfaces.Context`.

    The inputs are called ``input-0`` to ``input-7``, the rows ``row-0`` to ``row-11``. Pictures are those of
    `toolkit.testing.pictures`, their embeddings plain gray patches; nothing is fetched.

    Parameters
    ----------
    snapshot : Snapshot
        The small one.
    embedder : Embedder, optional
        One with a text side, of 16 numbers: the small space then takes words.

    Attributes
    ----------
    notes, concepts : list of str
        What the ranker passed to `note` and `matched`.
    examined_all : bool
        Whether it called `examined`.
    """

    def __init__(self, snapshot: Snapshot, *, embedder: Embedder | None = None) -> None:
        self._snapshot = snapshot
        self._embedder = embedder
        self.settings = Settings()
        self.top_k: int | None = None
        self.rows = np.arange(len(snapshot.rows))
        self.narrowing = StubNarrowing(snapshot)
        self.notes: list[str] = []
        self.concepts: list[str] = []
        self.examined_all = False
        self._compared = False

    def open_image(self, origin: Json) -> Image:
        """A picture from a path, ``{"base64": ...}`` or ``{"input": id}``.

        Raises
        ------
        QueryError
            The origin is none of these.
        """
        match origin:
            case {"input": str(id)}:
                return pictures(INPUTS)[self.input_row(id)]
            case {"base64": str(encoded)}:
                return upright(PillowImage.open(io.BytesIO(from_base64(encoded))))
            case str() if "://" not in origin:
                return upright(PillowImage.open(origin))
        raise QueryError(f"a test opens paths, base64 and inputs; not {origin!r:.80}")

    def embed(self, origin: Json, *, box: Box | None = None, space: str | None = None) -> FloatArray:
        """Unit vector float32 (16,)."""
        self.space(space)
        image = self.open_image(origin)
        return vector(image if box is None else crop(image, box))

    def space(self, name: str | None = None) -> str:
        """``stub@1``.

        Raises
        ------
        NotIndexedError
            Another space is asked for, or the snapshot has none.
        """
        if SPACE not in self._snapshot.spaces or name not in {None, SPACE, SPACE.partition("@")[0]}:
            raise NotIndexedError(f"no {name or 'such'} embeddings here; the small snapshot has {SPACE}")
        return SPACE

    def similarities(
        self, vector: FloatArray, *, space: str | None = None, top_k: int | None = None
    ) -> FloatArray:
        """Cosine float32 (r,); NaN where a row has no embedding."""
        self._compared = True
        cosines = np.full(len(self._snapshot.rows), np.nan, np.float32)
        of = self._snapshot.spaces[self.space(space)]
        cosines[of.rows] = of.vectors @ vector
        return cosines

    def similarities_many(self, vectors: FloatArray, *, space: str | None = None) -> FloatArray:
        """Cosine float32 (b, r); NaN where a row has no embedding."""
        return np.stack([self.similarities(vector, space=space) for vector in vectors])

    def meanings(self, name: str, *, language: str | None = None, exact: bool = False) -> Sequence[Meaning]:
        """The concepts of a word in English, German or Japanese; or the one of an id.

        Raises
        ------
        UnknownNameError
            The word is not among the few that are known here.
        """
        if exact and self.names.concept(name):
            return [Meaning(name, "", name, "id")]
        found = [] if exact else StubConceptLookup().lookup(name, language=language)
        if not found:
            raise UnknownNameError("concept", name, self._snapshot.concepts)
        return found

    def absent(self, meanings: Sequence[Meaning], name: str) -> NotIndexedError:
        """The error without anything that is near."""
        return NotIndexedError(f"{name!r}: no annotation here has it")

    @property
    def names(self) -> StubConceptLookup:
        """The same words."""
        return StubConceptLookup()

    def text_space(self, name: str | None = None) -> str | None:
        """``stub@1``, if there is an embedder with a text side."""
        return self.space(name) if hasattr(self._embedder, "embed_text") else None

    def embed_text(self, text: str, *, space: str) -> FloatArray:
        """Unit vector float32 (16,) by the embedder.

        Raises
        ------
        NotIndexedError
            There is none.
        """
        if self._embedder is None:
            raise NotIndexedError("nothing here takes words; the contract has an attribute embedder")
        return np.asarray(embed_texts(self._embedder, [text])[0])

    def senses(self, name: str, *, language: str | None = None) -> Sequence[Meaning]:
        """The concepts of a word in English, German or Japanese; none if it is unknown."""
        return StubConceptLookup().lookup(name, language=language)

    def define(self, concepts: Sequence[str]) -> Sequence[Concept]:
        """Concepts that are called as their ids, without a definition."""
        return [Concept(one, {"en": (one,)}) for one in concepts]

    def rank(self, term: Term) -> FloatArray:
        """No other ranker is here.

        Raises
        ------
        NotIndexedError
            Always.
        """
        raise NotIndexedError(f"no other ranker is part of this test, so {term} has no scores")

    def layout(self, projection: str, *, space: str | None = None) -> tuple[FloatArray, str]:
        """The inputs on a diagonal, from (0, 0) to (1, 1)."""
        line = np.linspace(0, 1, len(self._snapshot.inputs), dtype=np.float32)
        return np.column_stack([line, line]), "0000abcd"

    def is_exclusive(self, source: str) -> bool:
        """No source is."""
        return False

    def input_row(self, id: str) -> int:
        """The index in [0, n) of an input."""
        return _index("input", id, len(self._snapshot.inputs))

    def region_row(self, id: str) -> int:
        """The index in [0, r) of a row."""
        return _index("row", id, len(self._snapshot.rows))

    def copies(self, id: str) -> Sequence[int]:
        """None: all files differ."""
        return ()

    def note(self, text: str) -> None:
        """Store the ranker's note."""
        self.notes.append(text)

    def matched(self, concept: str) -> None:
        """Keep which concept the term is about."""
        self.concepts.append(concept)

    @property
    def background(self) -> Background | None:
        """Of the space that similarities were asked in; None if none were."""
        return (
            fit(self._snapshot.spaces[SPACE], self._snapshot.rows.input, UsualCosines())
            if self._compared
            else None
        )

    def examined(self, source: str | None = None) -> None:
        """Keep that rows without a score were examined too."""
        self.examined_all = True


def _index(word: str, id: str, count: int) -> int:
    names = [f"{word}-{index}" for index in range(count)]
    if id not in names:
        raise UnknownNameError("input" if word == "input" else "region", id, names)
    return names.index(id)
