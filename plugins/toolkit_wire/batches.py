"""Limits on the parts of one request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import Any

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from .codec import is_repeated
from .statuses import Refused

__all__ = ["MOST_AT_ONCE", "check_batch", "check_parts"]

MOST_AT_ONCE = 128


def check_batch(given: Sized, what: str, *, invalid: int, too_many: int | None = None) -> None:
    """Refuse an empty request, or one with more items than the API takes at once.

    Parameters
    ----------
    given : Sized
        What the request brings.
    what : str
        What they are, in the plural.
    invalid : int
        The status code for a request that cannot be answered.
    too_many : int, optional
        The code for more than the API takes at once; `invalid` if None.

    Raises
    ------
    Refused
        `invalid`, or for more than there may be `too_many`, if that is another code.
    """
    if not given:
        raise Refused(invalid, f"there are no {what} in the request")
    if len(given) > MOST_AT_ONCE:
        raise Refused(too_many or invalid, f"at most {MOST_AT_ONCE} {what} a request, not {len(given):,}")


def check_parts(request: Message, *, limit: int) -> None:
    """Refuse a request with more nested messages than the limit, or with text that no database stores.

    The size in bytes does not tell: a megabyte is one picture, or a hundred thousand concepts to rank by.

    Parameters
    ----------
    request : Message
        The API's message.
    limit : int
        The most messages a request may hold.

    Raises
    ------
    Refused
        40033; 11102 for a NUL character.
    """
    _check_texts(request)
    for count, part in enumerate(_parts(request), 1):
        _check_texts(part)
        if count > limit:
            why = f"a request has at most {limit:,} parts: concepts, regions, metadata keys and the like"
            raise Refused(StatusCode.RPC_MAX_MESSAGE_SIZE_EXCEEDED, why)


def _check_texts(message: Message) -> None:
    for field, value in message.ListFields():
        if any("\x00" in text for text in _texts(field, value)):
            raise Refused(
                StatusCode.CONN_INVALID_REQUEST, f"{field.name!r} has a NUL character; leave it out"
            )


def _texts(field: FieldDescriptor, value: Any) -> Iterable[str]:  # noqa: ANN401  # protobuf's values have no type
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return (one for one in (*value.keys(), *value.values()) if isinstance(one, str))
    if field.type != FieldDescriptor.TYPE_STRING:
        return ()
    return value if is_repeated(field) else (value,)


def _parts(message: Message) -> Iterator[Message]:
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        # By the field, not by the value: a Struct passes for a mapping of Python's.
        if field.message_type.GetOptions().map_entry:
            inner = [one for one in value.values() if isinstance(one, Message)]
        else:
            inner = value if is_repeated(field) else [value]
        for one in inner:
            yield one
            yield from _parts(one)
