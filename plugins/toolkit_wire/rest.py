"""The REST server: the same methods as JSON, on the paths of the API's definition."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterable
from typing import cast

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .calls import Caller
from .codec import merge, parse_json
from .gateway import Gateway
from .message_json import encode
from .methods import methods
from .parameters import with_parameters
from .routes import Route, find_route
from .statuses import Refused, error_status, http_code, status

__all__ = ["rest_app"]

LOCAL_ORIGINS = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"


def rest_app(gateway: Gateway, *, hosts: Iterable[str], origins: Iterable[str] = ()) -> ASGIApp:
    """An ASGI application.

    Parameters
    ----------
    gateway : Gateway
        Answers.
    hosts : iterable of str
        What this server may be called in a request's ``Host``; ``*`` for anything. A foreign page whose
        name resolves to this machine is thereby refused.
    origins : iterable of str
        Of whose pages scripts may ask, besides those from this machine; ``*`` for all.
    """
    allowed = list(origins)
    return CORSMiddleware(
        _RestApp(gateway, allowed, list(hosts)),
        allow_origins=allowed,
        allow_origin_regex=LOCAL_ORIGINS,
        allow_methods=["*"],
        allow_headers=["*"],
        max_age=600,
    )


class _RestApp:
    """Turns a request into a call, and its answer into JSON."""

    def __init__(self, gateway: Gateway, origins: list[str], hosts: list[str]) -> None:
        self._gateway = gateway
        self._origins = origins
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, in JSON; errors too."""
        if scope["type"] == "http":
            response = await self._response(Request(scope, receive))
            await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        """The answer as JSON, whatever happens."""
        try:
            return await self._answer(request)
        except Exception as error:  # a bug: the client reads a status, the log says more
            req_id = secrets.token_hex(16)
            code = StatusCode.CONN_INVALID_REQUEST  # what kind of method it was is not known here
            return _refusal(error_status(error, invalid=code, req_id=req_id), req_id)

    async def _answer(self, request: Request) -> Response:
        try:
            self._check_host(request)
            self._check_origin(request)
            route = _route(request)
        except Refused as refused:
            return _refusal(refused)
        try:
            body = await self._body(request)
        except Refused as refused:
            return _answered(self._gateway.refused(route.method, refused))
        return await self._ask(route, body, request)

    def _check_host(self, request: Request) -> None:
        """Refuse a name that is not this server's: a foreign page whose name resolves to this machine."""
        host = _name(request.headers.get("host", ""))
        if "*" not in self._hosts and host not in self._hosts:
            raise Refused(
                StatusCode.CONN_INSUFFICIENT_SCOPES,
                f"this server is not called {host[:80]!r}; see --allow-host",
            )

    def _check_origin(self, request: Request) -> None:
        """Refuse a page that may not read the answer: it must not be able to write either.

        A form or a script of any page may send a simple request without asking first.
        """
        origin = request.headers.get("origin")
        if origin is None or "*" in self._origins or origin in self._origins:
            return
        if not re.fullmatch(LOCAL_ORIGINS, origin):
            raise Refused(
                StatusCode.CONN_INSUFFICIENT_SCOPES, f"pages of {origin!r} may not ask; see --allow-origin"
            )

    async def _body(self, request: Request) -> bytes:
        limit = self._gateway.limits.body_bytes
        received = bytearray()
        too_large = Refused(
            StatusCode.RPC_MAX_MESSAGE_SIZE_EXCEEDED, f"a request has at most {limit:,} bytes"
        )
        if int(request.headers.get("content-length") or 0) > limit:
            raise too_large
        try:
            async with asyncio.timeout(self._gateway.limits.body_seconds):
                async for piece in request.stream():
                    received += piece
                    if len(received) > limit:
                        raise too_large
        except TimeoutError:
            raise Refused(StatusCode.RPC_REQUEST_TIMEOUT, "the request did not arrive in time") from None
        except ClientDisconnect:
            raise Refused(StatusCode.CONN_BAD_REQUEST_FORMAT, "the request was cut short") from None
        return bytes(received)

    async def _ask(self, route: Route, body: bytes, request: Request) -> Response:
        """The answer of a method; it is read, answered and written on one thread, away from the loop."""
        caller = Caller(dict(request.headers))
        parameters = [*request.query_params.multi_items(), *route.fields.items()]

        def work() -> Response:
            try:
                message = _read(body, parameters, route.method)
            except Refused as why:
                return refused(why)
            return _answered(self._gateway.answer(route.method, message, caller))

        def refused(why: Refused) -> Response:
            return _answered(self._gateway.refused(route.method, why))

        future = self._gateway.submit(work, refused)
        try:
            async with asyncio.timeout(self._gateway.limits.answer_seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            return _answered(self._gateway.timed_out(route.method))


def _name(host: str) -> str:
    """The name in a ``Host`` header, without the port."""
    bracketed, closing, port = host.partition("]")
    if host.startswith("[") and closing and (not port or port.startswith(":")):
        return bracketed[1:].lower()
    return host.partition(":")[0].lower()


def _route(request: Request) -> Route:
    found = find_route(request.method, request.scope["raw_path"].decode("ascii", "replace").partition("?")[0])
    if isinstance(found, Route):
        return found
    path = request.url.path[:200]
    if found is None:
        raise Refused(StatusCode.CONN_DOES_NOT_EXIST, f"there is no {path}; the API's paths begin with /v2/")
    raise Refused(
        StatusCode.CONN_METHOD_NOT_ALLOWED, f"{path} takes {', '.join(sorted(found))}, not {request.method}"
    )


def _read(body: bytes, parameters: list[tuple[str, str]], method: str) -> Message:
    message = methods()[method].request()
    value = with_parameters(parse_json(body), parameters, cast("Descriptor", message.DESCRIPTOR))
    return merge(value, message)


def _answered(message: Message) -> Response:
    code = cast("BaseResponse", message).status.code  # every answer of the API has one
    return Response(encode(message), status_code=http_code(code), media_type="application/json")


def _refusal(refused: Refused, req_id: str = "") -> Response:
    """The answer to a request that is no method of the API."""
    shown = status(refused.code, refused.details, req_id=req_id or secrets.token_hex(16))
    return _answered(BaseResponse(status=shown))
