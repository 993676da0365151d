"""The names that installed plugins provide, remembered, so that completing a command imports none of them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..plugins.registry import Registry

__all__ = ["provided", "remember"]

Names = Mapping[str, Sequence[str]]


def provided() -> Names:
    """Names by kind (``"commands"``, ``"detectors"``, ...): those remembered, if the same plugins are installed."""
    try:
        read = json.loads(_file().read_text(encoding="utf-8"))
        if read["installed"] == _installed():
            return {str(kind): [str(name) for name in names] for kind, names in read["names"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # not remembered yet, or damaged: ask the plugins
    import warnings

    from ..plugins.registry import default

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a prompt is no place for them; every command says them
        return remember(default())


def remember(registry: Registry) -> Names:
    """Keep what a registry provides for `provided`; a cache, which nothing depends on."""
    names: dict[str, list[str]] = {}
    for row in registry.plugins():
        for kind, some in row.provides.items():
            names.setdefault(kind, []).extend(some)
    text = json.dumps({"installed": _installed(), "names": names})
    file = _file()
    with suppress(OSError):
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished = file.with_name(f"{file.name}.{os.getpid()}")
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(file)
    return names


def _installed() -> str:
    """What tells one set of installed plugins from another."""
    from importlib.metadata import entry_points

    rows = sorted(
        (
            entry.name,
            entry.value,
            entry.dist.name if entry.dist else "",
            entry.dist.version if entry.dist else "",
        )
        for entry in entry_points(group="toolkit")
    )
    return sha256(repr((rows, os.environ.get("TOOLKIT_BLOCK_PLUGINS", ""))).encode()).hexdigest()


def _file() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "rank-toolkit" / "provided.json"
