"""The engine `qdrant`: vectors in files beside the collection, searched inside the process by Qdrant Edge."""

from collections.abc import Sequence

from toolkit.plugins import EngineFactory, hookimpl

from .engine import QdrantEngine

__all__ = ["QdrantEngine", "toolkit_engines"]


@hookimpl
def toolkit_engines() -> Sequence[EngineFactory]:
    """The engine ``qdrant``."""
    return [QdrantEngine]
