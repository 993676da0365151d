"""The datasets of an open collection: named sets of inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..errors import UnknownNameError
from ..resources import Resources

__all__ = ["Datasets"]


class Datasets(Mapping[str, int]):
    """How many inputs each dataset has, by name: ``photos.datasets["summer"]``.

    What is in one is found with ``where(dataset="summer")``.

    Parameters
    ----------
    resources : Resources
        Of the open collection.

    Examples
    --------
    >>> import numpy as np
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     _ = photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
    ...     photos.datasets.add("summer", photos)
    ...     photos.datasets.add("winter")
    ...     dict(photos.datasets)
    {'summer': 1, 'winter': 0}
    """

    def __init__(self, resources: Resources) -> None:
        self._store = resources.store

    def __getitem__(self, name: str) -> int:
        counts = self._store.datasets.sizes()
        if name not in counts:
            raise UnknownNameError("dataset", name, counts)
        return counts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.datasets.sizes())

    def __len__(self) -> int:
        return len(self._store.datasets.sizes())

    def __repr__(self) -> str:
        return f"<datasets: {', '.join(self) or 'none'}>"

    def add(self, name: str, inputs: Iterable[str] = ()) -> None:
        """Add inputs to a dataset, which is made if there is none of that name.

        Parameters
        ----------
        name : str
            The dataset's name.
        inputs : iterable of str
            Ids of inputs.

        Raises
        ------
        UnknownNameError
            No input has one of the ids; nothing is written.
        """
        with self._store.write() as batch:
            batch.datasets.add(name, self._store.inputs.keys(inputs))

    def delete(self, name: str) -> None:
        """Delete a dataset; its inputs stay.

        Raises
        ------
        UnknownNameError
            No such dataset; with those there are.
        """
        with self._store.write() as batch:
            batch.datasets.delete(name)

    def remove(self, name: str, inputs: Iterable[str]) -> None:
        """Remove inputs from a dataset.

        Parameters
        ----------
        name : str
            The dataset's name.
        inputs : iterable of str
            Ids of inputs.

        Raises
        ------
        UnknownNameError
            No such dataset or input; nothing is written.
        """
        with self._store.write() as batch:
            batch.datasets.remove(name, self._store.inputs.keys(inputs))
