"""The client of Milvus, and the collections there: one for each space, which says how far it has come."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.plugins import FloatArray, IntArray, MissingExtraError, QueryError, StoreError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

__all__ = ["FIELDS", "Collections", "connected"]

REACHED = "toolkit.revision"  # the property of a collection there
TOKEN = "MILVUS_TOKEN"  # noqa: S105  # the variable that has ``user:password`` or the key of an account
FIELDS = ["key", "vector"]
AT_ONCE = 2**23  # bytes of vectors in one message: a server takes 64 MiB


def connected(argument: str, folder: Path | None) -> MilvusClient:
    """The client of a server, or of Milvus Lite in a folder.

    Parameters
    ----------
    argument : str
        The address of a server; empty for Milvus Lite.
    folder : Path or None
        Where Milvus Lite keeps its file.

    Raises
    ------
    MissingExtraError
        pymilvus is not installed.
    QueryError
        There is neither an address nor a folder.
    StoreError
        The server does not answer, or Milvus Lite is not installed.
    """
    try:
        from pymilvus import MilvusClient
        from pymilvus.exceptions import MilvusException
    except ImportError as error:
        raise MissingExtraError("engine 'milvus'", "pymilvus", "milvus") from error
    if not argument and folder is None:
        raise QueryError(
            "the engine 'milvus' needs the address of a server: engine='milvus:http://milvus:19530'"
        )
    if folder is not None and not argument:
        folder.mkdir(parents=True, exist_ok=True)
    address = argument or str(Path(folder or ".", "milvus.db"))
    try:
        return MilvusClient(address, token=os.environ.get(TOKEN, ""))
    except (MilvusException, ImportError) as error:
        raise StoreError(
            f"Milvus at {address} cannot be used ({error}); check that it runs, and that the variable {TOKEN} has your "
            "user:password if it asks for one; without an address, pip install milvus-lite"
        ) from error


class Collections:
    """The spaces of one collection of images, as collections of Milvus.

    Parameters
    ----------
    client : MilvusClient
        Connected.
    owner : str
        The random name of the collection of images: many may share a server.
    """

    def __init__(self, client: MilvusClient, owner: str) -> None:
        self.client = client
        self._owner = owner

    def name(self, space: str) -> str:
        """What the collection of a space is called there."""
        return f"toolkit_{sha256(f'{self._owner}/{space}'.encode()).hexdigest()[:24]}"

    def reached(self, space: str) -> str | None:
        """How far a space has come; None where nothing is held, or writing was broken off."""
        if not self.client.has_collection(self.name(space)):
            return None
        properties = self.client.describe_collection(self.name(space)).get("properties") or {}
        return str(properties.get(REACHED) or "") or None

    def reach(self, space: str, revision: str) -> None:
        """Write how far a space has come; empty while something is written that may be broken off.

        Parameters
        ----------
        space : str
            The name of the space.
        revision : str
            How far it has come.
        """
        self.client.alter_collection_properties(self.name(space), properties={REACHED: revision})

    def make(self, space: str, dimension: int) -> None:
        """Make an empty collection for a space, in the place of any other.

        Parameters
        ----------
        space : str
            The name of the space.
        dimension : int
            d.
        """
        from pymilvus import DataType, MilvusClient

        name = self.name(space)
        if self.client.has_collection(name):
            self.client.drop_collection(name)
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        index = MilvusClient.prepare_index_params()
        index.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
        # Strong: what is written is seen by the next search, as of every other engine.
        self.client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")

    def put(self, space: str, keys: IntArray, vectors: FloatArray) -> None:
        """Write vectors, in the place of those of the same keys.

        Parameters
        ----------
        space : str
            The name of the space.
        keys : int64 (m,)
            Of regions.
        vectors : float32 (m, d)
            Unit vectors.
        """
        size = max(1, AT_ONCE // (4 * vectors.shape[1]))
        for start in range(0, len(keys), size):
            some = zip(keys[start : start + size].tolist(), vectors[start : start + size], strict=True)
            self.client.upsert(self.name(space), [{"key": key, "vector": vector} for key, vector in some])

    def delete(self, space: str, keys: IntArray) -> None:
        """Take the vectors of some keys out.

        Parameters
        ----------
        space : str
            The name of the space.
        keys : int64 (k,)
            Of regions; those that have none are passed over.
        """
        if len(keys):
            self.client.delete(self.name(space), ids=keys.tolist())

    def settle(self, space: str) -> None:
        """Write what came in, and read it again with its graph."""
        name = self.name(space)
        self.client.flush(name)
        self.client.release_collection(name)
        self.client.load_collection(name)
