"""A snapshot of some inputs alone: as the whole one would be if the store held no others."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

import numpy as np
from sqlalchemy import BigInteger, Connection, bindparam, func, select

from ...snapshot import RowArrays, Snapshot, Space
from ...values.positions import positions
from ..sql import schema
from ..sql.bulk import Prepared
from ..sql.schema import embeddings, regions, spaces
from ..sql.vectors import matrix_of
from .catch_up import assembled
from .changes import NameTables, read_annotations_on, read_part
from .merging import Keys

__all__ = ["drawn", "part_of", "row_count"]

_SPACES = Prepared(select(spaces.c.key, spaces.c.name, spaces.c.dimension).order_by(spaces.c.key))
_OWNERS = Prepared(select(regions.c.input_key), among=regions.c.key)
_VECTORS = Prepared(
    select(embeddings.c.region_key, embeddings.c.vector)
    .where(embeddings.c.space_key == bindparam("space", type_=BigInteger))
    .order_by(embeddings.c.revision, embeddings.c.region_key),
    among=embeddings.c.region_key,
)


def part_of(
    connection: Connection,
    newest: tuple[int, str],
    named: NameTables,
    inputs: Keys,
    regions: Keys,
    *,
    of: Container[str] | None = None,
) -> Snapshot:
    """The snapshot of some inputs, at the store's newest revision; every space is there, if only with no vectors.

    Parameters
    ----------
    connection : Connection
        Inside one read transaction.
    newest : (int, str)
        The newest revision and its token.
    named : NameTables
        All concepts, sources and datasets as of that revision.
    inputs, regions : int64 (k,)
        Keys of inputs, and of regions of others; those that are not there are passed over.
    of : container of str, optional
        The spaces whose vectors are read; all by default.

    Raises
    ------
    StoreError
        If a vector in the store has the wrong length.
    """
    words: dict[str, int] = {}
    owners = [key for (key,) in _OWNERS.rows(connection, regions.tolist())] if len(regions) else []
    wanted = np.union1d(inputs, np.array(owners, np.int64))
    changes = read_part(connection, newest, named, wanted, words)
    part = assembled(
        Snapshot.empty(),
        changes,
        words,
        lambda rows, _: _spaces(connection, rows, of),
        lambda: read_annotations_on(connection, changes.regions.key, words),
    )
    return replace(part, is_part=True)


def drawn(connection: Connection, number: int) -> Keys:
    """The keys of about so many inputs, drawn at random, the same ones of the same store.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    number : int
        How many; fewer where some were deleted, or drawn twice.
    """
    highest = connection.scalar(select(func.max(schema.inputs.c.key))) or 0
    return np.unique(np.random.default_rng(0).integers(1, int(highest) + 1, number))


def row_count(connection: Connection, *, above: int) -> int:
    """How many rows there are, or fewer than `above` where that is sure without counting: keys are from 1.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    above : int
        Up to here any number does.
    """
    highest = connection.scalar(select(func.max(regions.c.key))) or 0
    if highest <= above:
        return int(highest)
    return int(connection.scalar(select(func.count()).select_from(regions)) or 0)


def _spaces(connection: Connection, rows: RowArrays, of: Container[str] | None) -> dict[str, Space]:
    found = {}
    for key, name, dimension in _SPACES.rows(connection):
        wanted = rows.key.tolist() if of is None or name in of else []
        embedded = _VECTORS.rows(connection, wanted, space=key) if wanted else []
        vectors = matrix_of([vector for _, vector in embedded], name, dimension)
        of_rows = positions(rows.key, np.array([region for region, _ in embedded], np.int64))
        found[name] = Space(name, vectors, of_rows, key)
    return found
