"""What a widget shows, without a widget: HTML that a notebook keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Still"]


@dataclass(frozen=True, slots=True, repr=False)
class Still:
    """A self-contained piece of HTML; displayed as itself.

    Parameters
    ----------
    html : str
        Inline styles and pictures only; loads nothing.
    """

    html: str

    def save(self, path: str | Path) -> None:
        """Write it to a file."""
        Path(path).write_text(f'<!doctype html>\n<meta charset="utf-8">\n{self.html}\n', encoding="utf-8")

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"Still({len(self.html):,} characters of HTML)"
