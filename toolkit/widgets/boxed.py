"""Several surfaces one above the other, that are one widget."""

from __future__ import annotations

from pathlib import Path

from ipywidgets import VBox

from ..markup import Markup, joined
from .still import Still
from .surface import Surface

__all__ = ["Boxed"]


class Boxed(VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A box of surfaces, with a static form of its own.

    Parameters
    ----------
    surfaces : Surface
        From top to bottom.
    """

    def __init__(self, *surfaces: Surface) -> None:
        self._surfaces = surfaces
        super().__init__(surfaces)

    def still(self) -> str:
        """What is shown where no widget can be."""
        return joined(Markup(surface.still()) for surface in self._surfaces)

    def snapshot(self, path: str | Path | None = None) -> Still:
        """What is shown now as HTML that needs no kernel; also written to `path` if one is given."""
        still = Still(self.still())
        if path is not None:
            still.save(path)
        return still

    def close(self) -> None:
        """Close it and everything in it."""
        for surface in self._surfaces:
            surface.close()
        super().close()

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        bundle: dict[str, object] = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/html": self.still()}
