"""What a row of the query builder offers: made from what each ranker declares, so a stranger's appears by itself."""

from __future__ import annotations

from collections.abc import Mapping

from ..plugins.interfaces import Ranker
from ..plugins.parameters import REQUIRED, Parameter, expected
from ..values.types import Json

__all__ = ["controls", "parameter_control"]


def controls(rankers: Mapping[str, Ranker]) -> list[Json]:
    """A JSON object for every ranker: its name, help, whether it is a filter, and its parameters."""
    return [
        {
            "name": name,
            "help": ranker.help,
            "filter": ranker.is_filter,
            "parameters": [parameter_control(one) for one in ranker.parameters],
        }
        for name, ranker in rankers.items()
    ]


def parameter_control(one: Parameter) -> dict[str, Json]:
    """What the control of a parameter is made from, as a JSON object."""
    required = one.default is REQUIRED
    return {
        "name": one.name,
        "kind": one.kind,
        "help": one.help,
        "expected": expected(one),
        "required": required,
        "default": None if required else one.default,  # type: ignore[dict-item]  # REQUIRED is not there
        "choices": list(one.choices),
        "minimum": one.minimum,
        "maximum": one.maximum,
        "many": one.many,
        "shorthand": one.shorthand,
    }
