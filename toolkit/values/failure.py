"""One source, or one part of it, that could not be read."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Failure"]


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """One source that could not be read; an importer yields it among its records, and goes on.

    Parameters
    ----------
    uri : str
        What it was: a picture, a label file, a row of a table.
    reason : str
        Why, in a few words.
    labels : int
        How many labels are lost with it.
    may_pass : bool
        Whether it says nothing of the content, which could not be read just now: no mount, no permission, a broken
        disk. The same file is tried again the next time; else only when it has changed.
    """

    uri: str
    reason: str
    labels: int = 0
    may_pass: bool = False
