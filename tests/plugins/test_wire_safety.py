"""What a server does not do, and that it answers whatever it is sent."""

import json
import os
import socket
import ssl
import threading
import time
from collections import Counter

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

import grpc
import httpx
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import service_pb2
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toolkit_wire import Limits, serve
from toolkit_wire.codec import is_repeated
from toolkit_wire.methods import methods
from toolkit_wire.tls import self_signed
from wire_photos import KEY, Grpc, Rest, of, picture, search, seeded, served, text

from toolkit.errors import QueryError, StoreError

A = "PostAnnotationsSearches"
PATH = "/v2/annotations/searches"
HANGS = 30.0  # seconds after which an answer will not come any more, however busy the machine
EXAMPLES = int(os.environ.get("TOOLKIT_WIRE_EXAMPLES", "40"))


@pytest.fixture(scope="module")
def photos():
    with seeded() as photos:
        yield photos


@pytest.fixture(scope="module")
def server(photos):
    with served(photos) as server:
        yield server


@pytest.fixture(scope="module")
def web(server):
    with httpx.Client(base_url=f"http://127.0.0.1:{server.rest_port}", verify=False, timeout=HANGS) as web:
        yield web


def code(response):
    return response.json()["status"]["code"]


class TestWhoMayAsk:
    def test_an_address_that_others_reach_needs_a_token(self, photos):
        with pytest.raises(QueryError, match="token"):
            serve(photos, host="0.0.0.0", grpc_port=0, rest_port=0)

    @pytest.mark.parametrize("client", [Rest, Grpc])
    def test_only_the_token_is_let_in(self, photos, client):
        with served(photos, token="s3cret") as server:
            for headers, expected in (
                ({"Authorization": "Key s3cret"}, 10000),
                ({"X-Clarifai-Session-Token": "s3cret"}, 10000),
                ({"Authorization": "Key s3cre"}, 11008),
                ({"Authorization": "Key ünicode"} if client is Rest else {"Authorization": "Key x"}, 11008),
                ({"Authorization": "s3cret"}, 11008),
                ({}, 11008),
            ):
                asked = client(
                    server, headers={k: v.encode() for k, v in headers.items()} if client is Rest else headers
                )
                assert asked.ask(A, search())["status"]["code"] == expected, headers
                asked.close()

    def test_a_foreign_page_can_neither_read_nor_write(self, web):
        answer = web.post(PATH, content="{}", headers={"Origin": "https://evil.example"})
        assert (answer.status_code, code(answer)) == (403, 11007)
        assert "access-control-allow-origin" not in answer.headers
        assert web.post(PATH, content="{}", headers={"Origin": "null"}).status_code == 403

    def test_a_name_that_is_not_this_servers_is_refused_with_a_status(self, web):
        for host in ("evil.example", "evil.example:80", "localhost.evil.example", "[::1].evil.example", ""):
            answer = web.post(PATH, content="{}", headers={"Host": host})
            assert (answer.status_code, code(answer)) == (403, 11007), host
            assert "--allow-host" in answer.json()["status"]["details"]
        for host in ("localhost", "LOCALHOST:1", "127.0.0.1:18081", "[::1]:7"):
            assert code(web.post(PATH, content="{}", headers={"Host": host})) == 10000, host

    @pytest.mark.parametrize(
        ("allowed", "expected"), [("tunnel.example", 10000), ("*", 10000), ("other.example", 11007)]
    )
    def test_a_name_can_be_allowed(self, photos, allowed, expected):
        with served(photos, grpc_port=None, allow_hosts=[allowed]) as server:
            address = f"http://127.0.0.1:{server.rest_port}{PATH}"
            answer = httpx.post(address, content="{}", headers=KEY | {"Host": "tunnel.example"}, timeout=60)
        assert code(answer) == expected

    def test_a_page_of_this_machine_may_ask_first_and_then_ask(self, web):
        origin = "http://localhost:8888"
        asking = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        }
        allowed = web.options(PATH, headers=asking)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == origin
        assert "authorization" in allowed.headers["access-control-allow-headers"].lower()
        answer = web.post(
            PATH, content="{}", headers={"Origin": origin, "Content-Type": "text/plain;charset=UTF-8"}
        )
        assert code(answer) == 10000
        assert answer.headers["access-control-allow-origin"] == origin

    def test_a_port_that_is_taken_is_an_error(self, photos, server):
        with pytest.raises(StoreError, match="cannot listen"):
            serve(photos, grpc_port=None, rest_port=server.rest_port)
        with pytest.raises(StoreError, match="cannot listen"):
            serve(photos, grpc_port=server.grpc_port, rest_port=None)


