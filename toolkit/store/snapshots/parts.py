"""The parts of one store that are read, one after another: what each has in common with the last is read once."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

import numpy as np
from sqlalchemy import Connection

from ...snapshot import Snapshot
from ..sql.history import newest_revision
from .changes import NameTables, read_names
from .concept_sources import ConceptSources, with_all_sources
from .merging import Keys
from .part import part_of

__all__ = ["PartReader"]

NONE: Final = np.empty(0, np.int64)


class PartReader:
    """Reads parts, each as a snapshot would be if the store held nothing else.

    All names, and the part without any rows, which a search asks what words mean, change with the revision only.
    """

    def __init__(self) -> None:
        self._concept_sources = ConceptSources()
        self._named: tuple[tuple[int, str], NameTables] | None = None
        self._bare: Snapshot | None = None

    def read(
        self,
        connection: Connection,
        inputs: Keys = NONE,
        regions: Keys = NONE,
        *,
        of: Container[str] | None = None,
    ) -> Snapshot:
        """The snapshot of some inputs alone, at the store's newest revision.

        Parameters
        ----------
        connection : Connection
            Inside one read transaction.
        inputs, regions : int64 (k,)
            Their keys, and keys of regions of others.
        of : container of str, optional
            The spaces whose vectors are read; all by default.
        """
        newest = newest_revision(connection)
        is_bare = not (len(inputs) or len(regions))
        bare = self._bare  # another thread may replace it
        if is_bare and bare is not None and (bare.revision, bare.token) == newest:
            return bare
        part = part_of(connection, newest, self._names(connection, newest), inputs, regions, of=of)
        part = with_all_sources(part, self._concept_sources.pairs(connection, newest))
        if is_bare:
            self._bare = part
        return part

    def _names(self, connection: Connection, newest: tuple[int, str]) -> NameTables:
        known = self._named  # another thread may replace it
        if known is None or known[0] != newest:
            known = self._named = newest, read_names(connection)
        return known[1]
