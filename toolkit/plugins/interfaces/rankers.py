"""What scores the rows of a collection for a term, and what it may ask while it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PIL.Image import Image

from ...errors import NotIndexedError
from ...values.types import Box, Concept, FloatArray, IntArray, Json
from ..parameters import Parameter
from .narrowing import Narrowing
from .translators import ConceptLookup, Meaning

if TYPE_CHECKING:
    from ...query import Query, Term
    from ...snapshot import Snapshot
    from ...values.settings import Settings

__all__ = ["Arguments", "BatchRanker", "Compound", "Context", "QueryVector", "Ranker", "VectorRanker"]


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
        The parameters of a term; the first is the subject, given by position.
    is_filter : bool
        True if it only restricts which rows may be hits: scores are 1 or NaN and weigh nothing.
    help : str
        One sentence.

    Notes
    -----
    A score estimates the probability that the row is relevant to the term, at the collection's own prevalence. A
    ranker that cannot say one has an attribute ``scale`` beside the others, and the toolkit makes scores of what it
    returns; the order of its rows stays as it is.

    - ``"probability"``, the default: values in [0, 1], taken as they are.
    - ``"cosine"``: values in [-1, 1], set against the cosines of unrelated pictures in the space that the ranker
      passed to `Context.similarities`, or against all it returned if it asked for none.
    - ``"raw"``: any finite values, scored by their rank in the collection.

    A collection too large for a snapshot of everything is ranked in parts, which `rank` sees as snapshots of their own.
    A ranker that scores a row by all the others has an attribute ``needs_all_rows = True``, and is refused there.
    """

    name: str
    parameters: Sequence[Parameter]
    is_filter: bool
    help: str

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Values : float32 (r,), higher is better, in the range of the scale; NaN where the row is not a hit.

        Parameters
        ----------
        term : Arguments
            The term, with a value for every parameter.
        snapshot : Snapshot
            A revision of the collection.
        context : Context
            What the ranker may use: embeddings, similarities, meanings of words.
        """
        ...


@runtime_checkable
class BatchRanker(Protocol):
    """A ranker that scores many of its terms at once for less than one after the other.

    It still has `Ranker.rank`, and scores each term the same, to within the rounding of float32.
    """

    def rank_many(self, terms: Sequence[Arguments], snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores : float32 (b, r), a row for each of b terms, as of `Ranker.rank`.

        Parameters
        ----------
        terms : sequence of Arguments
            The terms, each with a value for every parameter; those that are spaces are the same in all.
        snapshot : Snapshot
            A revision of the collection.
        context : Context
            As of `Ranker.rank`.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class QueryVector:
    """What the rows of a collection are compared with.

    Parameters
    ----------
    space : str
        The full name of a space.
    vector : float32 (d,)
        Unit length.
    """

    space: str
    vector: FloatArray


@runtime_checkable
class VectorRanker(Protocol):
    """A ranker of scale ``"cosine"`` whose values are the cosines to one vector, in one space.

    A search then asks it for the vector alone and compares for itself: only rows that can still be hits, all
    vectors of a query in one pass, and by bounds where that is faster. `Ranker.rank` gives the same values, and
    is what everybody else calls.
    """

    def query_vector(self, term: Arguments, snapshot: Snapshot, context: Context) -> QueryVector:
        """The vector that a term compares with, and its space.

        Parameters
        ----------
        term : Arguments
            The term, with a value for every parameter.
        snapshot : Snapshot
            A revision of the collection.
        context : Context
            As of `Ranker.rank`.
        """
        ...


@runtime_checkable
class Compound(Protocol):
    """A ranker some of whose terms stand for a query of others, as a term of several concepts does.

    The query is ranked in the term's place, so it means exactly what a person would have written out, at every
    level of hits; explaining a hit shows its terms.
    """

    def expand(self, term: Arguments) -> Query | None:
        """The query that a term stands for; None if it is ranked as it is."""
        ...


class Context(Protocol):
    """What a ranker may use: embeddings, similarities, meanings of words, pictures."""

    @property
    def settings(self) -> Settings:
        """The settings of the collection."""
        ...

    @property
    def top_k(self) -> int | None:
        """The number of best rows that are enough when this term alone decides the order; None if every row counts."""
        ...

    @property
    def rows(self) -> IntArray:
        """The rows that are looked at, ascending: all, or the best of what came before in ``a >> b``.

        A ranker that works row by row loops over these; whatever it returns for others does not count.
        """
        ...

    def open_image(self, origin: Json) -> Image:
        """An upright RGB picture from a path, a URL, ``{"base64": ...}``, or ``{"input": id}``."""
        ...

    def embed(self, origin: Json, *, box: Box | None = None, space: str | None = None) -> FloatArray:
        """Unit vector float32 (d,) of a picture, or of a box on it, in a space (the default one if None).

        Parameters
        ----------
        origin : JSON value
            A path, a URL, ``{"base64": ...}``, or ``{"input": id}``.
        box : Box, optional
            The part of the picture to embed; None for the whole.
        space : str, optional
            Of which space; the default space if None.
        """
        ...

    def space(self, name: str | None = None) -> str:
        """The full name of a space (``pixels@1``) from a short one (``pixels``) or None for the default."""
        ...

    def similarities(
        self, vector: FloatArray, *, space: str | None = None, top_k: int | None = None
    ) -> FloatArray:
        """Cosine float32 (r,) of every row to a unit vector (d,); NaN where a row has no embedding.

        The array is the caller's own to overwrite. A ranker whose scores have the order of these cosines
        passes on ``top_k=context.top_k``: a similarity index may then find so many rows, and the
        others are NaN too.

        Parameters
        ----------
        vector : float32 array
            A query, float32 (d,) of unit length.
        space : str, optional
            Of which space; the default space if None.
        top_k : int, optional
            How many of the nearest rows are enough; None if every row needs its cosine.
        """
        ...

    def similarities_many(self, vectors: FloatArray, *, space: str | None = None) -> FloatArray:
        """Cosine float32 (b, r) of every row to unit vectors (b, d), as one product; for `BatchRanker`.

        Parameters
        ----------
        vectors : float32 array
            Queries, float32 (b, d) of unit length.
        space : str, optional
            Of which space; the default space if None.
        """
        ...

    def meanings(self, name: str, *, language: str | None = None, exact: bool = False) -> Sequence[Meaning]:
        """The senses of a word that are to be ranked, each with all concepts of the collection that it names.

        Without a language the word is an id and a name. The translators are asked in turn for the language, by
        default the collection's own, and the first answer counts of which a model or an annotation has anything;
        then the word is looked for in any language.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str, optional
            A BCP 47 tag; the collection's own language if None.
        exact : bool
            Whether the name is an id, and means that concept alone.

        Raises
        ------
        UnknownNameError
            No concept has that name; the error lists the languages tried and the nearest names.
        """
        ...

    def absent(self, meanings: Sequence[Meaning], name: str) -> NotIndexedError:
        """The error for a word of which no model or annotation has anything: what is nearest, and what to type.

        Parameters
        ----------
        meanings : sequence of Meaning
            What the word may mean.
        name : str
            As a person wrote it.
        """
        ...

    @property
    def narrowing(self) -> Narrowing:
        """What the store finds without looking at all of it, for `NarrowingFilter`."""
        ...

    @property
    def names(self) -> ConceptLookup:
        """The names and relations that the collection stores."""
        ...

    def text_space(self, name: str | None = None) -> str | None:
        """The full name of a space that words can be put into; None if there is no such space.

        Parameters
        ----------
        name : str, optional
            Of this space only; of the first that has a text side if None.
        """
        ...

    def embed_text(self, text: str, *, space: str) -> FloatArray:
        """Unit vector float32 (d,) of a text, in a space that `text_space` named.

        Parameters
        ----------
        text : str
            As a person wrote it.
        space : str
            Full name of the space.
        """
        ...

    def senses(self, name: str, *, language: str | None = None) -> Sequence[Meaning]:
        """The concepts a word may stand for, the likeliest first, in the collection or not; none if it is unknown.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str, optional
            A BCP 47 tag; the collection's own language, then any, if None.
        """
        ...

    def define(self, concepts: Sequence[str]) -> Sequence[Concept]:
        """Some concepts with their English names, and with a definition where a lexicon has one, in this order."""
        ...

    def rank(self, term: Term) -> FloatArray:
        """The values float32 (r,) of another term, in the range of its ranker's scale; its errors are raised.

        A ranker may so build on what another plugin knows without knowing the plugin.
        """
        ...

    def layout(self, projection: str, *, space: str | None = None) -> tuple[FloatArray, str]:
        """Where `Collection.project` put the inputs, float32 (n, 2), NaN where nowhere; and which drawing it is.

        Parameters
        ----------
        projection : str
            Its name.
        space : str, optional
            Of which space; the default space if None.
        """
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

    def copies(self, id: str) -> Sequence[int]:
        """The indices in [0, n) of the other inputs that have the same file as one, ascending."""
        ...

    def note(self, text: str) -> None:
        """Add a note on the scores of this term, shown when a hit is explained."""
        ...

    def matched(self, concept: str) -> None:
        """Record the concept id that the term is about, so that a hit shows its annotation."""
        ...

    def examined(self, source: str | None = None) -> None:
        """Record that rows without a score were examined too, and nothing was found there.

        All of them; or, with the source of an annotation, those of inputs that it has looked at by the record that
        the collection keeps.

        Alone such a row is no hit, as any row without a score. Inside ``&`` it counts as a small chance instead of
        ruling the row out, because models miss things.
        """
        ...
