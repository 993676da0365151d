"""Which rows are labeled with a concept and which as without it, by one source or by people before models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Column, Snapshot, Source

__all__ = ["Claims", "claims", "of_pictures"]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """The rows that a concept is claimed of, and those that it is denied of.

    Parameters
    ----------
    yes : bool (r,)
        Where it is there.
    no : bool (r,)
        Where it is not. A row of which nothing is known is in neither.
    """

    yes: Mask
    no: Mask


def claims(columns: Sequence[Column], snapshot: Snapshot, *, counted: Mask | None, yes: float) -> Claims:
    """What some sources claim, or what people do and, where they do not contradict, models.

    Parameters
    ----------
    columns : sequence of Column
        The values of the concepts that are one name.
    snapshot : Snapshot
        What is ranked.
    counted : bool (s,) or None
        The sources that count; None for people before models, without those that were trained from labels.
    yes : float
        The value from which on a concept is there.
    """
    if counted is not None:
        return _masks((one for one in columns if counted[one.source]), snapshot, yes)
    sources = [Source(one) for one in snapshot.sources]

    def by(is_counted: Callable[[Source], bool]) -> Claims:
        return _masks((one for one in columns if is_counted(sources[one.source])), snapshot, yes)

    people = by(lambda source: source.is_human)
    models = by(lambda source: not (source.is_human or source.trained_concept))
    # A person who denies that a picture shows a dog denies it of every part of the picture.
    denied = people.no | _anywhere(people.no & snapshot.rows.whole, snapshot)
    return Claims(people.yes | (models.yes & ~denied), people.no | (models.no & ~people.yes))


def of_pictures(found: Claims, snapshot: Snapshot) -> Claims:
    """The claims about whole pictures: one that has the concept on any row has it, whatever other rows lack.

    Parameters
    ----------
    found : Claims
        About rows.
    snapshot : Snapshot
        What is ranked.
    """
    yes = _anywhere(found.yes, snapshot)
    return Claims(yes, _anywhere(found.no, snapshot) & ~yes)


def _masks(columns: Iterable[Column], snapshot: Snapshot, yes: float) -> Claims:
    found = Claims(np.zeros(len(snapshot.rows), bool), np.zeros(len(snapshot.rows), bool))
    for column in columns:
        found.yes[column.rows[column.values >= yes]] = True
        found.no[column.rows[column.values < yes]] = True
    return found


def _anywhere(rows: Mask, snapshot: Snapshot) -> Mask:
    """Bool (r,): the rows of pictures of which any row is among the given."""
    pictures = np.zeros(len(snapshot.inputs), bool)
    pictures[snapshot.rows.input[rows]] = True
    return np.asarray(pictures[snapshot.rows.input])
