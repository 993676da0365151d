"""The API's status codes: every answer carries one in its body, and HTTP mirrors it.

Source: the comments of ``status_code.proto`` and the page "Status codes" of the API's documentation.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from toolkit.plugins import (
    InputError,
    NotIndexedError,
    QueryError,
    StoreError,
    ToolkitError,
    UnknownNameError,
    printable,
    shortened,
)

__all__ = ["Refused", "error_status", "http_code", "ok", "status"]

log = logging.getLogger("toolkit.wire")

MOST_DETAILS = 2_000  # characters

_DESCRIPTIONS: Mapping[int, str] = {
    StatusCode.SUCCESS: "Ok",
    StatusCode.MIXED_STATUS: "Mixed status: some succeeded, some did not",
    StatusCode.FAILURE: "Failure",
    StatusCode.NOT_IMPLEMENTED: "Not implemented",
    StatusCode.CONN_THROTTLED: "Too many requests",
    StatusCode.CONN_KEY_INVALID: "Invalid API key or Invalid API key/application pair",
    StatusCode.CONN_INSUFFICIENT_SCOPES: "Not allowed",
    StatusCode.CONN_BAD_REQUEST_FORMAT: "Bad request format",
    StatusCode.CONN_DOES_NOT_EXIST: "Resource does not exist",
    StatusCode.CONN_INVALID_REQUEST: "Invalid request",
    StatusCode.CONN_METHOD_NOT_ALLOWED: "Method not allowed",
    StatusCode.MODEL_TRAINED: "Model is trained and ready",
    StatusCode.MODEL_TRAINING: "Model is training",
    StatusCode.MODEL_UNTRAINED: "Model is untrained",
    StatusCode.MODEL_QUEUED_FOR_TRAINING: "Model is queued for training",
    StatusCode.MODEL_TRAINING_NO_DATA: "Model training had no data",
    StatusCode.MODEL_TRAINING_INSUFFICIENT_DATA: "Model training had insufficient data",
    StatusCode.MODEL_DOES_NOT_EXIST: "Model does not exist",
    StatusCode.MODEL_EVALUATED: "Model was evaluated",
    StatusCode.MODEL_NOT_EVALUATED: "Model is not evaluated",
    StatusCode.WORKFLOW_DOES_NOT_EXIST: "Workflow does not exist",
    StatusCode.ANNOTATION_SUCCESS: "Ok",
    StatusCode.ANNOTATION_INVALID_ARGUMENT: "Annotation invalid argument",
    StatusCode.INPUT_SUCCESS: "Download complete",
    StatusCode.INPUT_PENDING: "Download pending",
    StatusCode.INPUT_FAILED: "Download failed",
    StatusCode.INPUT_DUPLICATE: "Input has a duplicate ID or URL",
    StatusCode.INPUT_UNSUPPORTED_FORMAT: "Input with an unsupported format",
    StatusCode.INPUT_DOES_NOT_EXIST: "Input does not exist",
    StatusCode.INPUT_INVALID_ARGUMENT: "Input invalid argument",
    StatusCode.INPUT_OVER_LIMIT: "Input over the limit",
    StatusCode.INPUT_INVALID_URL: "Input has an invalid URL",
    StatusCode.ALL_INPUT_INVALID_BYTES: "All inputs have invalid bytes",
    StatusCode.SEARCH_INVALID_REQUEST: "Invalid search request",
    StatusCode.CONCEPTS_INVALID_REQUEST: "Invalid request",
    StatusCode.DATABASE_DUPLICATE_KEY: "Duplicate key",
    StatusCode.RPC_REQUEST_TIMEOUT: "Request timed out",
    StatusCode.RPC_MAX_MESSAGE_SIZE_EXCEEDED: "Request too large",
    StatusCode.SEARCH_INTERNAL_FAILURE: "Search internal failure",
    StatusCode.SEARCH_PROJECTION_FAILURE: "The picture to search by could not be embedded",
    StatusCode.SEARCH_BY_NOT_FULLY_INDEXED_INPUT: "Can only search by a fully indexed input",
    StatusCode.INTERNAL_SERVER_ISSUE: "Internal server issue",
    StatusCode.INTERNAL_DATABASE_ISSUE: "Internal database issue",
}

_HTTP: Mapping[int, HTTPStatus] = {
    StatusCode.SUCCESS: HTTPStatus.OK,
    # A 2xx, so that clients which raise on anything else still get to read which ones succeeded.
    StatusCode.MIXED_STATUS: HTTPStatus.MULTI_STATUS,
    StatusCode.NOT_IMPLEMENTED: HTTPStatus.NOT_IMPLEMENTED,
    StatusCode.CONN_THROTTLED: HTTPStatus.TOO_MANY_REQUESTS,
    StatusCode.CONN_KEY_INVALID: HTTPStatus.UNAUTHORIZED,
    StatusCode.CONN_INSUFFICIENT_SCOPES: HTTPStatus.FORBIDDEN,
    StatusCode.CONN_DOES_NOT_EXIST: HTTPStatus.NOT_FOUND,
    StatusCode.MODEL_DOES_NOT_EXIST: HTTPStatus.NOT_FOUND,
    StatusCode.WORKFLOW_DOES_NOT_EXIST: HTTPStatus.NOT_FOUND,
    StatusCode.CONN_METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    StatusCode.RPC_REQUEST_TIMEOUT: HTTPStatus.GATEWAY_TIMEOUT,
    StatusCode.RPC_MAX_MESSAGE_SIZE_EXCEEDED: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    StatusCode.SEARCH_INTERNAL_FAILURE: HTTPStatus.INTERNAL_SERVER_ERROR,
    StatusCode.INTERNAL_SERVER_ISSUE: HTTPStatus.INTERNAL_SERVER_ERROR,
    StatusCode.INTERNAL_DATABASE_ISSUE: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class Refused(ToolkitError):
    """A request that is answered with a status other than success.

    Parameters
    ----------
    code : int
        Of ``StatusCode``.
    details : str
        What was asked, what there is, what to send instead.
    """

    def __init__(self, code: int, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details


def status(code: int, details: str = "", *, req_id: str = "") -> Status:
    """A status with the documented words of its code.

    Parameters
    ----------
    code : int
        Of ``StatusCode``.
    details : str
        What was wrong with the request, in words; hostile characters are spelled out.
    req_id : str
        The id under which the server's log has more.
    """
    value = cast("StatusCode.ValueType", code)
    description = _DESCRIPTIONS.get(code) or StatusCode.Name(value).replace("_", " ").capitalize()
    # What a client sent may be part of the words, and no message takes a lone surrogate.
    words = shortened(printable(details), MOST_DETAILS)
    return Status(code=value, description=description, details=words, req_id=req_id)


def ok() -> Status:
    """The status of success."""
    return status(StatusCode.SUCCESS)


def http_code(code: int) -> int:
    """The HTTP code that mirrors a status: 400 for whatever the client could change."""
    return int(_HTTP.get(code, HTTPStatus.BAD_REQUEST))


def error_status(error: Exception, *, invalid: int, req_id: str) -> Refused:
    """The status for an error; it holds no path of this machine, and for a bug only the id of the log entry.

    Parameters
    ----------
    error : Exception
        What was raised.
    invalid : int
        The code that this kind of method gives to a request that cannot be.
    req_id : str
        Under which the log has the rest.
    """
    is_search = invalid == StatusCode.SEARCH_INVALID_REQUEST
    match error:
        case Refused():
            return error
        case UnknownNameError() if not is_search:
            return Refused(StatusCode.CONN_DOES_NOT_EXIST, error.advice.shell())
        case UnknownNameError() | QueryError() | NotIndexedError():
            return Refused(invalid, error.advice.shell())
        case InputError():
            code = StatusCode.SEARCH_PROJECTION_FAILURE if is_search else StatusCode.INPUT_INVALID_ARGUMENT
            return Refused(code, f"a picture cannot be read: {error.reason}")
    log.error("request %s failed", req_id, exc_info=error)
    if isinstance(error, StoreError):
        code = StatusCode.INTERNAL_DATABASE_ISSUE
    else:
        code = StatusCode.SEARCH_INTERNAL_FAILURE if is_search else StatusCode.INTERNAL_SERVER_ISSUE
    return Refused(code, f"the server's log says more of request {req_id}")
