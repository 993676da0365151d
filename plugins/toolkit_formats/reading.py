"""The labels of one picture as they are read: those that can be, and a word on those that cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from toolkit.plugins import Failure, InputError, Label, Record

__all__ = ["ERRORS", "PictureLabels", "error_text"]

ERRORS = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
"""What a value of the wrong kind makes the code that reads it raise; `InputError` is one of them."""


@dataclass(slots=True)
class PictureLabels:
    """Collects the labels of one picture.

    Parameters
    ----------
    file : str
        The label file, for failures.
    """

    file: str
    labels: list[Label] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def take(self, where: str, make: Callable[..., Label | None], *given: Any) -> None:  # noqa: ANN401
        """Take the label that is made; one that cannot be made is wrong, and None is no label.

        Parameters
        ----------
        where : str
            Its line or number in the file; empty if there is none.
        make : callable
            Makes it from what is given.
        *given
            What the file says.
        """
        try:
            label = make(*given)
        except ERRORS as error:
            self.wrong.append(f"{where}: {error_text(error)}" if where else error_text(error))
        else:
            if label is not None:
                self.labels.append(label)

    def drop(self, reason: str, count: int = 1) -> None:
        """Leave out a label that is right, but that a collection cannot hold.

        Parameters
        ----------
        reason : str
            Why, in a few words.
        count : int
            How many labels.
        """
        self.dropped[reason] += count

    def finish(self, origin: str | bytes, **more: Any) -> Iterator[Record | Failure]:  # noqa: ANN401
        """The record of the picture, then a failure if some of its labels are wrong.

        Parameters
        ----------
        origin : str or bytes
            The picture.
        **more
            Other fields of `toolkit.plugins.Record`.
        """
        try:
            labels, dropped = tuple(self.labels), dict(self.dropped)
            yield Record(origin, labels=labels, dropped=dropped, **{"is_partial": bool(self.wrong), **more})
        except InputError as error:
            yield Failure(self.file, error.reason, labels=len(self.labels))
        if self.wrong:
            more_lines = f"; and {len(self.wrong) - 1:,} more" if len(self.wrong) > 1 else ""
            yield Failure(self.file, f"{self.wrong[0]}{more_lines}", labels=len(self.wrong))


def error_text(error: Exception) -> str:
    """What an error says, in a few words."""
    if isinstance(error, InputError):
        return error.reason
    if isinstance(error, KeyError):
        return f"no {error.args[0]!r:.60}" if error.args else "something is missing"
    if isinstance(error, ValueError):
        return f"{error!s:.150}"
    return f"{type(error).__name__}: {error!s:.120}"
