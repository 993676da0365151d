"""Datasets: named sets of inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, delete, func, select

from ...errors import UnknownNameError
from ..sql import bulk
from ..sql.dialect import upsert
from ..sql.keys import ensured, required
from ..sql.schema import dataset_inputs, datasets
from .access import Reader, Writer

__all__ = ["DatasetReader", "DatasetWriter", "datasets_of", "put_in_datasets"]

_BY_INPUT = bulk.Prepared(
    select(dataset_inputs.c.input_key, datasets.c.key, datasets.c.name).join_from(dataset_inputs, datasets),
    among=dataset_inputs.c.input_key,
)


class DatasetReader(Reader):
    """What can be read about datasets."""

    def sizes(self) -> dict[str, int]:
        """How many inputs each dataset has, by name in order of creation."""
        count = func.count(dataset_inputs.c.input_key)
        counted = select(datasets.c.name, count).outerjoin(dataset_inputs).group_by(datasets.c.key)
        with self._read() as connection:
            return dict(bulk.fetch(connection, counted.order_by(datasets.c.key)))

    def inputs(self, name: str) -> list[int]:
        """The keys of the inputs of a dataset, ascending.

        Raises
        ------
        UnknownNameError
            There is no such dataset.
        """
        of = dataset_inputs.c
        inside = select(of.input_key).join(datasets).where(datasets.c.name == name).order_by(of.input_key)
        with self._read() as connection:
            found = [key for (key,) in bulk.fetch(connection, inside)]
        if not found and name not in (known := self.sizes()):
            raise UnknownNameError("dataset", name, known)
        return found


class DatasetWriter(Writer):
    """What can be written about datasets."""

    def add(self, name: str, input_keys: Collection[int]) -> None:
        """Put inputs into a dataset, which is made if there is none of that name.

        Parameters
        ----------
        name : str
            Of the dataset.
        input_keys : collection of int
            Keys of inputs.
        """
        key = ensured(self._connection, datasets.c.name, [name])[name]
        inside = _members(self._connection, key, input_keys)
        joining = [input_key for input_key in dict.fromkeys(input_keys) if input_key not in inside]
        if joining:
            put_in_datasets(self._connection, {input_key: [name] for input_key in joining})
            self._transaction.touch_inputs(joining)

    def delete(self, name: str) -> None:
        """Delete a dataset; its inputs stay.

        Raises
        ------
        UnknownNameError
            If there is no such dataset.
        """
        (key,) = required(self._connection, datasets.c.name, [name], kind="dataset")
        inside = select(dataset_inputs.c.input_key).where(dataset_inputs.c.dataset_key == key)
        leaving = [input_key for (input_key,) in bulk.fetch(self._connection, inside)]
        self._connection.execute(delete(datasets).where(datasets.c.key == key))
        self._transaction.touch_inputs(leaving)

    def remove(self, name: str, input_keys: Collection[int]) -> None:
        """Take inputs out of a dataset; those that are not in it stay as they are.

        Parameters
        ----------
        name : str
            Of the dataset.
        input_keys : collection of int
            Keys of inputs.

        Raises
        ------
        UnknownNameError
            If there is no such dataset.
        """
        (key,) = required(self._connection, datasets.c.name, [name], kind="dataset")
        leaving = _members(self._connection, key, input_keys)
        if leaving:
            gone = delete(dataset_inputs).where(dataset_inputs.c.dataset_key == key)
            bulk.write_in(self._connection, gone, dataset_inputs.c.input_key, leaving)
            self._transaction.touch_inputs(leaving)


def datasets_of(connection: Connection, input_keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The datasets of those inputs that are in any, by key, in the order the datasets were made.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    input_keys : iterable of int
        Keys of inputs.
    """
    found: dict[int, list[str]] = {}
    for input_key, _, name in sorted(_BY_INPUT.rows(connection, input_keys)):
        found.setdefault(input_key, []).append(name)
    return {key: tuple(names) for key, names in found.items()}


def put_in_datasets(connection: Connection, names_by_input: Mapping[int, Collection[str]]) -> None:
    """Put each input into some datasets, which are made where they are new.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    names_by_input : mapping of int to collection of str
        Names of datasets by the key of an input.
    """
    if not names_by_input:
        return
    keys = ensured(connection, datasets.c.name, (name for names in names_by_input.values() for name in names))
    rows = [(keys[name], int(input_key)) for input_key, names in names_by_input.items() for name in names]
    bulk.write(connection, upsert(connection, dataset_inputs), ["dataset_key", "input_key"], rows)


def _members(connection: Connection, dataset_key: int, input_keys: Collection[int]) -> set[int]:
    member = dataset_inputs.c.input_key
    inside = select(member).where(dataset_inputs.c.dataset_key == dataset_key)
    return {key for (key,) in bulk.fetch_in(connection, inside, member, input_keys)}
