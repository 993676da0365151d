"""Trained models: numbers and their names, never code."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ...values.canonical import canonical_json
from ...values.types import Json
from ..sql import bulk
from ..sql.json_object import json_of
from ..sql.schema import models
from .access import Reader, Writer
from .named_values import delete_named, put_named, require_name, row_named

__all__ = ["ModelReader", "ModelWriter", "StoredModel"]


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A trained model.

    Parameters
    ----------
    name : str
        What it is of, such as a concept id.
    version : int
        How many times it was saved.
    state : Json
        All that makes it again; numbers, never code.
    created_at : float
        When it was last saved, seconds since 1970, UTC.
    """

    name: str
    version: int
    state: Json
    created_at: float


class ModelReader(Reader):
    """What can be read about models."""

    def get(self, name: str) -> StoredModel:
        """The model saved under a name.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        """
        with self._read() as connection:
            row = row_named(connection, models, name, kind="model", columns=models.c.keys())
        return _model(row)

    def all(self) -> list[StoredModel]:
        """Every saved model, in the order of their names."""
        with self._read() as connection:
            return [_model(row) for row in bulk.fetch(connection, select(models).order_by(models.c.name))]


class ModelWriter(Writer):
    """What can be written about models."""

    def next_version(self, name: str) -> int:
        """The version that a model has once it is saved again; 1 if it never was."""
        before = select(models.c.version).where(models.c.name == name)
        return (self._connection.scalar(before) or 0) + 1

    def save(self, name: str, state: Json) -> int:
        """The version that a model has now that it is saved.

        Parameters
        ----------
        name : str
            Of the model; an earlier one of that name is replaced.
        state : JSON
            What it has learned.
        """
        version = self.next_version(name)
        put_named(
            self._transaction,
            models,
            name=require_name(name),
            version=version,
            state=canonical_json(state),
            created_at=self._transaction.now,
        )
        return version

    def delete(self, name: str) -> None:
        """Delete a saved model.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        """
        delete_named(self._transaction, models, name, kind="model")


def _model(row: bulk.Row) -> StoredModel:
    name, version, state, created_at = row
    return StoredModel(name, version, json_of(state), created_at)
