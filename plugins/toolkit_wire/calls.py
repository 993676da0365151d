"""The context of a call: the collection, the caller and the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toolkit import Collection

from .limits import Limits

if TYPE_CHECKING:
    from .apps import Apps
    from .pictures import Pictures
    from .trainings import Trainings

__all__ = ["Call", "Caller"]


@dataclass(frozen=True, slots=True)
class Caller:
    """What comes with a call besides its message.

    Parameters
    ----------
    headers : mapping of str to str
        Names in lower case: HTTP headers, or the metadata of a gRPC call.
    """

    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one method.

    Parameters
    ----------
    photos : Collection
        The collection that is asked.
    pictures : Pictures
        Reads the pictures that requests bring or point to.
    limits : Limits
        How much may be asked for.
    caller : Caller
        The caller.
    user : str
        Who labels, and who ``me`` is.
    app : str
        The application the caller named.
    apps : Apps
        The collections of all applications.
    trainings : Trainings
        What is being trained.
    """

    photos: Collection
    pictures: Pictures
    limits: Limits
    caller: Caller
    user: str
    app: str
    apps: Apps
    trainings: Trainings

    def same_user(self, user: str) -> str:
        """A user's id, with ``me`` replaced."""
        return self.user if user in ("", "me") else user