class TestBadRequests:
    @pytest.mark.parametrize(
        "body", ["{", "[]", "7", '"x"', "\x00", "{'a': 1}", '{"a": NaN}', "[" * 100_000, '{"a":' * 5000]
    )
    def test_what_is_no_json_object_is_11100(self, web, body):
        answer = web.post(PATH, content=body)
        assert (answer.status_code, code(answer)) == (400, 11100)

    @pytest.mark.parametrize(
        "body",
        [
            {"nonsense": 1},
            {"searches": {}},
            {"searches": [1]},
            {"searches": [{"query": {"rank": []}}]},
            {"pagination": {"page": -1}},
            {"pagination": {"page": 2**40}},
            search(filters=[of(status={"code": "NO_SUCH_CODE"})]),
            search(ranks=[of(data={"image": {"base64": "***"}})]),
        ],
    )
    def test_what_does_not_fit_the_message_is_11102(self, web, body):
        answer = web.post(PATH, content=json.dumps(body))
        assert (answer.status_code, code(answer)) == (400, 11102)

    @pytest.mark.parametrize(
        "body",
        [
            r'{"searches": "\ud800"}',
            r'{"\ud800": 1}',
            r'{"searches": [{"id": "\ud800"}]}',
            r'{"searches": [{"query": {"filters": [{"annotation": {"data": {"metadata": {"\ud800": 1}}}}]}}]}',
        ],
    )
    def test_a_lone_surrogate_does_not_fit_and_can_be_answered(self, web, body):
        answer = web.post(PATH, content=body)
        assert (answer.status_code, code(answer)) == (400, 11102)

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("datasets", {"datasets": [{"id": "a\0b"}]}),
            ("concepts", {"concepts": [{"id": "boat", "name": "\0boat"}]}),
            ("users/a%00b/apps/main/annotations", {"annotations": [{"input_id": "red"}]}),
            ("inputs/searches", search(filters=[of(data={"metadata": {"a\0": 1}})])),
            ("inputs/searches", search(filters=[of(annotation_info={"a": ["\0"]})])),
        ],
    )
    def test_a_nul_character_does_not_fit(self, web, photos, path, body):
        before = photos.snapshot().revision
        answer = web.post(f"/v2/{path}", content=json.dumps(body))
        assert (answer.status_code, code(answer)) == (400, 11102)
        assert photos.snapshot().revision == before

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({"user_app_id": 3}, "user_app_id"),
            ({"pagination": {"page": [1]}}, "pagination.page"),
            ({"searches": [{"algorithm": 4}]}, "searches.algorithm"),
            (search(filters=[of(status={"code": {}})]), "searches.query.filters.annotation.status.code"),
        ],
    )
    def test_what_does_not_fit_is_named_by_its_place_and_not_in_the_words_of_the_inside(
        self, web, body, where
    ):
        details = web.post(PATH, content=json.dumps(body)).json()["status"]["details"]
        assert f"{where}: " in details
        assert not any(word in details for word in ("iterable", "int()", "unhashable", "bytes-like"))

    def test_a_bug_before_a_method_is_called_is_answered_as_json(self, web, monkeypatch, caplog):
        def broken(*_):
            raise RuntimeError("/home/ann/secret")

        monkeypatch.setattr("toolkit_wire.rest.find_route", broken)
        answer = web.post(PATH, content="{}")
        status = answer.json()["status"]
        assert (answer.status_code, status["code"]) == (500, 98004)
        assert status["req_id"] in status["details"]
        assert "secret" not in answer.text
        assert "/home/ann/secret" in caplog.text

    def test_paths_and_verbs_that_are_none(self, web):
        assert (web.get("/").status_code, code(web.get("/"))) == (404, 11101)
        assert code(web.get("/v2/nonsense")) == 11101
        answer = web.put(PATH, content="{}")
        assert (answer.status_code, code(answer)) == (405, 11103)
        assert "POST" in answer.json()["status"]["details"]

    def test_an_id_in_the_path_may_hold_anything(self, web):
        for id in ("%00", "a%2Fb", "%E7%8A%AC", "..%2f..", "'; DROP TABLE inputs;--", "x" * 5000):
            assert code(web.get(f"/v2/inputs/{id}")) in (11101, 11100, 11102)


