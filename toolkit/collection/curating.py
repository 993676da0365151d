"""Looking around in a collection: what its pictures have in common, and those that are there more than once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..on_first_use import OnFirstUse
from ..plugins.axes import axis_values
from ..progress import progress_bar
from ..query import Query
from ..resources import Resources
from ..similarity.near_duplicates import EVIDENCE
from ..snapshot import Snapshot
from ..values.types import FloatArray, Json

if TYPE_CHECKING:
    from tqdm import tqdm

    from .. import search as searching
    from ..facets import FacetCounter, Facets
    from ..hits.near_duplicates import NearDuplicates
    from ..learned.layout import Layout
else:
    searching = OnFirstUse("toolkit.search")

__all__ = ["Curating"]


class Curating:
    """The verbs of a collection that say what of it is worth a second look.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    @cached_property
    def _facets(self) -> FacetCounter:
        from ..facets import FacetCounter

        return FacetCounter(self._resources)

    def project(
        self,
        projection: str = "tsne",
        *,
        space: str | None = None,
        seed: int = 0,
        again: bool = False,
        progress: bool = True,
        report: Callable[[float], None] | None = None,
    ) -> Layout:
        """Lay out the pictures on a plane, those that are alike together, and store where they lie.

        The second time nothing is computed: pictures that were added since are put beside their neighbors, and all are
        laid out again when they have become half as many more. ``photos.widgets.map()`` shows it. Of a collection that
        can only be read, the layout is there until it is closed.

        Parameters
        ----------
        projection : str
            ``"tsne"``, ``"pca"``, or that of a plugin. Of more than 10,000 pictures t-SNE lays out as many, evenly
            spread, and the others are put beside their neighbors.
        space : str, optional
            Whose vectors; the default space.
        seed : int
            Of what is drawn at random; another seed is another layout, in the place of the one before.
        again : bool
            Whether to lay out all of them again.
        progress : bool
            Whether to show a bar if it takes longer than two seconds.
        report : callable, optional
            Called with the share that is done, in [0, 1], now and then.

        Raises
        ------
        UnknownNameError
            There is no such projection.
        NotIndexedError
            Fewer than three pictures are embedded.

        Examples
        --------
        >>> import numpy as np
        >>> import toolkit
        >>> with toolkit.open(workflow="pixels") as photos:
        ...     _ = photos.add([np.full((32, 32, 3), shade, np.uint8) for shade in range(0, 250, 10)], progress=False)
        ...     photos.project("pca").places.shape
        (25, 2)
        """
        with progress_bar(f"Laying out by {projection}", 100, unit="%", show=progress) as bar:
            return searching.laid_out(
                projection,
                self._resources,
                space=space,
                seed=seed,
                again=again,
                progress=lambda share: _moved(bar, share, report),
            )

    def layout(self, projection: str = "tsne", *, space: str | None = None) -> Layout:
        """Where `project` has put the pictures.

        Parameters
        ----------
        projection : str
            Its name.
        space : str, optional
            Whose vectors; the default space.

        Raises
        ------
        NotIndexedError
            It was never called.
        """
        snapshot = self._resources.counted(self._resources.snapshots.latest())
        return searching.layout_there(projection, space, snapshot, self._resources)

    def ids_at(self, places: Sequence[int], snapshot: Snapshot | None = None) -> list[str]:
        """The ids of the inputs at some places in the order of creation; those deleted meanwhile are left out.

        Parameters
        ----------
        places : sequence of int
            Indices of the inputs of a snapshot.
        snapshot : Snapshot, optional
            Of which; the newest without it.
        """
        of = self._resources.snapshots.latest() if snapshot is None else snapshot
        keys = [int(of.inputs.key[one]) for one in places]
        ids = self._resources.store.inputs.ids_by_key(keys)
        return [ids[key] for key in keys if key in ids]

    def axes(self, horizontal: str, vertical: str) -> FloatArray:
        """How much every input shows two things, float32 (n, 2), in order of creation.

        Parameters
        ----------
        horizontal, vertical : str
            Words in any language: the confidence of a concept, 0 where nothing says it; a word that is no concept is
            compared as a text, where the collection can.

        Raises
        ------
        UnknownNameError, NotIndexedError
            A word is neither.
        """
        snapshot = self._resources.counted(self._resources.snapshots.latest())
        context = searching.TermContext(self._resources, snapshot)
        return np.column_stack([axis_values(one, snapshot, context) for one in (horizontal, vertical)])

    def matches(self, query: Query | str | Mapping[str, Json] | None) -> npt.NDArray[np.bool_]:
        """Which inputs a query finds, bool (n,), in order of creation; None finds all."""
        asked = None if query is None else searching.read_query(query, self._resources)
        return self._facets.hits(asked)[1]

    def near_duplicates(
        self,
        *,
        evidence: Sequence[str] = EVIDENCE,
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


def _moved(bar: tqdm[object], share: float, report: Callable[[float], None] | None) -> None:
    """Move a bar of hundredths on to the share that is done, and say so."""
    if report is not None:
        report(share)
    bar.update(max(0, round(100 * share) - int(bar.n)))
