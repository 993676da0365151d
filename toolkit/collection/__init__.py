"""An open collection: what a notebook holds, its namespaces, and its verbs."""

from __future__ import annotations

from .collection import Collection
from .open_collection import open

__all__ = ["Collection", "open"]
