"""The engine `milvus`: vectors in a Milvus cluster, for tens of millions and more."""

from collections.abc import Sequence

from toolkit.plugins import EngineFactory, hookimpl

from .engine import MilvusEngine

__all__ = ["MilvusEngine", "toolkit_engines"]


@hookimpl
def toolkit_engines() -> Sequence[EngineFactory]:
    """The engine ``milvus``."""
    return [MilvusEngine]
