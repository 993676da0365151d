"""What the store has that an older snapshot has not: read in a few statements whatever its size.

A region is the unit of change of its annotations: where its revision is new, all of it is read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from ...snapshot import InputArrays, TextColumn
from ...values.types import FloatArray
from ..sql.bulk import Prepared
from . import change_queries as queries
from .change_queries import Wanted
from .column_readers import NumberReader, TextReader, WordReader
from .merging import Indices, Keys

__all__ = [
    "Annotated",
    "Changes",
    "NameTables",
    "RegionChanges",
    "read_annotated",
    "read_annotations_on",
    "read_changes",
    "read_names",
    "read_part",
]

Times = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Names:
    """A small table, read whole.

    Parameters
    ----------
    keys : int64 (k,)
        Ascending.
    names : tuple of str
        One per key.
    """

    keys: Keys
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class NameTables:
    """The small tables that others point to, read whole.

    Parameters
    ----------
    concepts, sources, datasets : Names
        All there are.
    """

    concepts: Names
    sources: Names
    datasets: Names


@dataclass(frozen=True, eq=False)
class RegionChanges:
    """RegionChanges that are new, or whose annotations changed.

    Parameters
    ----------
    key : int64 (k,)
        Ascending.
    input : int64 (k,)
        Keys of the inputs.
    box : float32 (k, 4)
        NaN for an input as a whole.
    """

    key: Keys
    input: Keys
    box: FloatArray

    def __getitem__(self, chosen: npt.NDArray[np.bool_]) -> RegionChanges:
        return RegionChanges(self.key[chosen], self.input[chosen], self.box[chosen])


@dataclass(frozen=True, eq=False)
class AnnotationChanges:
    """All annotations of those regions, without the concepts.

    Parameters
    ----------
    key, region, source : int64 (a,)
        Keys; the annotations' own ascend.
    status : int32 (a,)
        Index of a word.
    created_at, modified_at : float64 (a,)
        Seconds since 1970, UTC.
    info : TextColumn of a
        JSON objects.
    """

    key: Keys
    region: Keys
    source: Keys
    status: Indices
    created_at: Times
    modified_at: Times
    info: TextColumn


@dataclass(frozen=True, eq=False)
class Values:
    """The concept values of those annotations.

    Parameters
    ----------
    annotation, concept : int64 (e,)
        Keys; those of annotations ascend.
    value : float32 (e,)
        In [0, 1].
    """

    annotation: Keys
    concept: Keys
    value: FloatArray


@dataclass(frozen=True, eq=False)
class Members:
    """Which of the changed inputs are in which dataset.

    Parameters
    ----------
    dataset, input : int64 (k,)
        Keys; those of datasets ascend.
    """

    dataset: Keys
    input: Keys


@dataclass(frozen=True, eq=False)
class Changes:
    """What is newer than a revision. Vectors are not here: `vectors.py` reads them straight into place.

    Parameters
    ----------
    revision, token : int, str
        The store's newest.
    concepts, sources, datasets : Names
        All there are.
    inputs : InputArrays
        New or changed.
    members : Members
        The datasets of those inputs.
    regions : RegionChanges
        New or changed.
    gone : mapping of str to int64 (k,)
        Keys of the inputs and of the regions that were deleted, in no order.
    """

    revision: int
    token: str
    concepts: Names
    sources: Names
    datasets: Names
    inputs: InputArrays
    members: Members
    regions: RegionChanges
    gone: Mapping[str, Keys]


@dataclass(frozen=True, eq=False)
class Annotated:
    """What is said of new and changed regions.

    Parameters
    ----------
    annotations : AnnotationChanges
        All their annotations.
    values : Values
        All concept values of those.
    """

    annotations: AnnotationChanges
    values: Values


def read_changes(
    connection: Connection, newest: tuple[int, str], *, since: int, words: dict[str, int]
) -> Changes:
    """Everything that changed after a revision, but what is said of it.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    newest : (int, str)
        The newest revision and its token.
    since : int
        A revision; 0 reads everything.
    words : dict of str to int
        The index of each status word; new ones are added.
    """
    return _read(connection, newest, read_names(connection), since, words, gone_since=since)


def read_names(connection: Connection) -> NameTables:
    """All concepts, sources and datasets."""
    tables = queries.CONCEPTS, queries.SOURCES, queries.DATASETS
    return NameTables(*(_names(connection, table) for table in tables))


def read_part(
    connection: Connection,
    newest: tuple[int, str],
    named: NameTables,
    inputs: Keys,
    words: dict[str, int],
) -> Changes:
    """Some inputs with their regions, but what is said of them.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    newest : (int, str)
        The newest revision and its token.
    named : NameTables
        As of that revision.
    inputs : int64 (k,)
        Keys; those that are not there are passed over.
    words : dict of str to int
        The index of each status word; new ones are added.
    """
    return _read(connection, newest, named, inputs, words, gone_since=0)


def read_annotations_on(connection: Connection, regions: Keys, words: dict[str, int]) -> Annotated:
    """What is said of some regions.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    regions : int64 (k,)
        Keys.
    words : dict of str to int
        The index of each status word; new ones are added.
    """
    annotations = _annotations(connection, regions, words)
    return Annotated(annotations, _values(connection, annotations.key))


def read_annotated(connection: Connection, *, since: int, words: dict[str, int]) -> Annotated:
    """What is said of the regions that changed after a revision.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    since : int
        A revision; 0 reads everything.
    words : dict of str to int
        The index of each status word; new ones are added.
    """
    return Annotated(_annotations(connection, since, words), _values(connection, since))


def _read(
    connection: Connection,
    newest: tuple[int, str],
    named: NameTables,
    wanted: Wanted,
    words: dict[str, int],
    *,
    gone_since: int,
) -> Changes:
    revision, token = newest
    return Changes(
        revision=revision,
        token=token,
        concepts=named.concepts,
        sources=named.sources,
        datasets=named.datasets,
        inputs=_inputs(connection, wanted, words),
        members=_members(connection, wanted),
        regions=_regions(connection, wanted),
        gone=_deleted(connection, gone_since),
    )


def _deleted(connection: Connection, since: int) -> dict[str, Keys]:
    keys: dict[str, list[int]] = {"inputs": [], "regions": []}
    # Before the first revision there was nothing to delete.
    for kind, key in queries.DELETED.rows(connection, since=since) if since else ():
        if kind in keys:
            keys[kind].append(key)
    return {kind: np.array(some, np.int64) for kind, some in keys.items()}


def _names(connection: Connection, table: Prepared) -> Names:
    found = table.rows(connection)
    return Names(np.array([key for key, _ in found], np.int64), tuple(name for _, name in found))


def _inputs(connection: Connection, since: Wanted, words: dict[str, int]) -> InputArrays:
    key, status, metadata = NumberReader(np.int64), WordReader(words), TextReader()
    created_at, modified_at = NumberReader(np.float64), NumberReader(np.float64)
    latitude, longitude = NumberReader(np.float32), NumberReader(np.float32)
    queries.INPUTS.read(
        connection, since, key, created_at, modified_at, latitude, longitude, status, metadata
    )
    return InputArrays(
        key=key.array(),
        created_at=created_at.array(),
        modified_at=modified_at.array(),
        latitude=latitude.array(),
        longitude=longitude.array(),
        status=status.codes(),
        metadata=metadata.column(),
    )


def _regions(connection: Connection, since: Wanted) -> RegionChanges:
    key, input = NumberReader(np.int64), NumberReader(np.int64)
    sides = [NumberReader(np.float32) for _ in range(4)]
    queries.REGIONS.read(connection, since, key, input, *sides)
    return RegionChanges(key.array(), input.array(), np.stack([side.array() for side in sides], axis=1))


def _annotations(connection: Connection, since: Wanted, words: dict[str, int]) -> AnnotationChanges:
    key, region, source = NumberReader(np.int64), NumberReader(np.int64), NumberReader(np.int64)
    status, info = WordReader(words), TextReader()
    created_at, modified_at = NumberReader(np.float64), NumberReader(np.float64)
    queries.ANNOTATIONS.read(connection, since, key, region, source, status, created_at, modified_at, info)
    return AnnotationChanges(
        key=key.array(),
        region=region.array(),
        source=source.array(),
        status=status.codes(),
        created_at=created_at.array(),
        modified_at=modified_at.array(),
        info=info.column(),
    )


def _values(connection: Connection, since: Wanted) -> Values:
    annotation, concept, value = NumberReader(np.int64), NumberReader(np.int64), NumberReader(np.float32)
    queries.VALUES.read(connection, since, annotation, concept, value)
    found = Values(annotation.array(), concept.array(), value.array())
    if (found.annotation[1:] >= found.annotation[:-1]).all():
        return found
    order = np.argsort(found.annotation, kind="stable")
    return Values(found.annotation[order], found.concept[order], found.value[order])


def _members(connection: Connection, since: Wanted) -> Members:
    dataset, input = NumberReader(np.int64), NumberReader(np.int64)
    queries.MEMBERS.read(connection, since, dataset, input)
    return Members(dataset.array(), input.array())
