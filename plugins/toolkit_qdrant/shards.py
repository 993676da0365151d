"""The files of the engine: a shard for each space, and beside it how far it has come."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from toolkit.plugins import MissingExtraError, StoreError

if TYPE_CHECKING:
    from types import ModuleType

    from qdrant_edge import EdgeShard

__all__ = ["Shards", "library"]

REACHED = "reached.json"


def library() -> ModuleType:
    """Qdrant Edge.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        import qdrant_edge
    except ImportError as error:
        raise MissingExtraError("engine 'qdrant'", "qdrant-edge-py", "qdrant") from error
    module: ModuleType = qdrant_edge
    return module


class Shards:
    """The shards in a folder, which one process at a time has open.

    Parameters
    ----------
    folder : Path
        Made if it is not there.

    Raises
    ------
    StoreError
        Another process has it open.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._open: dict[str, EdgeShard] = {}
        self._lock = FileLock(folder / "lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreError(
                f"another process has the engine in {folder} open; end it, or open this collection without an engine, "
                "or with one that many share: pgvector or milvus"
            ) from error

    def reached(self, space: str) -> str | None:
        """How far a space has come; None where nothing is held, or writing was broken off."""
        try:
            text = (self._of(space) / REACHED).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return str(json.loads(text)["revision"])

    def begin(self, space: str) -> None:
        """Forget how far a space has come, until `end` says it again: what is written now may be broken off."""
        (self._of(space) / REACHED).unlink(missing_ok=True)

    def end(self, space: str, revision: str) -> None:
        """Write how far a space has come, once everything before it is on disk.

        Parameters
        ----------
        space : str
            The name of the space.
        revision : str
            How far it has come.
        """
        self[space].flush()
        whole = self._of(space) / REACHED
        part = whole.with_suffix(".part")
        part.write_text(json.dumps({"space": space, "revision": revision}), encoding="utf-8")
        part.replace(whole)

    def made(self, space: str, dimension: int) -> EdgeShard:
        """An empty shard for a space, in the place of any other.

        Parameters
        ----------
        space : str
            The name of the space.
        dimension : int
            d.
        """
        edge = library()
        if (earlier := self._open.pop(space, None)) is not None:
            earlier.close()
        folder = self._of(space)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "shard").mkdir(parents=True)
        vectors = edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Dot, memory=edge.Memory.Cached)
        shard: EdgeShard = edge.EdgeShard.create(str(folder / "shard"), edge.EdgeConfig(vectors=vectors))
        self._open[space] = shard
        return shard

    def __getitem__(self, space: str) -> EdgeShard:
        """The shard of a space that is held."""
        if space not in self._open:
            self._open[space] = library().EdgeShard.load(str(self._of(space) / "shard"))
        return self._open[space]

    def close(self) -> None:
        """Let go of the files."""
        for shard in self._open.values():
            shard.close()
        self._open.clear()
        self._lock.release()

    def _of(self, space: str) -> Path:
        return self._folder / sha256(space.encode()).hexdigest()[:16]
