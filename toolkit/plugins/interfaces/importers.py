"""What reads images, and what is known of them, from some form of source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ...errors import InputError, QueryError
from ...values.failure import Failure
from ...values.labels import Label, check_concepts
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
        A human's labeled regions, as fractions of the upright picture.
    labels : tuple of Label
        Labels of any source, with boxes as a label file has them.
    label_file : str
        The label file it was read from. Labels of an earlier import from there that this one lacks
        are removed. Empty: none are removed.
    is_partial : bool
        Whether some of its labels could not be read: then none are removed either.
    dropped : mapping of str to int
        How many labels were left out, by reason.

    Raises
    ------
    InputError
        An origin that is neither text nor bytes, or a label or a dataset that cannot be.
    """

    origin: str | bytes
    id: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    geo: GeoPoint | None = None
    datasets: tuple[str, ...] = ()
    concepts: Mapping[str, float] = field(default_factory=dict)
    regions: tuple[Detection, ...] = ()
    labels: tuple[Label, ...] = ()
    label_file: str = ""
    is_partial: bool = False
    dropped: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.origin, bytes) and not (isinstance(self.origin, str) and self.origin):
            raise InputError(self.name, "a picture is a path, a URL or an encoded file")
        try:
            for concepts in (self.concepts, *(region.concepts for region in self.regions)):
                check_concepts(concepts)
        except QueryError as error:
            raise InputError(self.name, str(error)) from error
        if not all(isinstance(label, Label) for label in self.labels):
            raise InputError(self.name, "its labels are of the type toolkit.plugins.Label")
        if not all(isinstance(name, str) and name.strip() for name in self.datasets):
            raise InputError(self.name, f"datasets have names that can be read, not {self.datasets!r:.100}")

    @property
    def name(self) -> str:
        """What to call it in a report."""
        return self.origin if isinstance(self.origin, str) else "<bytes>"

    @property
    def is_labeled(self) -> bool:
        """Whether it has labels, or had some that are to be removed."""
        return bool(self.concepts or self.regions or self.labels or self.label_file)

    @property
    def count(self) -> int:
        """How many labels it was read with, those that were left out among them."""
        regions = sum(max(len(region.concepts), 1) for region in self.regions)
        labels = sum(label.count for label in self.labels)
        return len(self.concepts) + regions + labels + sum(self.dropped.values())


@runtime_checkable
class Importer(Protocol):
    """Reads records from one form of origin: a folder, a table, a URL.

    Attributes
    ----------
    name : str
        Such as ``"folder"`` or ``"coco"``.

    Notes
    -----
    An importer that has a method ``unread(origin, *, by)`` is asked of each path that is added
    (``by`` is the name of the importer that reads it): a sentence of what lies there unread goes to the report.
    """

    name: str

    def accepts(self, origin: object) -> bool:
        """Whether this importer reads that origin; cheap, and never raises."""
        ...

    def records(self, origin: object) -> Iterator[Record | Failure]:
        """The records, lazily; where one cannot be read, a failure with its file and row, and then the next.

        Raises
        ------
        InputError
            If the origin as a whole cannot be read.
        """
        ...
