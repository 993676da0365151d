"""What a plugin provides: protocols for everything the registry accepts.

A *factory* is called with the text after the colon of a specification (``"timm:resnet18"`` calls the factory
named ``timm`` with ``"resnet18"``; ``"pixels"`` calls it with ``""``) and returns the component. A plain class
with a `name` is a factory. Components travel to worker processes, so they pickle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from ..values.types import Box, Concept, Detection, FloatArray, GeoPoint, Json
from .parameters import Parameter

if TYPE_CHECKING:
    from ..query import Query
    from ..snapshot import Snapshot
    from ..values.settings import Settings

__all__ = [
    "Arguments",
    "BatchRanker",
    "Capabilities",
    "Compound",
    "ConceptGraph",
    "ConceptModel",
    "ConceptModelFactory",
    "Context",
    "Detector",
    "DetectorFactory",
    "Embedder",
    "EmbedderFactory",
    "Importer",
    "Meaning",
    "Names",
    "Ranker",
    "Record",
    "SimilarityIndex",
    "SimilarityIndexFactory",
    "Translator",
]


@dataclass(frozen=True, slots=True)
class Arguments:
    """A term bound to its ranker's parameters: every declared name has a value.

    Parameters
    ----------
    ranker : str
        Who scores it.
    values : mapping of str to Json
        One per declared parameter, defaults filled in.
    """

    ranker: str
    values: Mapping[str, Json]

    def __getitem__(self, name: str) -> Json:
        return self.values[name]


@runtime_checkable
class Ranker(Protocol):
    """Scores every row of a snapshot for one term.

    Attributes
    ----------
    name : str
        The word that queries use, a Python identifier.
    parameters : sequence of Parameter
        What a term can say; the first is the subject, given by position.
    is_filter : bool
        True if it only says which rows may be hits: scores are 1 or NaN and weigh nothing.
    help : str
        One sentence.
    """

    name: str
    parameters: Sequence[Parameter]
    is_filter: bool
    help: str

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores : float32 (r,), in [0, 1], higher is better; NaN where the row is not a hit of the term."""
        ...


