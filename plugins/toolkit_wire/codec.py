"""JSON to messages: proto3 JSON, with what the API adds to it.

A concept without a value has the value 1: a field may declare a default for JSON, as an option in the API's own
definition.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, cast

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.utils import extensions_pb2
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from .statuses import Refused

__all__ = ["Object", "is_repeated", "merge", "parse_json"]

SomeMessage = TypeVar("SomeMessage", bound=Message)
Object = dict[str, Any]

_DEEPEST = 60  # the deepest real request has about 15 levels; Python itself gives up at some hundreds


def parse_json(body: bytes) -> Object:
    """The JSON object of a request's body; an empty body is an empty object.

    Raises
    ------
    Refused
        11100: not JSON, or not an object.
    """
    if not body.strip():
        return {}
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(StatusCode.CONN_BAD_REQUEST_FORMAT, f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Refused(StatusCode.CONN_BAD_REQUEST_FORMAT, "the body is not a JSON object")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def merge(value: Object, message: SomeMessage) -> SomeMessage:
    """Write the fields of a JSON object into a message, and return it.

    Parameters
    ----------
    value : dict
        The JSON object of a request.
    message : SomeMessage
        An empty message of the API.

    Raises
    ------
    Refused
        11102: a field that the message does not have, or a value that does not fit. A field is never ignored,
        for without it the request means something else.
    """
    completed = _completed(value, cast("Descriptor", message.DESCRIPTOR), depth=0)
    try:
        json_format.ParseDict(cast("Object", completed), message)
    except RecursionError as error:
        raise _does_not_fit("nested too deeply") from error
    except Exception as error:  # ParseError, and what its parser lets through: OverflowError, TypeError ...
        raise _does_not_fit(_reason(error)) from error
    return message


def _reason(error: Exception) -> str:
    """Where a value does not fit and why, in the parser's words; of errors inside it only where."""
    inner: BaseException = error
    while inner.__cause__ is not None:
        inner = inner.__cause__
    fields = ".".join(_IN_FIELD.findall(str(error)))
    words = str(inner).rstrip(".") if isinstance(inner, json_format.ParseError) else ""
    why = _IN_FIELD.sub("", words) or "a value is of another kind than its field, or out of its range"
    return f"{fields}: {why}" if fields else why


def _does_not_fit(reason: str) -> Refused:
    return Refused(StatusCode.CONN_INVALID_REQUEST, f"the request does not fit: {reason[:500]}")


def _completed(value: object, of: Descriptor, *, depth: int) -> object:
    """The value with the API's JSON defaults added at every level."""
    if depth > _DEEPEST:
        raise _does_not_fit("nested too deeply")
    if isinstance(value, list):
        return [_completed(one, of, depth=depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    if of.full_name in _JSON_OF_ITS_OWN:
        return value
    names = _fields_by_json_name(of)
    completed = {name: _of_field(names.get(name), one, depth) for name, one in value.items()}
    completed = _with_input_as_annotation(completed, of)
    for field, default in _defaults(of):
        if field.name not in completed and field.json_name not in completed:
            completed[field.name] = default
    return completed


def _of_field(field: FieldDescriptor | None, value: object, depth: int) -> object:
    if field is not None and field.type == FieldDescriptor.TYPE_BYTES:
        return _checked_base64(field, value)
    if field is None or field.message_type is None or field.message_type.GetOptions().map_entry:
        return value
    return _completed(value, field.message_type, depth=depth + 1)


def _checked_base64(field: FieldDescriptor, value: object) -> object:
    """The value, once it is base64: the parser skips what is none and would take ``***`` for no picture at all."""
    if isinstance(value, str):
        standard = value.translate(_STANDARD).rstrip("=")
        try:
            base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
        except ValueError as error:
            raise _does_not_fit(f"{field.name} is not base64: {error}") from error
    return value


_STANDARD = str.maketrans("-_", "+/")
_IN_FIELD = re.compile(r"Failed to parse (\S+) field: ")

# Struct, Timestamp and the like are written in JSON as what they stand for, not by their fields.
_JSON_OF_ITS_OWN = {
    f"google.protobuf.{name}" for name in ("Struct", "Value", "ListValue", "Timestamp", "Any", "Duration")
}


@cache
def _fields_by_json_name(of: Descriptor) -> Mapping[str, FieldDescriptor]:
    by_name = {field.name: field for field in of.fields}
    return by_name | {field.json_name: field for field in of.fields}


@cache
def _defaults(of: Descriptor) -> tuple[tuple[FieldDescriptor, float], ...]:
    option = extensions_pb2.cl_default_float
    return tuple(
        (field, field.GetOptions().Extensions[option])
        for field in of.fields
        if field.GetOptions().HasExtension(option)
    )


def _with_input_as_annotation(value: Object, of: Descriptor) -> Object:
    """A rank with an input where the annotation belongs, as the documentation's JavaScript writes it."""
    given = value.get("input")
    if of.name != "Rank" or not isinstance(given, dict) or "annotation" in value:
        return value
    renamed = {"input_id" if name == "id" else name: one for name, one in given.items()}
    return {name: one for name, one in value.items() if name != "input"} | {"annotation": renamed}


def is_repeated(field: FieldDescriptor) -> bool:
    """Whether a field is a list."""
    # `label` is gone from protobuf 7, `is_repeated` is not there before 6.31.
    if hasattr(field, "is_repeated"):
        return bool(field.is_repeated)
    return bool(getattr(field, "label") == FieldDescriptor.LABEL_REPEATED)  # noqa: B009  # not in the stubs any more
