"""Which method a path leads to, read from the API's own definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote

from google.api.http_pb2 import HttpRule
from google.protobuf.descriptor import MethodDescriptor

from .methods import all_methods

__all__ = ["Route", "find_route"]

_VERBS = ("get", "post", "put", "patch", "delete")
# The documentation's own examples post there.
_MISSPELT = {"annnotations": "annotations"}


@dataclass(frozen=True, slots=True)
class Route:
    """A method, and the fields of its request that the path gives: ``user_app_id.user_id`` and the like."""

    method: str
    fields: dict[str, str]


@dataclass(slots=True)
class _Place:
    """A place in the tree of paths."""

    methods: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    literal: dict[str, _Place] = field(default_factory=dict)
    any: _Place | None = None


def find_route(verb: str, path: str) -> Route | frozenset[str] | None:
    """The route of a path; the verbs it takes, if not this one; None if there is no such path.

    Parameters
    ----------
    verb : str
        Such as ``POST``.
    path : str
        As it came, still quoted: an id may hold a slash.
    """
    steps = [_MISSPELT.get(step, step) for step in path.strip("/").split("/")]
    verbs: set[str] = set()
    for place, values in _matches(_tree(), steps):
        if verb in place.methods:
            method, names = place.methods[verb]
            return Route(method, dict(zip(names, map(unquote, values), strict=True)))
        verbs |= place.methods.keys()
    return frozenset(verbs) or None


def _matches(place: _Place, steps: list[str]) -> Iterator[tuple[_Place, list[str]]]:
    """Places at the end of a path and what its variables are, words before variables."""
    if not steps:
        yield place, []
        return
    first, rest = steps[0], steps[1:]
    if first in place.literal:
        yield from _matches(place.literal[first], rest)
    if place.any is not None and first:
        for found, values in _matches(place.any, rest):
            yield found, [first, *values]


@cache
def _tree() -> _Place:
    root = _Place()
    for method in all_methods():
        for verb, pattern in _patterns(method):
            _plant(root, verb, pattern, method.name)
    return root


def _plant(root: _Place, verb: str, pattern: str, method: str) -> None:
    place, names = root, []
    for step in pattern.strip("/").split("/"):
        if step.startswith("{"):
            names.append(step.strip("{}"))
            place.any = place.any or _Place()
            place = place.any
        else:
            place = place.literal.setdefault(step, _Place())
    place.methods.setdefault(verb, (method, tuple(names)))


def _patterns(method: MethodDescriptor) -> Iterator[tuple[str, str]]:
    for option, rule in method.GetOptions().ListFields():
        if option.full_name == "google.api.http":
            for one in (rule, *rule.additional_bindings):
                yield from _of_rule(one)


def _of_rule(rule: HttpRule) -> Iterator[tuple[str, str]]:
    verb = rule.WhichOneof("pattern")
    if verb in _VERBS:
        yield verb.upper(), getattr(rule, verb)
