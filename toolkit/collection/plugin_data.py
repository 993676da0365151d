"""What plugins keep in an open collection."""

from __future__ import annotations

from collections.abc import Callable

from ..resources import Resources
from ..values.types import Json

__all__ = ["PluginData"]

_PROPERTY = "plugin:"


class PluginData:
    """JSON values that plugins keep with the collection: ``photos.plugin_data.get("toolkit_wire.models")``.

    The name begins with the plugin's own, so that two plugins do not share one.

    Parameters
    ----------
    resources : Resources
        Of the open collection.

    Examples
    --------
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     photos.plugin_data.change("my_plugin.visits", lambda before: (before or 0) + 1)
    ...     photos.plugin_data.get("my_plugin.visits")
    1
    1
    """

    def __init__(self, resources: Resources) -> None:
        self._store = resources.store

    def get(self, name: str) -> Json:
        """The value kept under a name; None if there is none."""
        return self._store.properties.get(_PROPERTY + name)

    def change(self, name: str, change: Callable[[Json], Json]) -> Json:
        """Replace the value kept under a name, and return the new one; another writer waits for it.

        Parameters
        ----------
        name : str
            ``"<plugin>.<what>"``.
        change : callable
            From the value there is, None if there is none, to the one to keep; as JSON. If it raises, nothing changes.
        """
        with self._store.write() as batch:
            after = change(self.get(name))
            batch.properties.set(_PROPERTY + name, after)
        return after
