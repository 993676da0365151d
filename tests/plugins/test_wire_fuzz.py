"""Mutations of the documented requests, over both faces: every one is answered, and nothing is fetched that may not be.

``TOOLKIT_WIRE_REQUESTS`` says how many; ``TOOLKIT_WIRE_SEED`` which.
"""

import json
import os
import random
import re
from contextlib import contextmanager

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

import httpx
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub
from google.protobuf import json_format
from toolkit_wire import Limits
from toolkit_wire.methods import methods
from toolkit_wire.statuses import http_code
from wire_bodies import DOCUMENTED
from wire_mutations import Mutations
from wire_photos import KEY, picture, seeded, served, web_site

REQUESTS = int(os.environ.get("TOOLKIT_WIRE_REQUESTS", "5000"))
SEED = int(os.environ.get("TOOLKIT_WIRE_SEED", "15"))
PARTS = max(REQUESTS // 1000, 1)  # each with a collection of its own, in which nothing is deleted yet
HANGS = 60.0  # seconds after which an answer will not come any more, however busy the machine
METADATA = tuple((name.lower(), value) for name, value in KEY.items())
ANSWERED = sorted(name for name, one in methods().items() if one.answer is not None)
# What only the inside of a process knows: an object's address, a class, a traceback, a path.
INSIDE = re.compile(
    r" at 0x[0-9a-f]{6}|<class |<function |Traceback|site-packages|/toolkit_wire/|google\.protobuf"
)


class Sites:
    """A web server that may be asked, and one that may not."""

    def __init__(self, allowed, trap):
        self.allowed, self.trap = (int(site.rpartition(":")[2]) for site in (allowed, trap))

    def written(self, body):
        """The body with the ports of the servers in its addresses."""
        text = json.dumps(body).replace("{allowed}", str(self.allowed))
        return text.replace("{trap}", str(self.trap))


@pytest.fixture(scope="module")
def sites():
    dog = picture((250, 130, 10))
    with (
        web_site({"/a": dog, "/dog.png": dog}) as (trap, trapped),
        web_site({"/dog.png": dog, "/away": f"{trap}/a"}) as (allowed, asked),
    ):
        yield Sites(allowed, trap)
        assert trapped == []
        assert "/dog.png" in asked
        assert "/away" in asked


@contextmanager
def asking(sites):
    """How to ask each face, of a new collection: a body as text to the status of its answer and all its text."""
    limits = Limits(answer_seconds=HANGS, fetch_seconds=5.0)
    allow = (f"http://127.0.0.1:{sites.allowed}/",)
    with seeded() as photos, served(photos, limits=limits, allow_urls=allow) as server:
        web = httpx.Client(base_url=f"http://127.0.0.1:{server.rest_port}/v2/", headers=KEY, timeout=HANGS)
        channel = ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=server.grpc_port)
        stub = V2Stub(channel)

        def rest(method, body):
            verb, path, _ = DOCUMENTED[method]
            answer = web.request(verb, path, content=body)
            return answer.status_code, answer.json()["status"], answer.text

        def grpc(method, body):
            message = json_format.Parse(body, methods()[method].request())
            answer = getattr(stub, method)(message, metadata=METADATA, timeout=HANGS)
            status = json_format.MessageToDict(answer.status, preserving_proto_field_name=True)
            return http_code(answer.status.code), status, str(answer)

        try:
            yield rest, grpc
        finally:
            web.close()
            channel.close()


def test_every_method_that_is_answered_is_asked():
    assert sorted(DOCUMENTED) == ANSWERED


@pytest.mark.parametrize("part", range(PARTS))
def test_every_mutation_of_a_documented_request_is_answered(part, sites):
    chance = random.Random(f"{SEED} {part}")
    mutations = Mutations(chance)
    codes = set()
    with asking(sites) as (rest, grpc):
        for count in range(REQUESTS // PARTS):
            over_rest = count % 2 == 0
            method = chance.choice(sorted(DOCUMENTED) if over_rest else ANSWERED)
            body = sites.written(mutations.of(method, misfits=over_rest))
            try:
                code, status, text = (rest if over_rest else grpc)(method, body)
            except json_format.ParseError:  # no message can say that
                continue
            assert code < 500, (method, body, status)
            assert len(status["req_id"]) == 32, (method, body)
            assert not INSIDE.search(text), (method, body, INSIDE.search(text))
            codes.add(code)
    assert codes >= {200, 400, 404}
