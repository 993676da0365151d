"""What a database holds that was never written to it: a disk that forgets bits gives any value anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import StoreError, ToolkitError

__all__ = ["as_stored"]


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
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        raise StoreError(
            f"{what}: not as it was written; the database is damaged, so restore a copy, or add the images to a new "
            f"store ({error!s:.100})"
        ) from error
