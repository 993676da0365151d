"""The extra ``[wire]``: said in a sentence where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from toolkit.plugins import MissingExtraError

__all__ = ["wire_extra"]


@contextmanager
def wire_extra(feature: str) -> Iterator[None]:
    """Run imports that need the extra.

    Parameters
    ----------
    feature : str
        What they are for, such as ``"toolkit serve"``.

    Raises
    ------
    MissingExtraError
        A package of the extra is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).startswith("toolkit"):
            raise
        raise MissingExtraError(feature, str(error.name), "wire") from error
