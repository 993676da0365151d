"""Arrays that are mapped, or made, when they are first looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self

__all__ = ["Later"]


class Later:
    """A group of arrays of which each may come when it is first looked at: a query reads few of them.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Pair(Later):
    ...     one: int
    ...     other: int
    >>> pair = Pair.later({"one": lambda: 1, "other": lambda: 1 // 0})
    >>> pair.one, pair.arrived
    (1, {'one'})
    """

    @classmethod
    def later(cls, makers: Mapping[str, Callable[[], object]], **known: object) -> Self:
        """A group of which some fields are made when they are first looked at.

        Parameters
        ----------
        makers : mapping of str to callable
            What makes each of them. Where several threads look at one at once, it may be made more than once.
        **known : object
            The other fields.
        """
        group = cls.__new__(cls)
        vars(group).update(known, _makers=makers)
        return group

    @property
    def arrived(self) -> set[str]:
        """The names of the fields that are there; a group in it says so itself."""
        there = vars(self)
        names = getattr(self, "__dataclass_fields__", ())
        return {name for name in names if name in there and not isinstance(there[name], Later)}

    if not TYPE_CHECKING:  # the fields are declared: a name that is none of them is still found to be wrong

        def __getattr__(self, name: str) -> object:
            maker = vars(self).get("_makers", {}).get(name)
            if maker is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            # Of several threads that make one at the same time, all go on with the same.
            return vars(self).setdefault(name, maker())
