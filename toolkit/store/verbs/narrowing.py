"""The inputs that a condition leaves, where they are few: found by the database, without looking at the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, select

from ...values.types import IntArray
from ..sql import bulk, schema
from ..sql.dialect import listed, one_of
from ..sql.schema import annotation_concepts, concepts, dataset_inputs, datasets, regions
from .access import Reader

__all__ = ["NarrowingReader"]


class NarrowingReader(Reader):
    """What narrows a search."""

    def in_datasets(self, names: Sequence[str], *, most: int) -> IntArray | None:
        """The keys of the inputs of some datasets, int64 (k,) ascending; None if there are more than `most`.

        Parameters
        ----------
        names : sequence of str
            Of datasets.
        most : int
            How many are few.
        """
        return self._inputs(select(dataset_inputs.c.input_key).join(datasets), datasets.c.name, names, most)

    def with_concepts(self, ids: Sequence[str], *, most: int) -> IntArray | None:
        """The keys of the inputs of which anything is said about some concepts; None if there are more than `most`.

        Parameters
        ----------
        ids : sequence of str
            Of concepts.
        most : int
            How many are few.
        """
        about = (
            select(regions.c.input_key)
            .join(schema.annotations, schema.annotations.c.region_key == regions.c.key)
            .join(annotation_concepts)
            .join(concepts)
        )
        return self._inputs(about, concepts.c.id, ids, most)

    def best_of(self, ids: Sequence[str], k: int) -> tuple[IntArray, float]:
        """The rows of the k highest values that anybody gives to some concepts: keys int64 (m,), ascending.

        And what no value of another row goes beyond: 0 where there is none.

        Parameters
        ----------
        ids : sequence of str
            Of concepts.
        k : int
            How many values.
        """
        value = annotation_concepts.c.value
        with self._read() as connection:
            keys = bulk.fetch_in(connection, select(concepts.c.key), concepts.c.id, ids)
            best = (
                select(schema.annotations.c.region_key, value)
                .join(annotation_concepts)
                .where(one_of(connection, annotation_concepts.c.concept_key))
                .order_by(value.desc())
                .limit(k)
            )
            found = bulk.fetch(connection, best, listed(connection, [key for (key,) in keys]))
        regions = np.unique(np.array([region for region, _ in found], np.int64))
        return regions, float(found[-1][1]) if len(found) == k else 0.0

    def of_ids(self, inputs: Sequence[str], regions: Sequence[str]) -> IntArray:
        """The keys of some inputs, and of those that some regions are on, int64 (k,) ascending.

        Parameters
        ----------
        inputs, regions : sequence of str
            Their ids; those that are not there are passed over.
        """
        with self._read() as connection:
            named = bulk.fetch_in(connection, select(schema.inputs.c.key), schema.inputs.c.id, inputs)
            on = bulk.fetch_in(connection, select(schema.regions.c.input_key), schema.regions.c.id, regions)
        return np.unique(np.array([key for (key,) in (*named, *on)], np.int64))

    def _inputs(
        self, query: Select[Any], column: ColumnElement[Any], values: Sequence[str], most: int
    ) -> IntArray | None:
        with self._read() as connection:
            few = query.where(one_of(connection, column)).distinct().limit(most + 1)
            found = bulk.fetch(connection, few, listed(connection, values))
        return None if len(found) > most else np.sort(np.array([key for (key,) in found], np.int64))
