"""Checks of which fields of a message are set."""

from __future__ import annotations

from collections.abc import Iterable

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from google.protobuf.message import Message

from .statuses import Refused

__all__ = ["is_empty", "only_fields"]


def is_empty(message: Message) -> bool:
    """Whether no field of a message is set."""
    return not message.ListFields()


def only_fields(message: Message, known: Iterable[str], *, where: str) -> None:
    """Refuse a message with a field that is not supported.

    Ignoring the field would silently answer another request.

    Parameters
    ----------
    message : Message
        A part of a request.
    known : iterable of str
        The names of the fields that are understood.
    where : str
        What the message is, for the error.

    Raises
    ------
    Refused
        40002, with the field and those there are.
    """
    known = tuple(known)
    for field, _ in message.ListFields():
        if field.name not in known:
            raise Refused(
                StatusCode.SEARCH_INVALID_REQUEST,
                f"{where} by {field.name!r} is not supported; there are: {', '.join(known)}",
            )
