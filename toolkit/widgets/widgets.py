"""The widgets of one collection: ``photos.widgets.explorer()``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..collection.collection import Collection
from ..hits import Hits
from ..hits.near_duplicates import NearDuplicates
from ..query import Query
from ..values.types import Hit, Input, Json, Level
from .annotator import Annotator
from .concept_tree import ConceptTree
from .duplicate_reviewer import DuplicateReviewer
from .explorer import Explorer
from .facets import Facets
from .gallery import Gallery
from .map import Map
from .places import Places
from .query_builder import QueryBuilder
from .query_view import read
from .region_picker import RegionPicker

__all__ = ["Widgets"]


class Widgets:
    """Makes widgets over a collection.

    Parameters
    ----------
    photos : Collection
        Whose pictures, and whose annotations.
    """

    def __init__(self, photos: Collection) -> None:
        self._photos = photos

    def explorer(
        self,
        query: Query | str | None = None,
        *,
        limit: int = 48,
        level: Level = "input",
        user: str | None = None,
        state: Mapping[str, Json] | None = None,
    ) -> Explorer:
        """Everything in one: compose a query, look at the hits, mark them, refine.

        Parameters
        ----------
        query : Query or str, optional
            What to start with; it is searched at once.
        limit : int
            How many hits a page has.
        level : {"input", "region"}
            What a hit is.
        user : str, optional
            Who labels; ``Settings.user`` by default.
        state : mapping, optional
            What ``explorer.to_dict()`` wrote, to go on from there; ``photos.queries.last()`` is where one stopped.
        """
        return Explorer(self._photos, query, limit=limit, level=level, user=user, state=state)

    def query_builder(
        self, query: Query | str | None = None, *, limit: int = 48, level: Level = "input"
    ) -> QueryBuilder:
        """Rows of ranks that make a query.

        Parameters
        ----------
        query : Query or str, optional
            What to begin with.
        limit : int
            How many hits a search shows.
        level : {"input", "region"}
            One hit for each input, or one for each region.
        """
        return QueryBuilder(self._photos, query, limit=limit, level=level)

    def gallery(self, hits: Hits) -> Gallery:
        """The hits of a search, to look at, mark and select."""
        return Gallery(hits, photos=self._photos)

    def facets(self, query: Query | str | None = None, *, names: Sequence[str] | None = None) -> Facets:
        """What the hits of a query have in common, counted; a click or a brush makes a filter of the query.

        Parameters
        ----------
        query : Query or str, optional
            Whose hits are counted; by default the whole collection.
        names : sequence of str, optional
            Which facets, as of `Collection.facets`; by default all that say something.
        """
        return Facets(self._photos, read(self._photos, query), names=names)

    def region_picker(self, input: str | Input | Hit) -> RegionPicker:
        """A picture on which to draw a region, and search by it."""
        return RegionPicker(self._photos, input)

    def map(
        self,
        query: Query | str | None = None,
        *,
        projection: str = "tsne",
        space: str | None = None,
        axes: Sequence[str] = (),
        progress: bool = True,
    ) -> Map:
        """The pictures as points on a plane, those that are alike together; a lasso makes a filter of the query.

        Parameters
        ----------
        query : Query or str, optional
            Whose hits are bright; by default all.
        projection : str
            What lays them out, as of `Collection.project`, if that is not done yet.
        space : str, optional
            Whose vectors; the default space.
        axes : sequence of str
            Two words in any language, which place the pictures instead: how much each shows of them.
        progress : bool
            Whether to show a bar while they are laid out.
        """
        if not axes:
            self._photos.project(projection, space=space, progress=progress)
        return Map(self._photos, read(self._photos, query), projection=projection, space=space, axes=axes)

    def places(self, hits: Hits | None = None) -> Places:
        """Where the pictures of hits were taken, or of the whole collection; choose an area, search in it."""
        return Places(self._photos, hits)

    def near_duplicates(
        self, groups: NearDuplicates | None = None, *, dataset: str = "duplicates"
    ) -> DuplicateReviewer:
        """Groups of near-duplicates, to decide which pictures stay; the others go into a dataset.

        Parameters
        ----------
        groups : NearDuplicates, optional
            What to decide about; by default what ``photos.near_duplicates()`` finds.
        dataset : str
            Where what does not stay is put.
        """
        found = groups if groups is not None else self._photos.near_duplicates()
        return DuplicateReviewer(self._photos, found, dataset=dataset)

    def annotator(self, hits: Hits, *, concept: str = "", user: str | None = None) -> Annotator:
        """Hits to label with a concept; every mark is written as it is made.

        Parameters
        ----------
        hits : Hits
            What to label.
        concept : str
            An id or a name; can be typed in the widget instead.
        user : str, optional
            Who labels; ``Settings.user`` by default.
        """
        return Annotator(self._photos, hits, concept=concept, user=user)

    def __repr__(self) -> str:
        names = [name for name in dir(type(self)) if not name.startswith("_")]
        return f"<widgets: {', '.join(names)}>"

    def concept_tree(self, root: str = "", *, language: str | None = None) -> ConceptTree:
        """The tree of concepts: all of them, or those below one.

        Parameters
        ----------
        root : str
            The id of the topmost concept; empty for all.
        language : str, optional
            BCP 47 tag of the language of the names shown.
        """
        return ConceptTree(self._photos, root, language=language)
