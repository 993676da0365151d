"""Which source says anything of which concept, anywhere in the store: asked once, and then only of what is new."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sqlalchemy import BigInteger, Connection, bindparam, select

from ...snapshot import ConceptColumns, Snapshot
from ..sql import schema
from ..sql.bulk import Prepared
from ..sql.history import is_known
from ..sql.schema import annotation_concepts, concepts, regions, sources

__all__ = ["ConceptSources", "with_all_sources"]

_PAIRS = (
    select(concepts.c.id, sources.c.name)
    .select_from(annotation_concepts)
    .join(schema.annotations)
    .join(sources)
    .join(concepts, concepts.c.key == annotation_concepts.c.concept_key)
    .distinct()
)
_NEW = select(regions.c.key).where(regions.c.revision > bindparam("since", type_=BigInteger))
ALL, NEWER = Prepared(_PAIRS), Prepared(_PAIRS.where(schema.annotations.c.region_key.in_(_NEW)))


class ConceptSources:
    """The pairs of concepts and sources of one store; they stay where the last annotation of one is deleted."""

    def __init__(self) -> None:
        self._known: tuple[tuple[int, str], set[tuple[str, str]]] = ((0, ""), set())

    def pairs(self, connection: Connection, newest: tuple[int, str]) -> set[tuple[str, str]]:
        """The id of each concept with each source that says anything of it.

        Parameters
        ----------
        connection : Connection
            Inside a read transaction.
        newest : (int, str)
            The newest revision and its token.
        """
        (since, token), pairs = self._known  # another thread may replace it
        if newest != (since, token):
            if since and is_known(connection, since, token):
                pairs = pairs | set(NEWER.rows(connection, since=since))
            else:
                pairs = set(ALL.rows(connection))
            self._known = newest, pairs
        return pairs


def with_all_sources(part: Snapshot, pairs: set[tuple[str, str]]) -> Snapshot:
    """A part of a collection in which every source has a column of what it says anything of, if an empty one.

    So a ranker sees who knows a concept, as it does in a snapshot of everything.

    Parameters
    ----------
    part : Snapshot
        Of some inputs.
    pairs : set of (str, str)
        Ids of concepts, and sources.
    """
    there = part.columns
    source = {str(name): index for index, name in enumerate(part.sources)}
    known = [
        (part.concept_index[one], source[by])
        for one, by in pairs
        if one in part.concept_index and by in source
    ]
    groups = {pair: slice(0, 0) for pair in known}
    for at, pair in enumerate(zip(there.concept.tolist(), there.source.tolist(), strict=True)):
        groups[pair] = slice(int(there.start[at]), int(there.start[at + 1]))
    ordered = sorted(groups)
    sizes = [groups[pair].stop - groups[pair].start for pair in ordered]
    columns = ConceptColumns(
        np.array([concept for concept, _ in ordered], np.int32),
        np.array([source for _, source in ordered], np.int32),
        np.append(0, np.cumsum(sizes)).astype(np.int64),
        there.rows,
        there.values,
    )
    return replace(part, columns=columns)