@runtime_checkable
class BatchRanker(Protocol):
    """A ranker that scores many of its terms at once for less than one after the other.

    It still has `Ranker.rank`, and says the same of each term, to within the rounding of float32.
    """

    def rank_many(self, terms: Sequence[Arguments], snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores : float32 (b, r), a row for each of b terms, as of `Ranker.rank`."""
        ...


@runtime_checkable
class Compound(Protocol):
    """A ranker some of whose terms stand for a query of others, as a term of several concepts does.

    The query is ranked in the term's place, so it means exactly what a person would have written out, at every
    level of hits; explaining a hit shows its terms.
    """

    def written_out(self, term: Arguments) -> Query | None:
        """The query that a term stands for; None if it is ranked as it is."""
        ...


class Context(Protocol):
    """What a ranker may ask the house for."""

    @property
    def settings(self) -> Settings:
        """How the collection behaves."""
        ...

    @property
    def most(self) -> int | None:
        """How many best rows are enough, if this term alone decides the order; None if every row counts."""
        ...

    def open_image(self, source: Json) -> Image:
        """An upright RGB picture from a path, a URL, ``{"base64": ...}``, or ``{"input": id}``."""
        ...

    def embed(self, source: Json, *, box: Box | None = None, space: str | None = None) -> FloatArray:
        """Unit vector float32 (d,) of a picture, or of a box on it, in a space (the default one if None)."""
        ...

    def space(self, name: str | None = None) -> str:
        """The full name of a space (``pixels@1``) from a short one (``pixels``) or None for the default."""
        ...

    def similarities(
        self, vector: FloatArray, *, space: str | None = None, most: int | None = None
    ) -> FloatArray:
        """Cosine float32 (r,) of every row to a unit vector (d,); NaN where a row has no embedding.

        The array is the caller's own to overwrite. A ranker whose scores have the order of these cosines
        passes on ``most=context.most``: the house may then ask its similarity index for so many rows, and the
        others are NaN too.
        """
        ...

    def similarities_many(self, vectors: FloatArray, *, space: str | None = None) -> FloatArray:
        """Cosine float32 (b, r) of every row to unit vectors (b, d), as one product; for `BatchRanker`."""
        ...

    def meanings(self, name: str, *, language: str | None = None) -> Sequence[Meaning]:
        """The concepts a word may mean, the likeliest first, all of them concepts of the collection.

        A word without a language that is a concept's id is that concept. Else the translators are asked in
        turn for the language, by default the collection's own, and the first answer counts; then the word is
        taken as an id, then as a name in any language.

        Raises
        ------
        UnknownNameError
            Nothing goes by that name: with the languages tried and the nearest names.
        """
        ...

    @property
    def names(self) -> Names:
        """The names and relations that the collection stores."""
        ...

    def is_exclusive(self, source: str) -> bool:
        """Whether a source's values of all its concepts add up to 1, so that those of several may be added."""
        ...

    def input_row(self, id: str) -> int:
        """The index in [0, n) of an input named by id."""
        ...

    def region_row(self, id: str) -> int:
        """The index in [0, r) of a region named by id."""
        ...

    def note(self, text: str) -> None:
        """Say why this term scores as it does; shown when a hit is explained."""
        ...

    def matched(self, concept: str) -> None:
        """Say that the term is about this concept id, so that a hit shows the annotation that has it."""
        ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """One reading of a word.

    Parameters
    ----------
    concept : str
        Concept id.
    language : str
        Tag of the language in which it goes by that name.
    name : str
        The name that matched, as stored.
    origin : str
        Who knew: ``"id"``, ``"names"`` or a translator's name.
    """

    concept: str
    language: str
    name: str
    origin: str


class Embedder(Protocol):
    """Turns pictures into vectors.

    Attributes
    ----------
    name, version : str
        Together they name the space, ``name@version``; change the version whenever vectors change.
    dimension : int
        d.

    Notes
    -----
    An embedder that has a method ``embed_regions``, with the signature of `embed`, gets parts of pictures there: a
    network that crops a photo to its middle would lose the rims of a region, and squashes it instead. What both
    return is of one space, and compared.
    """

    name: str
    version: str
    dimension: int

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, d) of upright RGB pictures of any size; the house makes them unit length."""
        ...


class ConceptModel(Protocol):
    """Says which concepts a picture shows.

    Attributes
    ----------
    name, version : str
        The source of its annotations is ``model:<name>@<version>``.
    concepts : sequence of Concept
        All it can say, with names; added to the collection when it first runs.

    Notes
    -----
    A model that has the attribute ``exclusive = True`` is a softmax: exactly one of its concepts is true of a
    picture, so the confidence of "dog" is the sum over all breeds. Without it, the highest of them counts.
    """

    name: str
    version: str
    concepts: Sequence[Concept]

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to confidence in [0, 1]; what is not worth storing is left out."""
        ...


