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
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from .calls import Caller
from .codec import json_of, merge, parse_json
from .gateway import Gateway
from .methods import methods
from .parameters import with_parameters
from .routes import Route, find_route
from .statuses import Refused, http_code, status

__all__ = ["rest_app"]

_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
LOCAL_ORIGINS = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"


def rest_app(gateway: Gateway, *, hosts: Iterable[str], origins: Iterable[str] = ()) -> Starlette:
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
    middleware = [
        Middleware(
            CORSMiddleware,
            allow_origins=allowed,
            allow_origin_regex=LOCAL_ORIGINS,
            allow_methods=["*"],
            allow_headers=["*"],
            max_age=600,
        ),
    ]
    app = _RestApp(gateway, allowed, list(hosts))
    return Starlette(routes=[Path("/{path:path}", app.answer, methods=_VERBS)], middleware=middleware)


class _RestApp:
    """Turns a request into a call, and its answer into JSON."""

    def __init__(self, gateway: Gateway, origins: list[str], hosts: list[str]) -> None:
        self._gateway = gateway
        self._origins = origins
        self._hosts = hosts

    async def answer(self, request: Request) -> Response:
        """The answer as JSON; errors too."""
        try:
            self._check_host(request)
            self._check_origin(request)
            route = _route(request)
        except Refused as refused:
            return _refusal(refused)
        try:
            message = await self._message(request, route)
        except Refused as refused:
            return _response(self._gateway.refused(route.method, refused))
        answer = await self._ask(route.method, message, request)
        return await asyncio.to_thread(_response, answer)  # a page of hits takes milliseconds to write

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

    async def _message(self, request: Request, route: Route) -> Message:
        body = await self._body(request)
        # Parsing some megabytes of JSON would hold up everybody else on the loop.
        return await asyncio.to_thread(_read, body, list(request.query_params.multi_items()), route)

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

    async def _ask(self, method: str, message: Message, request: Request) -> Message:
        caller = Caller(dict(request.headers), value_is_explicit=True)
        future = self._gateway.submit(method, message, caller)
        try:
            async with asyncio.timeout(self._gateway.limits.answer_seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            return self._gateway.timed_out(method)


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


def _read(body: bytes, parameters: list[tuple[str, str]], route: Route) -> Message:
    message = methods()[route.method].request()
    value = with_parameters(
        parse_json(body), [*parameters, *route.fields.items()], cast("Descriptor", message.DESCRIPTOR)
    )
    return merge(value, message)


def _response(message: Message) -> Response:
    code = cast("BaseResponse", message).status.code  # every answer of the API has one
    return JSONResponse(json_of(message), status_code=http_code(code))


def _refusal(refused: Refused) -> Response:
    """The answer to a request that is no method of the API."""
    message = status(refused.code, refused.details, req_id=secrets.token_hex(16))
    return JSONResponse({"status": json_of(message)}, status_code=http_code(refused.code))