class TestTooMuch:
    def test_a_request_too_large_is_refused_before_it_is_read(self, photos):
        with served(photos, limits=Limits(body_bytes=10_000)) as server:
            with httpx.Client(
                base_url=f"http://127.0.0.1:{server.rest_port}", verify=False, timeout=HANGS
            ) as web:
                answer = web.post(PATH, content=b"x" * 20_000)
                assert (answer.status_code, code(answer)) == (413, 40033)
                answer = web.post(PATH, content=iter([b"x" * 6_000] * 3))  # without a length
                assert (answer.status_code, code(answer)) == (413, 40033)
            stub = V2Stub(ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=server.grpc_port))
            request = service_pb2.PostInputsSearchesRequest()
            request.searches.add().query.ranks.add().annotation.data.image.base64 = b"x" * 20_000
            with pytest.raises(grpc.RpcError) as refused:
                stub.PostInputsSearches(request)
            assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED

    @pytest.mark.parametrize("face", [Rest, Grpc])
    def test_a_request_of_too_many_parts_is_refused(self, photos, face):
        with served(photos, limits=Limits(parts=50)) as server:
            client = face(server)
            few, many = ([{"id": "cat", "value": 1}] * count for count in (40, 50))
            keys = {f"key{at}": at for at in range(50)}
            for data, expected in (
                ({"concepts": few}, 10000),
                ({"concepts": many}, 40033),
                ({"metadata": keys}, 40033),
            ):
                assert client.ask(A, search(filters=[of(data=data)]))["status"]["code"] == expected
            client.close()

    @pytest.mark.parametrize(
        ("path", "body", "expected"),
        [
            ("inputs", {"inputs": [{}] * 129}, 30105),
            ("annotations", {"annotations": [{}] * 129}, 24155),
            ("concepts", {"concepts": [{"id": str(at)} for at in range(129)]}, 40003),
            ("datasets", {"datasets": [{"id": str(at)} for at in range(129)]}, 11102),
            ("inputs/searches", {"searches": [{}] * 129}, 40002),
            ("concepts/dog/languages", {"concept_languages": [{"id": "fr", "name": "x"}] * 129}, 40003),
            ("concepts/searches", {"concept_query": {"name": "*a" * 30_000}}, 40003),
        ],
    )
    def test_more_than_128_at_once_are_refused(self, web, path, body, expected):
        assert code(web.post(f"/v2/{path}", content=json.dumps(body))) == expected

    def test_a_picture_too_large_is_refused(self, photos):
        with served(photos, limits=Limits(picture_bytes=50)) as server:
            client = Rest(server)
            rank = of(data={"image": {"base64": text(picture((1, 2, 3), 64))}})
            status = client.ask(A, search(ranks=[rank]))["status"]
            assert (status["code"], "50 bytes" in status["details"]) == (43002, True)
            client.close()

    def test_a_decompression_bomb_is_refused(self):
        with seeded(max_pixels=1000) as photos, served(photos, grpc_port=None) as server:
            client = Rest(server)
            rank = of(data={"image": {"base64": text(picture((1, 2, 3), 64))}})
            assert client.ask(A, search(ranks=[rank]))["status"]["code"] == 43002
            client.close()

    def test_a_request_that_never_ends_is_given_up(self, photos):
        head = b"POST /v2/inputs/searches HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
        with (
            served(photos, grpc_port=None, limits=Limits(body_seconds=0.2)) as server,
            socket.create_connection(("127.0.0.1", server.rest_port), timeout=10) as sock,
        ):
            sock.sendall(head)
            assert b" 504 " in sock.recv(65536).split(b"\r\n")[0]

    def test_a_half_sent_request_disturbs_no_other(self, server):
        for part in (
            b"POST /v2/inp",
            b"POST /v2/inputs/searches HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
            b"\x16\x03\x01\x00\xff",
        ):
            with socket.create_connection(("127.0.0.1", server.rest_port), timeout=10) as sock:
                sock.sendall(part)
        client = Rest(server)
        assert client.ask(A, search())["status"]["code"] == 10000
        client.close()

    def test_a_slow_answer_is_given_up_and_too_many_are_turned_away(self, photos, monkeypatch):
        release = threading.Event()
        monkeypatch.setattr(type(photos), "search", lambda *_, **__: release.wait(20))
        limits = Limits(workers=1, waiting=1, answer_seconds=0.3)
        with served(photos, limits=limits) as server:
            codes = []

            def ask(face):
                client = face(server)
                codes.append(client.ask(A, search())["status"]["code"])
                client.close()

            threads = [threading.Thread(target=ask, args=(face,)) for face in (Rest, Grpc, Rest, Grpc)]
            for thread in threads:
                thread.start()
                time.sleep(0.02)
            for thread in threads:
                thread.join()
            release.set()
        assert sorted(codes) == [11005, 11005, 40032, 40032]

    def test_stopping_finishes_what_is_being_answered(self, photos, monkeypatch):
        began, real = threading.Event(), type(photos).search

        def slow(*args, **kwargs):
            began.set()
            time.sleep(0.3)
            return real(*args, **kwargs)

        monkeypatch.setattr(type(photos), "search", slow)
        with served(photos) as server:
            answers, clients = [], [Rest(server), Grpc(server)]
            threads = [
                threading.Thread(target=lambda client=client: answers.append(client.ask(A, search())))
                for client in clients
            ]
            for thread in threads:
                thread.start()
            began.wait()
            time.sleep(0.1)
        for thread, client in zip(threads, clients, strict=True):
            thread.join()
            client.close()
        assert [answer["status"]["code"] for answer in answers] == [10000, 10000]
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{server.rest_port}/")

    def test_a_bug_tells_where_to_look_and_nothing_else(self, photos, server, monkeypatch, caplog):
        def broken(*_, **__):
            raise RuntimeError("/home/ann/secret")

        monkeypatch.setattr(type(photos), "search", broken)
        client = Rest(server)
        status = client.ask(A, search())["status"]
        client.close()
        assert (status["code"], status["http_status_code"]) == (43001, 500)
        assert status["req_id"] in status["details"]
        assert "secret" not in str(status)
        assert "/home/ann/secret" in caplog.text