class Detector(Protocol):
    """Finds regions.

    Attributes
    ----------
    name, version : str
        The source of its annotations is ``model:<name>@<version>``.
    concepts : sequence of Concept
        All it can say; empty for a proposer of regions without a class.
    """

    name: str
    version: str
    concepts: Sequence[Concept]

    def detect(self, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
        """Per picture: the regions found, the surest first."""
        ...


class EmbedderFactory(Protocol):
    """Makes an embedder from the text after the colon."""

    name: str

    def __call__(self, argument: str = "", /) -> Embedder:
        """The embedder."""
        ...


class ConceptModelFactory(Protocol):
    """Makes a concept model from the text after the colon."""

    name: str

    def __call__(self, argument: str = "", /) -> ConceptModel:
        """The concept model."""
        ...


class DetectorFactory(Protocol):
    """Makes a detector from the text after the colon."""

    name: str

    def __call__(self, argument: str = "", /) -> Detector:
        """The detector."""
        ...


@runtime_checkable
class Translator(Protocol):
    """Knows what words mean.

    Attributes
    ----------
    name : str
        Shown as the origin of a meaning.

    Notes
    -----
    An attribute ``hint``, if it has one, is a sentence added to the error for a word that nobody knows.
    """

    name: str

    def translate(self, name: str, *, language: str | None, names: Names) -> Iterable[Meaning]:
        """What a word may mean, the likeliest first.

        Parameters
        ----------
        name : str
            The word as the person wrote it.
        language : str or None
            BCP 47 tag; None for any language.
        names : Names
            The names stored in the collection, to look up what the word means there. Meanings whose concept
            the collection does not know only serve to say so.
        """
        ...


class Names(Protocol):
    """The concept names stored in a collection."""

    def lookup(self, name: str, *, language: str | None) -> Sequence[Meaning]:
        """Concepts that go by this name, those that prefer it first.

        Case, width and characters that cannot be seen make no difference. A language in which nothing goes by
        it gives way to wider ones (``zh-Hant-TW``, ``zh-Hant``, ``zh``); None looks in all.
        """
        ...

    def concept(self, id: str) -> bool:
        """Whether the collection knows a concept by this id."""
        ...

    def below(self, concept: str) -> Sequence[str]:
        """The concept itself, its synonyms, and every concept below any of them; nothing if nobody knows it."""
        ...

    def above(self, concept: str) -> Sequence[str]:
        """Every concept above one, the nearest first."""
        ...

    def classes(self, concept: str) -> int:
        """How many concepts at or below one a model can say, or an annotation mentions."""
        ...


@runtime_checkable
class ConceptGraph(Protocol):
    """A translator that also knows what lies above a concept: it is asked when a model brings new concepts.

    Attributes
    ----------
    name : str
        That of the translator.
    """

    name: str

    def above(self, concepts: Iterable[str]) -> Iterable[Concept]:
        """The concepts themselves, then all above them, the nearest first, with names and hypernyms.

        Those it does not know are left out. A collection stores what comes back, so that ranking by what lies
        above needs no graph.
        """
        ...


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a similarity index can do.

    Parameters
    ----------
    exact : bool
        Its neighbours are the true ones.
    dense : bool
        It scores every vector: has ``similarities(queries) -> float32 (b, m)``.
    incremental : bool
        It takes more vectors without starting again: has ``partial_fit(X)``, which appends.
    brute : bool
        It compares a query with every vector, as one matrix product does faster. A search then takes that
        product, and never makes the index: importing the library behind it may take longer than the search.
    """

    exact: bool
    dense: bool = False
    incremental: bool = False
    brute: bool = False


class SimilarityIndex(Protocol):
    """scikit-learn's own contract of a neighbour search, over unit vectors.

    Attributes
    ----------
    metric : str
        ``"euclidean"`` or ``"cosine"``: what the distances of `kneighbors` are.
    capabilities : Capabilities
        What else it can do. An object without it (scikit-learn's own) is taken as exact and nothing more.
    """

    metric: str

    def fit(self, X: FloatArray, y: None = None) -> SimilarityIndex:  # noqa: N803
        """Take the vectors, float32 (m, d); keeps a reference, copies nothing if it can."""
        ...

    def kneighbors(
        self,
        X: FloatArray,  # noqa: N803
        n_neighbors: int,
    ) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.integer]]:
        """Distances (b, k) ascending and indices (b, k) of the nearest vectors to queries (b, d)."""
        ...


class SimilarityIndexFactory(Protocol):
    """Makes an unfitted similarity index.

    A factory with the `capabilities` of what it makes spares the house making one to ask.
    """

    name: str

    def __call__(self) -> SimilarityIndex:
        """The index."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """One image on its way into the collection.

    Parameters
    ----------
    source : str or bytes
        A path, a URL, or the encoded file itself.
    id : str or None
        Public id; made from the content if None.
    metadata : mapping
        Any JSON object.
    geo : GeoPoint or None
        Where it was taken.
    datasets : tuple of str
        Datasets to put it in.
    concepts : mapping of str to float
        A human's labels of the whole image.
    regions : tuple of Detection
        A human's labeled regions.
    """

    source: str | bytes
    id: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    geo: GeoPoint | None = None
    datasets: tuple[str, ...] = ()
    concepts: Mapping[str, float] = field(default_factory=dict)
    regions: tuple[Detection, ...] = ()


@runtime_checkable
class Importer(Protocol):
    """Reads records from some form of source.

    Attributes
    ----------
    name : str
        Such as ``"folder"`` or ``"coco"``.
    """

    name: str

    def accepts(self, source: object) -> bool:
        """Whether this importer reads that source; cheap, and never raises."""
        ...

    def records(self, source: object) -> Iterator[Record]:
        """The records, lazily.

        Raises
        ------
        InputError
            If the source as a whole cannot be read.
        """
        ...
