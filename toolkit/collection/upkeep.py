"""What keeps a collection in order: finding files that are gone, saying that they moved, forgetting them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import QueryError, StoreError
from ..files.stored_file import StoredFile
from ..on_first_use import OnFirstUse
from ..resources import Resources
from ..store import Following
from . import copies, deleting, places
from .places import MissingFile

if TYPE_CHECKING:
    from ..indexing import Report
    from . import copying, rereading
    from .copying import CopyReport
else:
    copying = OnFirstUse("toolkit.collection.copying")
    rereading = OnFirstUse("toolkit.collection.rereading")

__all__ = ["Upkeep"]


class Upkeep:
    """The verbs of a collection that are about its files and the soundness of its database.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    @property
    def readonly(self) -> bool:
        """Whether the collection can only be read: it was opened so, or its file cannot be written."""
        return self._resources.store.readonly

    @property
    def is_shared(self) -> bool:
        """Whether the collection is on a server, where a team may write to it."""
        return self._resources.store.is_shared

    def follow(self, changed: Callable[[], object]) -> Following:
        """Call a function soon after anybody has written to the collection, until what comes back is closed.

        On a server that is within milliseconds. Where it gives no notice (behind a pooler, beside a file, while the
        connection is lost) the revision is looked up every few seconds; it is in any case.

        Parameters
        ----------
        changed : callable
            Called without arguments on another thread, once for several changes that come together.

        Raises
        ------
        StoreError
            The collection is closed.

        Examples
        --------
        >>> import toolkit
        >>> with toolkit.open(workflow="none") as photos, photos.follow(lambda: print("somebody labeled")):
        ...     pass  # search, label, wait
        """
        return self._resources.store.follow(changed)

    def check(self) -> list[str]:
        """What is wrong, as text: with the database, its stored arrays, or pictures that are missing.

        Empty if all is well. Every byte of the database and of the arrays is read, and pictures that look changed.
        """
        problems = self._resources.store.check()
        if problems:
            return problems
        try:
            return [*self._resources.snapshots.check(), *map(str, self.missing())]
        except (QueryError, StoreError) as error:  # a value that the database takes for sound
            return [str(error)]

    def keep_picture(self, encoded: bytes, *, name: str = "") -> str | bytes:
        """What refers to a picture in a query: the path of a file beside the collection, written if it is not there.

        Parameters
        ----------
        encoded : bytes
            An image file.
        name : str
            What it was called.

        Returns
        -------
        str or bytes
            The path; where nothing can be written, the picture itself.
        """
        return places.keep_picture(self._resources, encoded, name=name)

    def missing(self) -> list[MissingFile]:
        """The inputs whose pictures cannot be read at any place they were seen at, each with the reason."""
        return places.missing_files(self._resources)

    def prune(self) -> list[str]:
        """Delete every input whose picture is missing, and return their ids.

        Their labels go with them: look at `missing` first, for a drive may only not be mounted.
        """
        ids = [one.id for one in self.missing()]
        deleting.delete(self._resources, ids)
        return ids

    def relocate(self, old: str | Path, new: str | Path) -> int:
        """Say that pictures are at another place now, and return the number of places that changed.

        The files are not touched. Adding the pictures at the new place does the same by their content; this needs no
        file to be read.

        Parameters
        ----------
        old, new : str or Path
            A folder, a file or the beginning of a URL, as it was, and as it is.

        Raises
        ------
        InputError
            No picture was below the old one, or none of them is below the new one; nothing is changed.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import toolkit
        >>> from PIL import Image
        >>> folder = Path(tempfile.mkdtemp())
        >>> (folder / "old").mkdir()
        >>> Image.new("RGB", (32, 32)).save(folder / "old" / "a.png")
        >>> with toolkit.open() as photos:
        ...     _ = photos.add(folder / "old", progress=False)
        ...     _ = (folder / "old").rename(folder / "new")
        ...     before = len(photos.missing())
        ...     photos.relocate(folder / "old", folder / "new"), before, photos.check()
        (1, 1, [])
        """
        return places.relocate(self._resources, old, new)

    def move_originals(self, location: str | Path) -> int:
        """Keep the collection's copies of bytes and URLs at another place, and return how many were copied there.

        The place is stored with the collection, so that a team finds them: a shared folder, or an object store that
        fsspec opens, for which the extra ``s3`` (or ``remote``) is needed. The old copies are left. `info` says where
        they are.

        Parameters
        ----------
        location : str or Path
            A folder, or an address such as ``"s3://bucket/originals"``; without a password, which is up to the
            environment.

        Raises
        ------
        QueryError
            The address holds a password.
        StoreError
            It cannot be written there; nothing is changed.
        MissingExtraError
            fsspec, or what it needs for that address, is not installed.

        Examples
        --------
        >>> import tempfile
        >>> import numpy as np
        >>> import toolkit
        >>> with toolkit.open() as photos:
        ...     _ = photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
        ...     photos.move_originals(tempfile.mkdtemp()), photos.check()
        (1, [])
        """
        return copies.move_originals(self._resources, location)

    def copy(
        self, target: str | Path, *, originals: str | Path | None = None, progress: bool = True
    ) -> CopyReport:
        """Copy all of the collection to a new file or an empty database: a laptop's becomes a team's, and back.

        Inputs, regions, annotations, vectors, thumbnails, names, saved queries, layouts and trained concepts come with
        their ids and the history of revisions, as of one moment; and so do the collection's copies of bytes and URLs.
        Rows are written in one transaction: interrupted, none of them is there. Copies of bytes that were written stay,
        and are not written again the next time. The pictures themselves stay where they are.

        Parameters
        ----------
        target : str or Path
            A path, or a database URL such as ``postgresql+psycopg://...``.
        originals : str or Path, optional
            Where the copy keeps its copies of bytes and URLs: a folder, or an address such as
            ``"s3://bucket/originals"``. By default the place that `move_originals` gave this collection, which both
            then share; else a folder of the copy's own.
        progress : bool
            Whether to show a bar if it takes longer than two seconds.

        Raises
        ------
        StoreError
            The target holds something already, or cannot be written; nothing is in it then.
        QueryError
            The address of the originals holds a password.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> import toolkit
        >>> target = Path(tempfile.mkdtemp()) / "copy.db"
        >>> with toolkit.open() as photos:
        ...     _ = photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
        ...     report = photos.copy(target, progress=False)
        ...     ids = list(photos)
        >>> report.rows["inputs"], report.originals
        (1, 1)
        >>> with toolkit.open(target) as copy:
        ...     list(copy) == ids, copy.check()
        (True, [])
        """
        return copying.copy_collection(self._resources, target, originals=originals, progress=progress)

    def unused_originals(self) -> list[StoredFile]:
        """The collection's copies that no input has: of an adding that was interrupted, or of inputs that are deleted.

        Raises
        ------
        StoreError
            Other collections keep their copies at the same place, or it cannot be reached.
        """
        return copies.unused_originals(self._resources)

    def prune_originals(self) -> list[StoredFile]:
        """Remove the collection's copies that no input has, and return what they were; `unused_originals` only looks.

        Raises
        ------
        StoreError
            Other collections keep their copies at the same place, or it cannot be reached.

        Examples
        --------
        >>> import numpy as np
        >>> import toolkit
        >>> with toolkit.open() as photos:
        ...     _ = photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
        ...     photos.unused_originals(), photos.prune_originals()
        ([], [])
        """
        return copies.prune_originals(self._resources)

    def reread(self, *, progress: bool = True) -> Report:
        """Read once more what cameras wrote into the pictures: when, where and with what they were taken.

        Adding a picture does so; this is for collections made before it did. What the collection says stays: only
        what it lacks is filled in. A picture that is gone is listed in the report.

        Parameters
        ----------
        progress : bool
            Whether to show a bar if it takes longer than two seconds.
        """
        return rereading.reread(self._resources, progress=progress)
