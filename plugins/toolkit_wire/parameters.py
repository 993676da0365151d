"""Fields of a request that stand in its path or after the question mark: ``a.b=c``."""

from __future__ import annotations

from collections.abc import Iterable

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from .codec import Object, is_repeated
from .statuses import Refused

__all__ = ["with_parameters"]

_TRUE, _FALSE = ("true", "1", ""), ("false", "0")


def with_parameters(value: Object, parameters: Iterable[tuple[str, str]], of: Descriptor) -> Object:
    """The JSON object of a request with some fields set by their dotted names.

    Parameters
    ----------
    value : dict
        The JSON object of the request's body.
    parameters : iterable of (str, str)
        Dotted names of fields, each with its value as text.
    of : Descriptor
        The definition of the request's message.

    Raises
    ------
    Refused
        11102: there is no such field, or the body has something else in its place.
    """
    for name, text in parameters:
        _set(value, name.split("."), text, of, name)
    return value


def _set(value: Object, steps: list[str], text: str, of: Descriptor, name: str) -> None:
    field = of.fields_by_name.get(steps[0]) or of.fields_by_camelcase_name.get(steps[0])
    inside = field.message_type if field is not None else None
    if field is None or (len(steps) > 1) != (inside is not None):
        raise Refused(StatusCode.CONN_INVALID_REQUEST, f"there is no parameter {name!r}")
    key = field.json_name if field.json_name in value else field.name
    if inside is not None:
        inner = value.setdefault(key, {})
        if not isinstance(inner, dict):
            raise Refused(
                StatusCode.CONN_INVALID_REQUEST, f"{name!r} is in the path and cannot be something else"
            )
        _set(inner, steps[1:], text, inside, name)
    elif isinstance(value.get(key), list):
        value[key].append(_typed(field, text))
    else:
        value[key] = [_typed(field, text)] if is_repeated(field) else _typed(field, text)


def _typed(field: FieldDescriptor, text: str) -> str | bool:
    """JSON's parser takes numbers and enums as text, but not truth values."""
    if field.type != FieldDescriptor.TYPE_BOOL:
        return text
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise Refused(StatusCode.CONN_INVALID_REQUEST, f"{field.name} is true or false, not {text!r}")
