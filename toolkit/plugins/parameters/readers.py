"""One reader per kind of parameter: from what people type to the one JSON form a ranker sees."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from numbers import Integral, Real
from typing import cast

from ...errors import QueryError
from ...languages import language_tag
from ...query.slots import Slot
from ...values.base64_text import from_base64, to_base64
from ...values.types import Box, GeoPoint, Json
from .parameter import Kind, Parameter
from .plain_values import plain

__all__ = ["checked", "expected"]

_EXPECTED: Mapping[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "integer": "a whole number",
    "flag": "True or False",
    "choice": "one of its choices",
    "time": "a time: ISO 8601 such as '2026-05-01T12:00Z', or seconds since 1970",
    "json": "a JSON value",
    "concept": "a concept's name or id",
    "language": "a language tag such as 'de' or 'pt-BR'",
    "image": "a path, a URL, bytes, a PIL image, an array, {'base64': ...} or {'input': id}",
    "input": "an input's id",
    "region": "a region's id",
    "box": "a Box, or top_row, left_col, bottom_row, right_col as fractions",
    "vector": "a list of finite numbers, not all zero",
    "source": "a source's name",
    "space": "a space's name such as 'pixels' or 'pixels@1'",
    "geo": "latitude and longitude in degrees, then nothing, or kilometers, or an opposite corner",
}
_PLAIN = frozenset({str, bool, int, float})  # what `plain` gives back as it is
_LONGEST_SHOWN = 80  # of a refused value: enough to recognize it, and a picture in base64 is long


def expected(parameter: Parameter) -> str:
    """What a value of a parameter is, in words: ``"a number from 0 to 1"``."""
    if parameter.kind == "choice":
        words = "one of " + ", ".join(map(repr, parameter.choices))
    else:
        words = _EXPECTED[parameter.kind] + _bounds(parameter)
    return f"{words}, or a list of them, or each with a number from 0 to 1" if parameter.many else words


def _bounds(parameter: Parameter) -> str:
    match parameter.minimum, parameter.maximum:
        case None, None:
            return ""
        case low, None:
            return f" of at least {low:g}"
        case None, high:
            return f" of at most {high:g}"
        case low, high:
            return f" from {low:g} to {high:g}"


class _Unfit(Exception):
    """A value that is not what was expected; carries a reason where the expectation alone does not say it."""


def checked(parameter: Parameter, value: object, ranker: str) -> Json:
    """A value of a parameter in the form a ranker sees; a slot as it is.

    Where ``many`` is allowed a list stays a list and a mapping a mapping, with every value checked.

    Parameters
    ----------
    parameter : Parameter
        The parameter it is for.
    value : object
        What a person gave.
    ranker : str
        The ranker's name, for errors.

    Raises
    ------
    QueryError
        What was expected, what came, and why it does not fit.
    """
    if type(value) not in _PLAIN:
        if _has_slot(value):
            return cast("Json", value)  # checked when a topic has filled it; until then nothing ranks it
        value = plain(parameter.kind, value)
    try:
        if parameter.many and isinstance(value, list | Mapping) and not _is_one(parameter, value):
            return _several(parameter, value)
        return _READERS[parameter.kind](parameter, value)
    except _Unfit as unfit:
        reason = f" ({unfit})" if str(unfit) else ""
        shown = repr(value)
        shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}..."
        message = f"{ranker}: {parameter.name} is {expected(parameter)}; not {shown}{reason}"
    raise QueryError(message)


def _has_slot(value: object, levels: int = 4) -> bool:
    """Whether a topic is yet to fill it, or a part of it no deeper than so many levels."""
    match value:
        case Slot():
            return True
        # Most hold the numbers of a vector, of which there may be thousands.
        case list() | tuple() if levels and not _PLAIN.issuperset(map(type, value)):
            return any(_has_slot(item, levels - 1) for item in value)
        case Mapping() if levels:
            return any(_has_slot(item, levels - 1) for item in value.values())
    return False


def _is_one(parameter: Parameter, value: object) -> bool:
    """Whether a list or mapping is itself one value of a kind, as a box or {'base64': ...} is."""
    try:
        _READERS[parameter.kind](parameter, value)
    except _Unfit:
        return False
    return True


def _several(parameter: Parameter, values: list[object] | Mapping[object, object]) -> Json:
    if not values:
        raise _Unfit("give at least one")
    read = _READERS[parameter.kind]
    if isinstance(values, Mapping):
        return {str(read(parameter, key)): _real(each, low=0, high=1) for key, each in values.items()}
    return [read(parameter, plain(parameter.kind, each)) for each in values]


def _text(parameter: Parameter, value: object) -> str:
    if not isinstance(value, str):
        raise _Unfit
    return value


def _name(parameter: Parameter, value: object) -> str:
    name = _text(parameter, value).strip()
    if not name:
        raise _Unfit("it is blank")
    return name


def _number(parameter: Parameter, value: object) -> float:
    return _real(value, low=parameter.minimum, high=parameter.maximum)


def _integer(parameter: Parameter, value: object) -> int:
    number = _number(parameter, value)
    if not number.is_integer():
        raise _Unfit
    # A whole float is accepted because JavaScript has no other numbers.
    return int(value) if isinstance(value, Integral) else int(number)


def _real(value: object, *, low: float | None = None, high: float | None = None) -> float:
    if type(value) is float and low is high is None and math.isfinite(value):
        return value
    given = value if type(value) in _PLAIN else plain("number", value)
    if type(given) is bool or not isinstance(given, Real):
        raise _Unfit
    try:
        number = float(given)
    except OverflowError as error:
        raise _Unfit(str(error)) from None
    least, most = -math.inf if low is None else low, math.inf if high is None else high
    if not (math.isfinite(number) and least <= number <= most):
        raise _Unfit
    return number


def _flag(parameter: Parameter, value: object) -> bool:
    if not isinstance(value, bool):
        raise _Unfit
    return value


def _choice(parameter: Parameter, value: object) -> str:
    if value not in parameter.choices:
        raise _Unfit
    return str(value)


def _time(parameter: Parameter, value: object) -> float:
    if not isinstance(value, str):
        return _number(parameter, value)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError as error:
        raise _Unfit(str(error)) from None
    # A time without a zone is UTC, as everything the store keeps is.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _json(parameter: Parameter, value: object) -> Json:
    try:
        copied: Json = json.loads(json.dumps(value, allow_nan=False, default=_mapping))
    except (TypeError, ValueError, RecursionError) as error:
        raise _Unfit(str(error)) from None
    return copied


def _mapping(value: object) -> dict[object, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"a {type(value).__name__} is not JSON")
    return dict(value)


def _language(parameter: Parameter, value: object) -> str:
    try:
        return language_tag(_name(parameter, value))
    except QueryError:
        raise _Unfit from None


def _image(parameter: Parameter, value: object) -> Json:
    match value:
        case bytes() if value:
            return {"base64": to_base64(value)}
        case {"base64": str(encoded), **rest} if encoded and not rest:
            try:
                from_base64(encoded)
            except ValueError as error:
                raise _Unfit(str(error)) from None
            return {"base64": encoded}
        case {"input": str(id), **rest} if id and not rest:
            return {"input": id}
    return _name(parameter, value)


def _numbers(value: object) -> list[float]:
    if not isinstance(value, list) or not value:
        raise _Unfit
    if {float}.issuperset(map(type, value)) and all(map(math.isfinite, value)):  # of a vector, thousands
        return list(value)
    return [_real(each) for each in value]


def _box(parameter: Parameter, value: object) -> list[float]:
    sides = [value.get(name) for name in Box.__slots__] if isinstance(value, Mapping) else value
    numbers = _numbers(sides)
    if len(numbers) != 4:
        raise _Unfit(f"{len(numbers)} numbers")
    try:
        return list(Box(*numbers))
    except QueryError as error:
        raise _Unfit(str(error)) from None


def _vector(parameter: Parameter, value: object) -> list[float]:
    vector = _numbers(value)
    if not any(vector):
        raise _Unfit("all are zero")
    return vector


def _geo(parameter: Parameter, value: object) -> list[float]:
    numbers = _numbers(value)
    if len(numbers) not in {2, 3, 4}:
        raise _Unfit(f"{len(numbers)} numbers")
    if len(numbers) == 3 and numbers[2] < 0:
        raise _Unfit("a distance below zero")
    try:
        GeoPoint(*numbers[:2])
        GeoPoint(*(numbers[2:] if len(numbers) == 4 else numbers[:2]))
    except QueryError as error:
        raise _Unfit(str(error)) from None
    return numbers


_READERS: Mapping[Kind, Callable[[Parameter, object], Json]] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "flag": _flag,
    "choice": _choice,
    "time": _time,
    "json": _json,
    "concept": _name,
    "language": _language,
    "image": _image,
    "input": _name,
    "region": _name,
    "box": _box,
    "vector": _vector,
    "source": _name,
    "space": _name,
    "geo": _geo,
}
