"""New annotations of regions, and what they change in those that are there.

A source that annotates a region again adds to its latest annotation there; a later value of a concept replaces an
earlier one. Giving the id of an annotation replaces all of it, and an id that is not there makes a new one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...errors import QueryError
from ...values.confidence import confidences
from ...values.names import plain_name
from ...values.types import Json
from ..sql.keys import refuse_nul

__all__ = ["NewAnnotation", "Statement", "combined"]


@dataclass(frozen=True, slots=True)
class NewAnnotation:
    """The concepts that a source gives to one region.

    Parameters
    ----------
    region : int
        Key of the region; for a whole image, the ``region_key`` of its input.
    concepts : mapping of str to float
        Concept id to value in [0, 1]. Concepts that are new to the store are made; ids are written as `plain_name`
        has them.
    status : str or None
        A word; None leaves it, or is ``"success"`` for a new annotation.
    info : mapping or None
        Any JSON object, replaces the old one; None leaves it.
    id : str or None
        The annotation to replace, or the id of another one to make. None adds to this source's latest one on
        this region, or makes the first.

    Raises
    ------
    QueryError
        For a value outside [0, 1].
    """

    region: int
    concepts: Mapping[str, float] = field(default_factory=dict)
    status: str | None = None
    info: Mapping[str, Json] | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        plain = {plain_name(concept): value for concept, value in confidences(self.concepts).items()}
        object.__setattr__(self, "concepts", plain)
        if self.id == "":
            raise QueryError("the id of an annotation is not empty; leave it out for one to be made up")
        refuse_nul(self.id or "")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one annotation is to hold.

    Parameters
    ----------
    region : int
        Key of the region.
    replaces : bool
        Whether its earlier concepts are removed.
    concepts, status, info
        As in `NewAnnotation`.
    """

    region: int
    replaces: bool
    concepts: Mapping[str, float]
    status: str | None = None
    info: Mapping[str, Json] | None = None

    def followed_by(self, one: NewAnnotation) -> Statement:
        """The same with one more addition to it."""
        replaces = one.id is not None
        return Statement(
            region=one.region,
            replaces=self.replaces or replaces,
            concepts=dict(one.concepts) if replaces else {**self.concepts, **one.concepts},
            status=self.status if one.status is None else one.status,
            info=self.info if one.info is None else one.info,
        )


def combined(
    new: Sequence[NewAnnotation], *, latest: Mapping[int, str], there: Mapping[str, int]
) -> tuple[list[str], dict[str, Statement]]:
    """The id of the annotation that each one goes to, in the order given; and by id what each of those is to hold.

    Parameters
    ----------
    latest : mapping of int to str
        By region, the latest annotation of this source.
    there : mapping of str to int
        By id, the region of each annotation that is there already.

    Raises
    ------
    QueryError
        If an id belongs to an annotation of another region.
    """
    latest, there = dict(latest), dict(there)
    ids: list[str] = []
    statements: dict[str, Statement] = {}
    for one in new:
        id = one.id or latest.get(one.region) or secrets.token_hex(8)
        if id not in there:
            there[id] = one.region
            latest[one.region] = id
        if there[id] != one.region:
            raise QueryError(f"annotation {id!r} is of another region; delete that one, or give another id")
        before = statements.get(id, Statement(one.region, replaces=False, concepts={}))
        statements[id] = before.followed_by(one)
        ids.append(id)
    return ids, statements