class TestTls:
    def test_a_certificate_is_made_once_and_its_key_is_private(self, tmp_path):
        made = self_signed(tmp_path / "tls")
        assert made.key.stat().st_mode & 0o077 == 0
        before = made.cert.read_bytes()
        assert self_signed(tmp_path / "tls").cert.read_bytes() == before
        made.cert.write_text("damaged")
        assert self_signed(tmp_path / "tls").cert.read_bytes().startswith(b"-----BEGIN")

    def test_both_faces_use_tls(self, photos, tmp_path):
        made = self_signed(tmp_path)
        with served(photos, certificate=made) as server:
            answer = httpx.get(
                f"https://localhost:{server.rest_port}/v2/app",
                verify=ssl.create_default_context(cafile=made.cert),
                timeout=HANGS,
            )
            assert code(answer) == 10000
            channel = ClarifaiChannel.get_grpc_channel(
                base=f"localhost:{server.grpc_port}", root_certificates_path=str(made.cert)
            )
            answer = V2Stub(channel).GetApp(
                service_pb2.GetAppRequest(), metadata=(("authorization", "Key x"),)
            )
            assert answer.status.code == 10000
            channel.close()


# Requests that fit the API's messages, with every field that anything here reads, and values at their edges.
FIELDS = {
    "searches",
    "query",
    "ranks",
    "filters",
    "ands",
    "output",
    "annotation",
    "input",
    "data",
    "concepts",
    "concept",
    "id",
    "name",
    "value",
    "language",
    "definition",
    "image",
    "url",
    "base64",
    "embeddings",
    "vector",
    "regions",
    "region_info",
    "bounding_box",
    "top_row",
    "left_col",
    "bottom_row",
    "right_col",
    "geo",
    "geo_point",
    "geo_limit",
    "geo_box",
    "type",
    "latitude",
    "longitude",
    "metadata",
    "negate",
    "pagination",
    "page",
    "per_page",
    "min_value",
    "metric",
    "algorithm",
    "save",
    "only_count",
    "status",
    "code",
    "annotation_info",
    "user_id",
    "input_id",
    "model_version_id",
    "worker",
    "user",
    "model",
    "text",
    "raw",
    "last_updated_time_range",
    "start_time",
    "end_time",
    "dataset_ids",
    "inputs",
    "annotations",
    "action",
    "concept_query",
    "ids",
    "input_ids",
    "concept_languages",
    "concept_relations",
    "predicate",
    "object_concept",
    "input_level",
    "datasets",
    "allow_duplicate_url",
    "delete_if_empty_data",
    "apps",
    "user_app_id",
    "app_id",
    "version_id",
}
OBJECTS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from([0.5, "animal", "", [1, 2]]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["type", "list", ""]), inner, max_size=2)
    ),
    max_leaves=4,
)
WORDS = [
    "dog",
    "cat",
    "people",
    "porch",
    "giraffe",
    "犬",
    "red",
    "blue",
    "nobody",
    "*",
    "d*",
    "en",
    "ja",
    "xx",
    "tagger@1",
    "direction",
    "direction@1",
    "pixels",
    "me",
    "eve",
    "merge",
    "overwrite",
    "remove",
    "withinKilometers",
    "withinMiles",
    "hypernym",
    "synonym",
    "nearest_neighbor",
    "http://127.0.0.1:1/",
    "http://[",
    "file:///etc/passwd",
    "a/b",
]
NUMBERS = [0, 1, 0.5, -1, 2, 180, 91, 1e30, "NaN", "Infinity", "-Infinity"]
PICTURES = ["", "AAAA", text(b"GIF89a"), text(picture((9, 9, 9)))]
BY_TYPE = {
    FieldDescriptor.TYPE_STRING: st.sampled_from(["", "\x00", *WORDS]) | st.text(max_size=5),
    FieldDescriptor.TYPE_FLOAT: st.sampled_from(NUMBERS) | st.floats(0, 1, width=32),
    FieldDescriptor.TYPE_UINT32: st.sampled_from([0, 1, 2, 100, 1000, 1001, 2**32 - 1]),
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_ENUM: st.sampled_from([0, 1, 2, 24150, 24151, 30000, 30002, 77777]),
    FieldDescriptor.TYPE_BYTES: st.sampled_from(PICTURES),
}
OWN_JSON = {
    "google.protobuf.Struct": st.dictionaries(st.sampled_from(["type", "list", "x"]), OBJECTS, max_size=3),
    "google.protobuf.Timestamp": st.sampled_from(
        ["1970-01-01T00:00:00Z", "2026-11-22T00:00:00.5Z", "9999-12-31T23:59:59Z"]
    ),
}


