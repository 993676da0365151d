"""Looking around in a collection: what its pictures have in common, and those that are there more than once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import search as searching
from ..facets import FacetCounter, Facets
from ..hits.near_duplicates import NearDuplicates
from ..query import Query
from ..resources import Resources
from ..values.types import Json

__all__ = ["Curating"]


class Curating:
    """The verbs of a collection that say what of it is worth a second look.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    """

    _facets: FacetCounter  # of the open collection, as the resources

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def near_duplicates(
        self,
        *,
        evidence: Sequence[str] = searching.EVIDENCE,
        precision: float = 0.98,
        progress: bool = True,
    ) -> NearDuplicates:
        """Groups of pictures that are there more than once: the same file, or one that was edited.

        Two pictures are near-duplicates if they are much nearer to each other than what else is near them. Nothing is
        changed: ``photos.widgets.near_duplicates()`` is for deciding what stays.

        Parameters
        ----------
        evidence : sequence of str
            Which spaces count: ``"embedding"`` is the default space, others go by their names. ``()`` finds equal
            files only.
        precision : float
            Which share of the pairs should be right, as far as is known without looking.
        progress : bool
            Whether to show a bar if it takes longer than two seconds.

        Raises
        ------
        NotIndexedError
            There is no such space, with the call that makes it.
        QueryError
            The precision is no share.

        Examples
        --------
        >>> import numpy as np
        >>> import toolkit
        >>> random = np.random.default_rng(0)
        >>> drawn = random.integers(0, 256, (60, 8, 8, 3)).astype(np.uint8).repeat(8, axis=1).repeat(8, axis=2)
        >>> with toolkit.open(workflow="pixels") as photos:
        ...     _ = photos.add([*drawn, drawn[7][::2, ::2]], progress=False)
        ...     [len(group) for group in photos.near_duplicates()]
        [2]
        """
        return searching.near_duplicates(self._resources, evidence, precision=precision, progress=progress)

    def facets(
        self,
        query: Query | str | Mapping[str, Json] | None = None,
        *,
        names: Sequence[str] | None = None,
        most: int = 12,
    ) -> Facets:
        """What the inputs of a query have in common: words and bars, each with "hits / total".

        The counts of a facet leave out what the query asks of that facet itself, so that its other values do not
        become 0 when one is chosen. `toolkit.facets.split` says what of a query that is.

        Parameters
        ----------
        query : Query, str or mapping, optional
            As of `Collection.search`; everything by default.
        names : sequence of str, optional
            Some of ``"score"``, ``"concept"`` (what models predict with at least one half), ``"label"`` (what people
            said), ``"source"``, ``"dataset"``, ``"taken"``, ``"added"``, ``"status"`` and ``"metadata:<key>"``; by
            default all that say something. A key with more than 1,000 different words is no facet.
        most : int
            How many values of a facet of words.

        Raises
        ------
        UnknownNameError
            There is no such facet, or a name in the query is unknown.
        QueryError
            The query cannot be.

        Examples
        --------
        >>> import numpy as np
        >>> import toolkit
        >>> with toolkit.open() as photos:
        ...     black, white = (np.full((32, 32, 3), shade, np.uint8) for shade in (0, 255))
        ...     _ = photos.add([{"image": black, "metadata": {"kind": "map"}}, white], progress=False)
        ...     photos.facets(names=["metadata:kind"])
        2 of 2 inputs
        kind
          map  1 / 1
        """
        asked = None if query is None else searching.read_query(query, self._resources)
        return self._facets.facets(asked, names=names, most=most)
