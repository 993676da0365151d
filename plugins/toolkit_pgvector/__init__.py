"""The engine `pgvector`: vectors in the team's own PostgreSQL, written in the transactions of the collection."""

from collections.abc import Sequence

from toolkit.plugins import EngineFactory, hookimpl

from .engine import PgvectorEngine

__all__ = ["PgvectorEngine", "toolkit_engines"]


@hookimpl
def toolkit_engines() -> Sequence[EngineFactory]:
    """The engine ``pgvector``."""
    return [PgvectorEngine]
