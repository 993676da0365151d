"""Language tags, which languages stand in for one another, and how names are compared."""

from __future__ import annotations

from .folding import fold
from .tags import fallbacks, language_tag, nearest_tags

__all__ = ["fallbacks", "fold", "language_tag", "nearest_tags"]