def fitting(of, depth=0):
    """JSON objects that fit a message."""
    if of.full_name in OWN_JSON:
        return OWN_JSON[of.full_name]
    known = [
        field for field in of.fields if field.name in FIELDS and (field.message_type or field.type in BY_TYPE)
    ]
    if depth > 9:
        known = [field for field in known if not field.message_type]
    return st.fixed_dictionaries(
        {}, optional={field.name: st.deferred(lambda field=field: value_of(field, depth)) for field in known}
    )


def value_of(field, depth):
    one = fitting(field.message_type, depth + 1) if field.message_type else BY_TYPE[field.type]
    return st.lists(one, min_size=1, max_size=3) if is_repeated(field) else one


REQUESTS = {
    "PostAnnotationsSearches": ("POST", PATH),
    "PostInputsSearches": ("POST", "/v2/inputs/searches"),
    "PostSearches": ("POST", "/v2/searches"),
    "PostAnnotations": ("POST", "/v2/annotations"),
    "PatchAnnotations": ("PATCH", "/v2/annotations"),
    "PostInputs": ("POST", "/v2/inputs"),
    "PatchInputs": ("PATCH", "/v2/inputs"),
    "PostConcepts": ("POST", "/v2/concepts"),
    "PatchConcepts": ("PATCH", "/v2/concepts"),
    "PostConceptsSearches": ("POST", "/v2/concepts/searches"),
    "PostConceptLanguages": ("POST", "/v2/concepts/dog/languages"),
    "PostConceptRelations": ("POST", "/v2/users/me/apps/main/concepts/dog/relations"),
    "PostModelOutputs": ("POST", "/v2/models/direction/outputs"),
    "PostDatasets": ("POST", "/v2/datasets"),
    "PatchSearches": ("PATCH", "/v2/searches"),
    "PatchAnnotationsSearches": ("PATCH", PATH),
    "PostSearchesByID": ("POST", "/v2/searches/none"),
    "PatchConceptLanguages": ("PATCH", "/v2/concepts/dog/languages"),
    "DeleteConceptRelations": ("DELETE", "/v2/users/me/apps/main/concepts/dog/relations"),
    "PostApps": ("POST", "/v2/users/me/apps"),
    "DeleteAnnotations": ("DELETE", "/v2/annotations"),
    "DeleteInputs": ("DELETE", "/v2/inputs"),
}
ALIKE = {"PostApps", "PostSearchesByID"}  # whatever is asked: there is one collection, and no such search
LISTS = [
    "inputs", "inputs/red", "inputs/status", "inputs/red/annotations/red", "annotations", "concepts",
    "concepts/dog", "concepts/dog/languages", "users/me/apps/main/concepts/dog/relations", "datasets", "searches",
]  # fmt: skip
# Whatever JSON can say, under names that messages have: nearly none of it fits.
MISFITS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(FIELDS)), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("method", REQUESTS)
def test_no_request_that_fits_is_a_bug(method):
    verb, path = REQUESTS[method]
    counts = Counter()
    with seeded() as photos, served(photos, grpc_port=None) as server:
        web = httpx.Client(base_url=f"http://127.0.0.1:{server.rest_port}", verify=False, timeout=HANGS)

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        @given(fitting(methods()[method].request.DESCRIPTOR))
        def ask(body):
            answer = web.request(verb, path, content=json.dumps(body), headers=KEY)
            assert answer.status_code < 500, (body, answer.text)
            assert len(answer.json()["status"]["req_id"]) == 32
            counts[answer.json()["status"]["code"]] += 1

        ask()
        web.close()
    assert method in ALIKE or len(counts) > 1  # some were answered, some refused


