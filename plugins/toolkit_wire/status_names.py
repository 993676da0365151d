"""Status words of the collection and the API's status codes, both ways."""

from __future__ import annotations

from typing import cast

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

__all__ = ["annotation_code", "annotation_status", "input_code", "input_status"]

_INPUT, _ANNOTATION = "INPUT_", "ANNOTATION_"


def input_status(code: int) -> str:
    """The word for an input's status: ``success`` for INPUT_SUCCESS."""
    return _word(code, _INPUT)


def annotation_status(code: int) -> str:
    """The word for an annotation's status: ``awaiting_review`` for ANNOTATION_AWAITING_REVIEW."""
    return _word(code, _ANNOTATION)


def input_code(word: str) -> int:
    """The code of an input's status."""
    return _code(word, _INPUT, unknown=StatusCode.INPUT_FAILED)


def annotation_code(word: str) -> int:
    """The code of an annotation's status; a word of one's own has the code of "unknown"."""
    return _code(word, _ANNOTATION, unknown=StatusCode.ANNOTATION_UNKNOWN_STATUS)


def _word(code: int, prefix: str) -> str:
    try:
        name = str(StatusCode.Name(cast("StatusCode.ValueType", code)))
    except ValueError:
        return str(code)
    # A number of the API has two names: INPUT_SUCCESS and INPUT_DOWNLOAD_SUCCESS.
    return name.removeprefix(prefix).removeprefix("DOWNLOAD_").lower()


def _code(word: str, prefix: str, *, unknown: int) -> int:
    try:
        return int(StatusCode.Value(prefix + word.upper()))
    except ValueError:
        return unknown
