"""JSON objects in messages, and times."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from toolkit.plugins import Json

__all__ = ["json_object", "write_struct", "write_timestamp"]


def json_object(struct: Struct) -> dict[str, Json]:
    """The JSON object of a struct; whole numbers, which a struct holds as floats, become integers."""
    return {key: _whole(value) for key, value in MessageToDict(struct).items()}


def _whole(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def write_struct(value: Mapping[str, Json], into: Struct) -> None:
    """Write a JSON object into a struct.

    Parameters
    ----------
    value : mapping of str to JSON value
        A JSON object.
    into : Struct
        The struct that gets it.
    """
    into.update(value)


def write_timestamp(seconds: float, into: Timestamp) -> None:
    """Write a time, in seconds since 1970, into a timestamp.

    Parameters
    ----------
    seconds : float
        Since 1970.
    into : Timestamp
        The timestamp that gets it.
    """
    # By hand: `FromMicroseconds` takes 2 microseconds, and a page of hits has eighty times.
    into.seconds, micros = divmod(round(seconds * 1e6), 1_000_000)
    into.nanos = micros * 1_000
