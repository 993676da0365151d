"""Which component has run over which input, so that indexing again does only the rest."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
from sqlalchemy import exists, func, select

from ..sql import bulk
from ..sql.schema import indexed, inputs
from .access import Reader, Writer

__all__ = ["ProgressReader", "ProgressWriter"]


class ProgressReader(Reader):
    """What can be read about the work done."""

    def missing(self, component: str) -> list[int]:
        """The keys of the inputs that a component has not run over yet, in order of creation."""
        done = exists().where(indexed.c.input_key == inputs.c.key, indexed.c.component == component)
        of_component = select(func.count()).where(indexed.c.component == component)
        with self._read() as connection:
            # Mostly nothing is missing, which counting says many times faster than looking for it.
            if connection.scalar(of_component) == connection.scalar(select(func.count()).select_from(inputs)):
                return []
            rows = bulk.fetch(connection, select(inputs.c.key).where(~done).order_by(inputs.c.key))
        return [key for (key,) in rows]

    def done(self, components: Collection[str], input_keys: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Bool (k,): which of some inputs any of some components has run over.

        Parameters
        ----------
        components : collection of str
            Names and versions of what runs.
        input_keys : int64 (k,)
            Their keys.
        """
        over = select(indexed.c.input_key).where(indexed.c.component.in_(components))
        with self._read() as connection:
            found = bulk.fetch_in(connection, over, indexed.c.input_key, input_keys.tolist())
        return np.isin(input_keys, np.array([key for (key,) in found], np.int64))


class ProgressWriter(Writer):
    """What can be written about the work done."""

    def mark(self, input_keys: Collection[int], component: str) -> None:
        """Record that a component has run over some inputs, whether or not it found anything.

        Parameters
        ----------
        input_keys : collection of int
            Keys of inputs.
        component : str
            Name and version of what ran.
        """
        of_component = select(indexed.c.input_key).where(indexed.c.component == component)
        done = {
            key for (key,) in bulk.fetch_in(self._connection, of_component, indexed.c.input_key, input_keys)
        }
        rows = [(int(key), component) for key in dict.fromkeys(input_keys) if key not in done]
        if rows:
            self._transaction.advance()
            bulk.write(self._connection, indexed, ["input_key", "component"], rows)
