"""What reads images, and what is known of them, from some form of source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ...values.types import Detection, GeoPoint, Json

__all__ = ["Importer", "Record"]


@dataclass(frozen=True, slots=True)
class Record:
    """One image on its way into the collection.

    Parameters
    ----------
    origin : str or bytes
        A path, a URL, or the encoded file itself.
    id : str or None
        Public id; made from the content if None.
    metadata : mapping
        Any JSON object.
    geo : GeoPoint or None
        Where it was taken.
    datasets : tuple of str
        Datasets to put it in.
    concepts : mapping of str to float
        A human's labels of the whole image.
    regions : tuple of Detection
        A human's labeled regions.
    """

    origin: str | bytes
    id: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    geo: GeoPoint | None = None
    datasets: tuple[str, ...] = ()
    concepts: Mapping[str, float] = field(default_factory=dict)
    regions: tuple[Detection, ...] = ()


@runtime_checkable
class Importer(Protocol):
    """Reads records from some form of source.

    Attributes
    ----------
    name : str
        Such as ``"folder"`` or ``"coco"``.
    """

    name: str

    def accepts(self, origin: object) -> bool:
        """Whether this importer reads that origin; cheap, and never raises."""
        ...

    def records(self, origin: object) -> Iterator[Record]:
        """The records, lazily.

        Raises
        ------
        InputError
            If the origin as a whole cannot be read.
        """
        ...
