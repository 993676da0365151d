"""Looking after what is in a collection: pictures that are there more than once."""

from __future__ import annotations

from collections.abc import Sequence

from .. import search as searching
from ..hits.near_duplicates import NearDuplicates
from ..resources import Resources

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
