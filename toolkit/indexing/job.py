"""One picture on its way through indexing."""

from __future__ import annotations

from dataclasses import dataclass

from ..plugins.interfaces import Record
from ..store import SeenFile
from ..values.types import Box

__all__ = ["Job", "KnownInput"]


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to read, and which models it still needs.

    Parameters
    ----------
    record : Record
        Where it is, and what is known of it.
    seen : SeenFile
        Its name in the store and in reports; and how its file looked before it was read.
    needs : tuple of str
        Names of components.
    key : int or None
        Its key in the store; None for a new input.
    sha256 : str
        What its content has to be; empty for a new input.
    boxes : tuple of Box
        Regions that exist already, or come with the record.
    unembedded : tuple of Box
        Regions to embed although the input has been embedded before.
    """

    record: Record
    seen: SeenFile
    needs: tuple[str, ...]
    key: int | None = None
    sha256: str = ""
    boxes: tuple[Box, ...] = ()
    unembedded: tuple[Box, ...] = ()

    @property
    def uri(self) -> str:
        """Its name in the store and in reports."""
        return self.seen.uri


@dataclass(frozen=True, slots=True)
class KnownInput:
    """A source whose picture is in the store.

    Parameters
    ----------
    key : int
        Of the input.
    uri : str
        What the source is called in reports.
    record : Record
        What is said of it now.
    """

    key: int
    uri: str
    record: Record

    @property
    def has_annotations(self) -> bool:
        """Whether there is more to keep of the record than where the picture is."""
        return bool(self.record.datasets or self.record.concepts or self.record.regions)
