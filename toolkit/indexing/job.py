"""One picture on its way through indexing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..plugins.interfaces import Record
from ..store import SeenFile
from ..values.types import Box, Json
from .placing import Placed

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
    paths : tuple of str
        Where its file may be, if it is in the store: the first that has its content is read.
    boxes : tuple of Box
        Regions that exist already.
    unembedded : tuple of Box
        Regions to embed although the input has been embedded before.
    unclassified : mapping of str to tuple of Box
        By concept model, the regions that it is to look at.
    placed : Placed or None
        The labels of its record, where they are known before the picture is read.
    metadata : mapping or None
        The metadata it is to have now; None leaves it.
    before : SeenFile or None
        What its file was when it was last read, if it was.
    own : bool
        Whether it becomes an input of its own, though another may have its content.
    once : bool
        Whether no other input may have come from its URI.
    """

    record: Record
    seen: SeenFile
    needs: tuple[str, ...]
    key: int | None = None
    sha256: str = ""
    paths: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    unembedded: tuple[Box, ...] = ()
    unclassified: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)
    placed: Placed | None = None
    metadata: Mapping[str, Json] | None = None
    before: SeenFile | None = None
    own: bool = False
    once: bool = False

    @property
    def uri(self) -> str:
        """Its name in the store and in reports."""
        return self.seen.uri


@dataclass(frozen=True, slots=True)
class KnownInput:
    """A record whose picture is in the store.

    Parameters
    ----------
    key : int
        Of the input.
    uri : str
        Its name in reports.
    record : Record
        The record as it was read now.
    placed : Placed
        Its labels, on the upright picture.
    is_new : bool
        Whether the input was made in this transaction.
    may_remove : bool
        Whether labels of an earlier import from the same label file that this one lacks are removed.
    metadata : mapping or None
        The metadata it is to have now; None leaves it.
    elsewhere : str
        The content of the picture, if its input is read at another place than this; else empty.
    """

    key: int
    uri: str
    record: Record
    placed: Placed = field(default_factory=Placed)
    is_new: bool = False
    may_remove: bool = False
    metadata: Mapping[str, Json] | None = None
    elsewhere: str = ""

    @property
    def has_annotations(self) -> bool:
        """Whether the record has datasets or labels to store."""
        return bool(self.record.datasets or self.record.is_labeled or self.placed.dropped)
