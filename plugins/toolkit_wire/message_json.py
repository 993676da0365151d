"""Messages as JSON: proto3 JSON with the fields that the API always shows, by one writer for each type of message.

`google.protobuf.json_format` asks every field of every message what it is, and the fields that are always shown need a
second walk. Here both are asked once a type.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from struct import pack, unpack
from typing import Any, TypeAlias

import orjson
from clarifai_grpc.grpc.api.utils import extensions_pb2
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

from .codec import Object, is_repeated

__all__ = ["encode", "json_of"]

Writer: TypeAlias = Callable[[Any], Any]
Plan: TypeAlias = tuple[dict[int, tuple[str, Writer | None]], tuple[tuple[str, object], ...]]

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def encode(message: Message) -> bytes:
    """The message as JSON text."""
    return orjson.dumps(json_of(message))


def json_of(message: Message) -> Object:
    """The message as a JSON object: snake_case, enums as numbers, and with the fields that are always shown."""
    fields, shown = _plan(message.DESCRIPTOR)
    written: Object = {}
    for field, value in message.ListFields():
        name, write = fields[field.number]
        written[name] = value if write is None else write(value)
    for name, empty in shown:
        if name not in written:
            written[name] = empty() if callable(empty) else empty
    return written


@cache
def _plan(of: Descriptor) -> Plan:
    """How each field is written, by its number, and what is shown where a field is empty."""
    option = extensions_pb2.cl_show_if_empty
    always = [field for field in of.fields if field.GetOptions().Extensions[option]]
    return (
        {field.number: (field.name, _writer(field)) for field in of.fields},
        tuple((field.name, _empty(field)) for field in always),
    )


def _empty(field: FieldDescriptor) -> object:
    if is_repeated(field):
        return list
    return dict if field.message_type is not None else field.default_value


def _writer(field: FieldDescriptor) -> Writer | None:
    """What writes the value of a field; None if it is JSON already."""
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return _of_map(field.message_type.fields_by_name["value"])
    one = _of_one(field)
    if not is_repeated(field):
        return one
    return _as_list if one is None else _each(one)


def _of_map(value: FieldDescriptor) -> Writer:
    one = _of_one(value) or _same
    return lambda entries: {_key(key): one(inner) for key, inner in entries.items()}


def _of_one(field: FieldDescriptor) -> Writer | None:
    if field.message_type is not None:
        return _of_message(field.message_type.full_name)
    scalar: Writer | None = _OF_SCALAR.get(field.type)
    return scalar


def _of_message(name: str) -> Writer:
    if name == "google.protobuf.Timestamp":
        return _time
    if name == "google.protobuf.Struct":
        return _struct
    if name.startswith("google.protobuf."):
        return _by_protobuf
    return json_of


def _each(one: Writer) -> Writer:
    return lambda values: [one(value) for value in values]


def _as_list(values: Iterable[object]) -> list[object]:
    return list(values)


def _same(value: object) -> object:
    return value


def _key(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def _by_protobuf(message: Message) -> object:
    return json_format.MessageToDict(message)


def _time(moment: Timestamp) -> str:
    """RFC 3339, with as many digits of a second as there are, by threes."""
    nanos = moment.nanos
    if not nanos:
        return f"{_second(moment.seconds)}Z"
    if nanos % 1_000:
        return f"{_second(moment.seconds)}.{nanos:09d}Z"
    if nanos % 1_000_000:
        return f"{_second(moment.seconds)}.{nanos // 1_000:06d}Z"
    return f"{_second(moment.seconds)}.{nanos // 1_000_000:03d}Z"


@lru_cache(maxsize=4096)
def _second(since_1970: int) -> str:
    return (_BEGINNING + timedelta(seconds=since_1970)).strftime("%Y-%m-%dT%H:%M:%S").zfill(19)


def _struct(value: Struct) -> Object:
    return {key: _value(inner) for key, inner in value.fields.items()}


def _value(value: Value) -> object:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _struct(value.struct_value)
    if kind == "list_value":
        return [_value(one) for one in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def _float(value: float) -> float | str:
    """The shortest decimal that is the same number of 32 bits."""
    if not math.isfinite(value):
        return _double(value)
    for digits in ("%.6g", "%.7g", "%.8g"):
        short = float(digits % value)
        if unpack("f", pack("f", short))[0] == value:
            return short
    return float(f"{value:.9g}")


def _double(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


_LONG = ("INT64", "UINT64", "SINT64", "FIXED64", "SFIXED64")  # more than a number of JavaScript can hold
_OF_SCALAR: dict[int, Writer] = {
    FieldDescriptor.TYPE_FLOAT: _float,
    FieldDescriptor.TYPE_DOUBLE: _double,
    FieldDescriptor.TYPE_BYTES: _base64,
    **{getattr(FieldDescriptor, f"TYPE_{name}"): str for name in _LONG},
}
