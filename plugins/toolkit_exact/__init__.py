"""The engine `exact`: vectors in memory, compared by the toolkit's own cosines. What other engines are judged by."""

from collections.abc import Sequence

from toolkit.plugins import EngineFactory, hookimpl

from .engine import ExactEngine

__all__ = ["ExactEngine", "toolkit_engines"]


@hookimpl
def toolkit_engines() -> Sequence[EngineFactory]:
    """The engine ``exact``."""
    return [ExactEngine]
