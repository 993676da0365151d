"""The applications of a server: each is a collection, the one that is served or one that a client made."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Collection
from toolkit import open as open_collection

from .statuses import Refused

__all__ = ["MAIN", "Apps"]

MAIN = "main"  # what the collection that is served is called for clients that name no application
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")
_FILE = "photos.db"


class Apps:
    """The collection of each application.

    A name that no client made stands for the collection that is served: clients send placeholders. One that was
    deleted does not, lest a client's cleaning up reach someone's photographs.

    Parameters
    ----------
    served : Collection
        The collection that is served.
    folder : Path or None
        Where the collections of applications are that clients make; None to have them in memory.
    most : int
        How many there may be.
    """

    def __init__(self, served: Collection, *, folder: Path | None = None, most: int = 64) -> None:
        self._served = _with_concepts(served)
        self._folder = folder
        self._most = most
        self._lock = threading.Lock()
        self._open: dict[str, Collection | None] = dict.fromkeys(
            _stored(folder)
        )  # None: opened when it is asked
        self._deleted: set[str] = set()

    def collection(self, app: str) -> Collection:
        """The collection of an application.

        Raises
        ------
        Refused
            11101: it was deleted.
        """
        found = self._open.get(app)
        if found is not None:
            return found
        with self._lock:
            if app in self._deleted:
                why = f"application {app!r} was deleted; PostApps makes it anew"
                raise Refused(StatusCode.CONN_DOES_NOT_EXIST, why)
            if app not in self._open:
                return self._served
            opened = self._open[app]
            if opened is None:
                opened = self._open[app] = self._opened(app)
            return opened

    def names(self) -> list[str]:
        """The application that is served, and those that clients made."""
        with self._lock:
            return [MAIN, *self._open]

    def make(self, ids: Sequence[str]) -> None:
        """Make applications, each with an empty collection of the same models; all or none.

        Parameters
        ----------
        ids : sequence of str
            Their ids.

        Raises
        ------
        Refused
            40010: one is there already. 11102: one cannot be an id, or there would be too many.
        """
        with self._lock:
            for at, id in enumerate(ids):
                if not _ID.fullmatch(id):
                    why = f"an application's id is of letters, digits, '_', '-' and '.', at most 63, not {id[:80]!r}"
                    raise Refused(StatusCode.CONN_INVALID_REQUEST, why)
                if id in self._open or id == MAIN or id in ids[:at]:
                    why = f"there is an application {id!r} already: duplicate id"
                    raise Refused(StatusCode.DATABASE_DUPLICATE_KEY, why)
            if len(self._open) + len(ids) > self._most:
                why = f"at most {self._most} applications can be made here; delete one with DeleteApp"
                raise Refused(StatusCode.CONN_INVALID_REQUEST, why)
            for id in ids:
                self._open[id] = self._opened(id)
                self._deleted.discard(id)

    def delete(self, id: str) -> None:
        """Delete an application that a client made, with all that is in it.

        Parameters
        ----------
        id : str
            Its id.

        Raises
        ------
        Refused
            11007: it is the collection that is served.
        """
        with self._lock:
            if id in self._deleted:
                raise Refused(StatusCode.CONN_DOES_NOT_EXIST, f"application {id!r} was deleted before")
            if id not in self._open:
                why = (
                    f"{id!r} stands for the collection that is served, and that is deleted on its machine only; "
                    "clients delete the applications that they made with PostApps"
                )
                raise Refused(StatusCode.CONN_INSUFFICIENT_SCOPES, why)
            opened = self._open.pop(id)
            self._deleted.add(id)
            if opened is not None:
                opened.close()
            if self._folder is not None:
                shutil.rmtree(self._folder / id)

    def close(self) -> None:
        """Close the collections of the applications that clients made."""
        with self._lock:
            for opened in filter(None, self._open.values()):
                opened.close()

    def _opened(self, app: str) -> Collection:
        target = None
        if self._folder is not None:
            (self._folder / app).mkdir(parents=True, exist_ok=True)
            target = self._folder / app / _FILE
        like = self._served
        opened = open_collection(
            target, workflow=like.workflow, settings=like.settings, registry=like.registry
        )
        return _with_concepts(opened)


def _with_concepts(photos: Collection) -> Collection:
    """The collection, which knows what its models can say before the first picture brings it."""
    if not len(photos) and not photos.readonly:
        photos.index(progress=False)
    return photos


def _stored(folder: Path | None) -> list[str]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if (one / _FILE).is_file())
