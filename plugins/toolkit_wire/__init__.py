"""The wire: the public search API over gRPC and REST, so that its own clients rank a local collection.

Needs the extra ``[wire]``; nothing of it is imported before `toolkit serve` or `serve` runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from click import Command

from toolkit.plugins import hookimpl

if TYPE_CHECKING:
    from .limits import Limits
    from .server import Server, serve

__all__ = ["Limits", "Server", "serve"]


@hookimpl
def toolkit_commands() -> Sequence[Command]:
    """``toolkit serve``."""
    from .command import serve_command

    return [serve_command]


def __getattr__(name: str) -> object:
    if name in ("Server", "serve"):
        from . import server

        return getattr(server, name)
    if name == "Limits":
        from .limits import Limits

        return Limits
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
