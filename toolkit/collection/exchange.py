"""What other tools take a collection as: data frames, arrays, and files of vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..files.places import PictureFile
from ..on_first_use import OnFirstUse
from ..resources import Resources
from ..values.types import FloatArray
from . import opening
from .frames import inputs_frame, write_vectors
from .places import picture_files

if TYPE_CHECKING:
    from pandas import DataFrame

    from .. import search as searching
else:
    searching = OnFirstUse("toolkit.search")

__all__ = ["Exchange"]


class Exchange:
    """The verbs of a collection that give its content to other tools.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each input, in order of creation; `Annotations.frame` has the labels.

        Raises
        ------
        MissingExtraError
            pandas is not installed.
        """
        return inputs_frame(opening.all_inputs(self._resources))

    def files(self, ids: Sequence[str] | None = None) -> Iterator[PictureFile]:
        """Where the encoded files of inputs are, in the order given: each can be read, wherever it lies now.

        Parameters
        ----------
        ids : sequence of str, optional
            Ids of inputs; all by default.

        Raises
        ------
        UnknownNameError
            No input has one of the ids.

        Examples
        --------
        >>> import numpy as np
        >>> import toolkit
        >>> with toolkit.open() as photos:
        ...     _ = photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
        ...     [file.read()[1:4] for file in photos.files()]
        [b'PNG']
        """
        return picture_files(self._resources, ids)

    def vectors(self, ids: Sequence[str] | None = None, *, space: str | None = None) -> FloatArray:
        """Unit vectors float32 (k, d) of inputs or regions, in the order given.

        Parameters
        ----------
        ids : sequence of str, optional
            Ids of inputs, which stand for their whole pictures, or of regions; all inputs by default.
        space : str, optional
            ``"pixels@1"``, or without the version; the default space if None.

        Raises
        ------
        NotIndexedError
            There is no such space, or one of them is not embedded in it.
        UnknownNameError
            No input or region has one of the ids.

        Examples
        --------
        >>> import numpy as np
        >>> import toolkit
        >>> with toolkit.open() as photos:
        ...     _ = photos.add([np.full((32, 32, 3), color, np.uint8) for color in (0, 99)], progress=False)
        ...     photos.vectors().shape[0], photos.vectors(list(photos)[:1]).dtype
        (2, dtype('float32'))
        """
        chosen = list(opening.input_ids(self._resources)) if ids is None else ids
        return searching.vectors_of(self._resources, chosen, space)

    def export_vectors(
        self, path: str | Path, ids: Sequence[str] | None = None, *, space: str | None = None
    ) -> int:
        """Write vectors with their ids to a file, and return how many.

        Parameters
        ----------
        path : str or Path
            Its ending says the format: ``.npy`` (one array with the fields ``id`` and ``vector``), ``.parquet`` or
            ``.arrow`` (columns of these names).
        ids, space : sequence of str and str, optional
            As in `vectors`.

        Raises
        ------
        QueryError
            Another ending.
        MissingExtraError
            pyarrow is not installed.
        """
        chosen = list(opening.input_ids(self._resources)) if ids is None else list(ids)
        write_vectors(path, chosen, searching.vectors_of(self._resources, chosen, space))
        return len(chosen)
