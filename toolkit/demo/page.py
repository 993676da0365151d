"""The page with pictures that the demo writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..contact_sheet import page
from .result import Answer

__all__ = ["write_page"]
