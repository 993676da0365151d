"""A collection of solid colors in which only the right ranking gives the right order, and a server on it."""

import base64
import io
import json
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import numpy as np
import toolkit_concepts
import toolkit_files
import toolkit_filters
import toolkit_fusions
import toolkit_multilingual
import toolkit_sklearn
import toolkit_visual
import toolkit_wire
from google.protobuf import json_format
from PIL import Image
from toolkit_wire.methods import methods

import toolkit
from toolkit.plugins.interfaces import Record
from toolkit.plugins.registry import Registry
from toolkit.values.types import Annotation, Box, GeoPoint

PLUGINS = (
    toolkit_concepts,
    toolkit_files,
    toolkit_filters,
    toolkit_fusions,
    toolkit_multilingual,
    toolkit_sklearn,
    toolkit_visual,
)
KEY = {"Authorization": "Key YOUR_PAT_HERE"}
DOG_URL = "https://samples.example.org/dog.jpg"
CORNER = Box(0.0, 0.0, 0.5, 0.5)

# id: color, what a model says, metadata, place.
COLORS = {
    "red": (
        (250, 10, 10),
        {"dog": 0.9, "cat": 0.8, "people": 0.9},
        {"type": "animal", "list": [1, 2, 3]},
        (40.0, -30.0),
    ),
    "orange": ((250, 130, 10), {"dog": 0.7, "cat": 0.1, "people": 0.1}, {"type": "animal"}, (41.0, -30.0)),
    "green": ((10, 250, 10), {"dog": 0.2, "cat": 0.6, "people": 0.6}, {"type": "plant"}, (-10.0, 100.0)),
    "blue": ((10, 10, 250), {"cat": 0.9, "people": 0.3}, {}, None),
}


class Direction:
    """Embeds the mean color around gray, so that opposite colors are opposite vectors."""

    name, version, dimension = "direction", "1", 3

    def embed(self, images):
        return np.array([np.asarray(image, float).mean((0, 1)) - 127.3 for image in images], np.float32)


def registry():
    made = Registry()
    for plugin in PLUGINS:
        made.add(plugin)
    made.add(Direction)
    return made


@cache
def picture(color, size=16):
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), color).save(buffer, "PNG")
    return buffer.getvalue()


def text(encoded):
    return base64.b64encode(encoded).decode()


def models_say(id, said):
    """What a tagger says of a picture, and what the model of a trained concept does."""
    tags = {concept: value for concept, value in said.items() if concept != "people"}
    yield Annotation("", id, id, None, "model:tagger@1", tags)
    yield Annotation("", id, id, None, "model:trained-people@1", {"people": said["people"]})


@contextmanager
def seeded(path=None, **settings):
    """The collection: model values, a trained concept that people labeled too, names in Japanese, a region."""
    workflow = toolkit.Workflow(embedders=("direction",))
    with toolkit.open(
        path, workflow=workflow, registry=registry(), settings=toolkit.Settings(**settings)
    ) as photos:
        photos.add(
            [
                Record(picture(color), id=id, metadata=metadata, geo=geo and GeoPoint(*geo))
                for id, (color, _, metadata, geo) in COLORS.items()
            ],
            progress=False,
        )
        photos.concepts.add("dog", names={"en": ["dog"], "ja": ["犬"], "de": ["Hund"]})
        photos.concepts.add("cat", names={"en": ["cat"], "ja": ["猫"]})
        photos.concepts.add("people", names={"en": ["people"], "ja": ["人"]})
        photos.concepts.add("person", names={"en": ["person"], "ja": ["人"]})
        photos.annotations.put([one for id, (_, said, *_) in COLORS.items() for one in models_say(id, said)])
        with (
            photos._resources.store.write() as batch
        ):  # both looked at every picture, as a workflow's models do
            for model in ("tagger@1", "trained-people@1"):
                batch.progress.mark(photos._resources.store.inputs.keys(COLORS), f"concept_model:{model}")
        photos.annotate("green", concept="people", value=1)  # people outweigh the model's 0.6
        photos.annotate("blue", concept="people", value=0)
        photos.annotate(
            "orange", concept="porch", value=1, user="eve", status="pending", info={"batch": "b1"}
        )
        yield photos


@contextmanager
def served(photos, **options):
    with toolkit_wire.serve(photos, **{"grpc_port": 0, "rest_port": 0, **options}) as server:
        yield server


@contextmanager
def web_site(answers):
    """The address of a web server on this machine, and the paths it was asked for.

    Parameters
    ----------
    answers : mapping of str to bytes or str
        By path: a file, or where to redirect to; ``{here}`` stands for the server's own address.
    """
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            answer = answers[self.path]
            if isinstance(answer, bytes):
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
            else:
                self.send_response(302)
                self.send_header("Location", answer.format(here=here))
            self.end_headers()
            if isinstance(answer, bytes):
                self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        here = f"http://127.0.0.1:{site.server_port}"
        thread = Thread(target=site.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield here, asked
        finally:
            site.shutdown()
            thread.join()


class Rest:
    """Asks over HTTP."""

    def __init__(self, server, headers=KEY):
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{server.rest_port}", headers=headers, verify=False, timeout=60
        )

    def ask(self, method, request, path=None, verb="POST"):
        paths = {
            "PostAnnotationsSearches": "/v2/annotations/searches",
            "PostInputsSearches": "/v2/users/me/apps/main/inputs/searches",
            "PostSearches": "/v2/searches",
        }
        response = self._client.request(verb, path or paths[method], content=json.dumps(request))
        return response.json()

    def close(self):
        self._client.close()


class Grpc:
    """Asks over gRPC, with the message exactly as it is written: what is not there is 0."""

    def __init__(self, server, headers=KEY):
        from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
        from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

        self._channel = ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=server.grpc_port)
        self._stub = V2Stub(self._channel)
        self._metadata = tuple((name.lower(), value) for name, value in headers.items())

    def ask(self, method, request, **_):
        message = json_format.ParseDict(request, methods()[method].request())
        response = getattr(self._stub, method)(message, metadata=self._metadata)
        return json_format.MessageToDict(
            response,
            preserving_proto_field_name=True,
            use_integers_for_enums=True,
            always_print_fields_with_no_presence=True,
        )

    def close(self):
        self._channel.close()


def search(*, ranks=(), filters=(), language="", pagination=None, **options):
    """The body of a request with one search."""
    query = {"ranks": list(ranks), "filters": list(filters)}
    if language:
        query["language"] = language
    body = {"searches": [{"query": query, **options}]}
    return body | ({"pagination": pagination} if pagination else {})


def of(**annotation):
    """A rank or filter about an annotation."""
    return {"annotation": annotation}


def concepts(*given):
    """A rank or filter by concepts: ids with values, or whole concepts."""
    return of(
        data={
            "concepts": [one if isinstance(one, dict) else {"id": one[0], "value": one[1]} for one in given]
        }
    )


def ids(response):
    """The inputs of the hits, once it is sure that the answer is one."""
    assert response["status"]["code"] == 10000, response["status"]
    return [hit["input"]["id"] for hit in response["hits"]]
