"""Installed plugins: the entry points of the group, in an order that installing does not change."""

from __future__ import annotations

import os
import re
from fnmatch import fnmatchcase
from importlib.metadata import EntryPoint, entry_points

from ..hooks import PROJECT
from .registered import PluginRow

__all__ = ["BLOCK", "installed_plugins", "is_blocked", "is_own"]

BLOCK = "TOOLKIT_BLOCK_PLUGINS"
OWN = "rank-toolkit"


def installed_plugins() -> list[tuple[EntryPoint, PluginRow]]:
    """Every entry point of the group with its row, nothing imported: our own first, then by name."""
    pairs = [(entry, _row(entry)) for entry in entry_points(group=PROJECT)]
    return sorted(pairs, key=lambda pair: (not is_own(pair[1]), pair[1].distribution, pair[1].name))


def is_own(row: PluginRow) -> bool:
    """Whether this very distribution provides a plugin."""
    return re.sub(r"[-_.]+", "-", row.distribution).lower() == OWN


def is_blocked(row: PluginRow) -> bool:
    """Whether ``TOOLKIT_BLOCK_PLUGINS`` names the plugin or its distribution.

    The variable is a list with commas; ``*`` stands for any letters, and alone for every plugin.
    """
    patterns = [pattern.strip() for pattern in os.environ.get(BLOCK, "").split(",")]
    return any(
        fnmatchcase(name, pattern) for pattern in patterns for name in (row.name, row.distribution) if name
    )


def _row(entry: EntryPoint) -> PluginRow:
    return PluginRow(
        name=entry.name,
        version=entry.dist.version if entry.dist else "",
        distribution=entry.dist.name if entry.dist else "",
        module=entry.value.strip(),  # not `entry.module`, which raises where the text is malformed
    )
