"""An open collection: what a notebook holds, its namespaces, and its verbs."""

from __future__ import annotations

from .collection import Collection, open

__all__ = ["Collection", "open"]
