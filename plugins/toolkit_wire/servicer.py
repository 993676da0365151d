"""The gRPC server: the API's own service, every method passed to the gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import grpc
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Servicer, add_V2Servicer_to_server
from google.protobuf.message import Message

from .calls import Caller
from .gateway import Gateway
from .methods import methods

__all__ = ["grpc_server"]


def grpc_server(gateway: Gateway) -> grpc.Server:
    """A gRPC server with the API's service; it has no port yet."""
    limits = gateway.limits
    threads = limits.workers + limits.waiting  # each waits for the gateway, which limits what is worked on
    server = grpc.server(
        ThreadPoolExecutor(threads, thread_name_prefix="toolkit-grpc"),
        options=[
            ("grpc.max_receive_message_length", limits.body_bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.so_reuseport", 0),  # a second server on the port is an error, not a partner
        ],
        maximum_concurrent_rpcs=2 * threads,
    )
    add_V2Servicer_to_server(_servicer(gateway), server)  # type: ignore[no-untyped-call]  # grpc's own generator
    return server


def _servicer(gateway: Gateway) -> V2Servicer:
    """The service with every method that takes one request, and a model's outputs as a stream."""
    answers: dict[str, object] = {name: _answer(name, gateway) for name in methods()}
    ask = _answer("PostModelOutputs", gateway)

    def generate(self: V2Servicer, request: Message, context: grpc.ServicerContext) -> Iterator[Message]:
        yield ask(self, request, context)

    def stream(
        self: V2Servicer, requests: Iterator[Message], context: grpc.ServicerContext
    ) -> Iterator[Message]:
        for request in requests:
            yield ask(self, request, context)

    # Models here say all at once, so that a stream has as many answers as requests.
    answers |= {"GenerateModelOutputs": generate, "StreamModelOutputs": stream}
    servicer: V2Servicer = type("Servicer", (V2Servicer,), answers)()
    return servicer


def _answer(name: str, gateway: Gateway) -> Callable[..., Message]:
    def answer(_: V2Servicer, request: Message, context: grpc.ServicerContext) -> Message:
        work = partial(gateway.answer, name, request, Caller(_headers(context)))
        future = gateway.submit(work, partial(gateway.refused, name))
        return _within(future, name, gateway, context)

    return answer


def _headers(context: grpc.ServicerContext) -> dict[str, str]:
    return {key.lower(): value for key, value in context.invocation_metadata() if isinstance(value, str)}


def _within(future: Future[Message], name: str, gateway: Gateway, context: grpc.ServicerContext) -> Message:
    left = context.time_remaining()
    try:
        return future.result(min(gateway.limits.answer_seconds, left if left is not None else 1e9))
    except TimeoutError:
        future.cancel()  # of use only if it has not begun
        return gateway.timed_out(name)