@settings(max_examples=5 * EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    st.sampled_from(sorted(REQUESTS)), st.dictionaries(st.sampled_from(sorted(FIELDS)), MISFITS, max_size=3)
)
def test_no_request_that_does_not_fit_is_a_bug(web, method, body):
    answer = web.request(*REQUESTS[method], content=json.dumps(body), headers=KEY)
    assert answer.status_code < 500, (body, answer.text)


@settings(max_examples=5 * EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    st.sampled_from(LISTS),
    st.dictionaries(
        st.sampled_from(
            ["page", "per_page", "ids", "input_ids", "user_ids", "statuses", "status.code", "id"]
        ),
        st.sampled_from(["", "0", "2", "-1", "1001", "4294967295", *WORDS]),
        max_size=3,
    ),
)
def test_no_parameters_are_a_bug(web, path, parameters):
    answer = web.get(f"/v2/{path}", params=parameters, headers=KEY)
    assert answer.status_code < 500, answer.text


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode), st.text(max_size=20))
def test_no_bytes_and_no_path_are_a_bug(web, body, path):
    answer = web.post(PATH, content=body)
    assert answer.status_code < 500
    try:
        answer = web.get(f"/v2/{path}")
    except httpx.InvalidURL:
        return
    assert answer.status_code < 500 or answer.json()["status"]["code"] == 10040
