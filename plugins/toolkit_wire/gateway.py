"""The gateway: both servers pass every call to it, and it always answers."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar, cast

from clarifai_grpc.grpc.api.resources_pb2 import UserAppIDSet
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import Status
from google.protobuf.message import Message

from .apps import MAIN, Apps
from .auth import authorize
from .batches import check_parts
from .calls import Call, Caller
from .limits import Limits
from .methods import Method, methods
from .pictures import Pictures
from .statuses import Refused, error_status, http_code, status
from .trainings import Trainings
from .workers import Workers

__all__ = ["Gateway"]

Answer = TypeVar("Answer")


class _OfUser(Protocol):
    user_app_id: UserAppIDSet


class _Answered(Protocol):
    status: Status


class Gateway:
    """Answers several calls at once, and refuses those beyond its limit.

    Parameters
    ----------
    apps : Apps
        The collections that are asked.
    pictures : Pictures
        Reads the pictures of requests.
    limits : Limits
        Limits on requests.
    token : str or None
        The token that a caller must send.
    """

    def __init__(self, apps: Apps, pictures: Pictures, *, limits: Limits, token: str | None = None) -> None:
        self.limits = limits
        self._apps = apps
        self._trainings = Trainings()
        self._pictures = pictures
        self._token = token
        self._workers = Workers(limits.workers)
        self._places = threading.BoundedSemaphore(limits.workers + limits.waiting)

    def submit(self, work: Callable[[], Answer], refused: Callable[[Refused], Answer]) -> Future[Answer]:
        """A future of what some work gives, on a thread of its own among a few.

        Parameters
        ----------
        work : callable
            Answers; it never raises.
        refused : callable
            Answers where there is no place for the work.
        """
        if not self._places.acquire(blocking=False):
            return _done(refused(Refused(StatusCode.CONN_THROTTLED, "too many requests at once; try again")))
        try:
            future = self._workers.submit(work)
        except RuntimeError:  # shut down between accepting the connection and now
            self._places.release()
            return _done(refused(Refused(StatusCode.CONN_THROTTLED, "the server is stopping")))
        future.add_done_callback(lambda _: self._places.release())
        return future

    def answer(self, name: str, request: Message, caller: Caller) -> Message:
        """The answer of a method, with a status whatever happens.

        Parameters
        ----------
        name : str
            The name of a method.
        request : Message
            The API's message.
        caller : Caller
            Who asks, and how.
        """
        method = methods()[name]
        req_id = secrets.token_hex(16)
        try:
            authorize(caller.headers, self._token)
            response = self._answered(method, request, caller)
        except Exception as error:
            return _refused(method, error_status(error, invalid=method.invalid, req_id=req_id), req_id)
        _finish(response, req_id)
        return response

    def _answered(self, method: Method, request: Message, caller: Caller) -> Message:
        if method.answer is None:
            raise Refused(StatusCode.NOT_IMPLEMENTED, f"{method.name} is not implemented by this server")
        check_parts(request, limit=self.limits.parts)
        return method.answer(request, self._call(request, caller))

    def _call(self, request: Message, caller: Caller) -> Call:
        is_named = "user_app_id" in request.DESCRIPTOR.fields_by_name
        named = cast("_OfUser", request).user_app_id if is_named else None
        app = named.app_id if named and named.app_id else MAIN
        photos = self._apps.collection(app)
        user = named.user_id if named and named.user_id not in ("", "me") else photos.settings.user
        return Call(photos, self._pictures, self.limits, caller, user, app, self._apps, self._trainings)

    def refused(self, name: str, why: Refused) -> Message:
        """The answer to a call that is refused before its method runs.

        Parameters
        ----------
        name : str
            The name of a method.
        why : Refused
            The status to answer.
        """
        return _refused(methods()[name], why, secrets.token_hex(16))

    def timed_out(self, name: str) -> Message:
        """The answer to a call that took too long."""
        why = f"no answer within {self.limits.answer_seconds:g} seconds"
        return self.refused(name, Refused(StatusCode.RPC_REQUEST_TIMEOUT, why))

    def close(self) -> None:
        """Finish the running calls and the training of a model, and take no more."""
        self._workers.close()
        self._trainings.close()
        self._apps.close()


def _done(response: Answer) -> Future[Answer]:
    future: Future[Answer] = Future()
    future.set_result(response)
    return future


def _refused(method: Method, why: Refused, req_id: str) -> Message:
    response = method.response()
    cast("_Answered", response).status.CopyFrom(status(why.code, why.details))
    _finish(response, req_id)
    return response


def _finish(response: Message, req_id: str) -> None:
    status = cast("_Answered", response).status
    status.req_id = req_id
    status.http_status_code = http_code(status.code)
