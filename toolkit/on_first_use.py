"""Modules that are imported when something of them is first used: opening a collection does not wait for them.

Type checkers are shown an ordinary import, under ``TYPE_CHECKING``.
"""

from __future__ import annotations

from importlib import import_module

__all__ = ["OnFirstUse"]


class OnFirstUse:
    """Stands for a module, and imports it when one of its names is asked for.

    Parameters
    ----------
    name : str
        Of the module, in full.

    Examples
    --------
    >>> OnFirstUse("keyword").kwlist[0]
    'False'
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        found = self.__dict__[name] = getattr(import_module(self._name), name)
        return found
