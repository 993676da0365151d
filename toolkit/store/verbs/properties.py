"""Properties of the collection itself: its settings, its workflow, its own name."""

from __future__ import annotations

from sqlalchemy import select

from ...values.canonical import canonical_json
from ...values.types import Json
from ..sql.json_object import json_of
from ..sql.schema import properties
from .access import Reader, Writer
from .named_values import put_named

__all__ = ["PropertyReader", "PropertyWriter"]


class PropertyReader(Reader):
    """What can be read about properties."""

    def get(self, name: str, *, default: Json | None = None) -> Json:
        """The value of a property, else the default.

        Parameters
        ----------
        name : str
            Of the property.
        default : JSON, optional
            What comes back where there is none.
        """
        with self._read() as connection:
            text = connection.scalar(select(properties.c.value).where(properties.c.name == name))
        return default if text is None else json_of(text)


class PropertyWriter(Writer):
    """What can be written about properties."""

    def set(self, name: str, value: Json) -> None:
        """Store a value as a property of the collection.

        Parameters
        ----------
        name : str
            Of the property.
        value : JSON
            Its new value.
        """
        text = canonical_json(value)
        before = self._connection.scalar(select(properties.c.value).where(properties.c.name == name))
        if text != before:
            put_named(self._transaction, properties, name=name, value=text)
