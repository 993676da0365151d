"""Files of inputs that came as bytes or by URL, stored by their content beside the store."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from ..errors import StoreError

__all__ = ["Originals"]


class Originals:
    """A folder of encoded images, each named by its sha256.

    Parameters
    ----------
    directory : Path or None
        Where; made at the first write. None keeps them in a temporary folder, which goes with `close`, or without
        a word when nothing refers to this any more.
    """

    def __init__(self, directory: Path | None) -> None:
        self._remove: weakref.finalize[..., Originals] | None = None
        if directory is None:
            directory = Path(tempfile.mkdtemp(prefix="toolkit-"))
            self._remove = weakref.finalize(self, shutil.rmtree, directory, ignore_errors=True)
        self._directory: Path | None = directory

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is, or would be.

        Raises
        ------
        StoreError
            After closing.
        """
        if self._directory is None:
            raise StoreError("this collection is closed; open it again with toolkit.open(...)")
        return self._directory / sha256[:2] / sha256

    def add(self, encoded: bytes, sha256: str) -> None:
        """Write a file, unless one with the same content is there; all of it or nothing.

        Parameters
        ----------
        encoded : bytes
            The bytes of an image file.
        sha256 : str
            The SHA-256 of these bytes, in hexadecimal.

        Raises
        ------
        StoreError
            It cannot be written: no space left, no permission.
        """
        path = self.path(sha256)
        if path.exists():
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, encoded)
        except OSError as error:
            raise StoreError(f"cannot store a picture at {path}: {error.strerror}") from error

    def remove(self, sha256: str) -> None:
        """Remove a file, if it is there."""
        self.path(sha256).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the temporary folder, if there is one; closing twice is allowed."""
        self._directory = None
        if self._remove:
            self._remove()


def _write(path: Path, encoded: bytes) -> None:
    """Write to a temporary name first, so that no reader ever sees half a file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="unfinished-", delete=False) as partial:
        try:
            partial.write(encoded)
            partial.flush()
            Path(partial.name).replace(path)
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise
