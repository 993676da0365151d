"""What a database holds that was never written to it: a disk that forgets bits gives any value anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import StoreError, ToolkitError

__all__ = ["UNREADABLE", "as_stored", "damaged"]

UNREADABLE = TypeError, ValueError, LookupError, OverflowError  # what reading such a value raises


def damaged(what: str, error: Exception) -> StoreError:
    """The error that stored values cannot be read.

    Parameters
    ----------
    what : str
        What was read, in a few words.
    error : Exception
        What reading it raised.
    """
    return StoreError(
        f"{what}: not as it was written; the database is damaged, so restore a copy, or add the images to a new "
        f"store ({error!s:.100})"
    )


@contextmanager
def as_stored(what: str) -> Iterator[None]:
    """While stored values are read: one of a type or form that is never written is an error in words.

    Parameters
    ----------
    what : str
        What is read, in a few words.

    Raises
    ------
    StoreError
        It cannot be read.
    """
    try:
        yield
    except ToolkitError:
        raise
    except UNREADABLE as error:
        raise damaged(what, error) from error
