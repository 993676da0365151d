"""The API's own clients, unmodified, pointed here by their environment: they get the right ranking.

Clients that need an environment of their own are found through environment variables that `.ci/run` sets:
``TOOLKIT_WIRE_JSON_PYTHON`` (clarifai-grpc with protobuf below 7), ``TOOLKIT_WIRE_SDK_PYTHON`` (clarifai),
``TOOLKIT_WIRE_NODE_MODULES`` (clarifai-nodejs-grpc), and ``TOOLKIT_WIRE_JAVA``, the class path that
``tests/wire/java_client`` prints (Java classes made from the .proto files of the Node client).
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

from toolkit_wire.tls import self_signed
from wire_photos import DOG_URL, concepts, of, picture, search, seeded, served, text

HERE = Path(__file__).parent
EXPECTED = {
    "predicted": ["red", "orange", "green"],
    "custom": ["red", "green", "blue", "orange"],
    "both": ["blue"],
    "language": ["red", "orange", "green"],
    "url": ["orange", "red", "green", "blue"],
    "bytes": ["blue", "green", "red", "orange"],
    "input": ["green", "orange", "blue", "red"],
}


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wire")
    (folder / "dog.png").write_bytes(picture((250, 130, 10)))
    (folder / "sky.png").write_bytes(picture((10, 20, 250)))
    return folder


@pytest.fixture(scope="module")
def plain(places):
    with seeded() as photos, served(photos, url_files={DOG_URL: places / "dog.png"}) as server:
        yield server


@pytest.fixture(scope="module")
def secure(places):
    made = self_signed(places / "tls")
    with (
        seeded() as photos,
        served(photos, url_files={DOG_URL: places / "dog.png"}, certificate=made) as server,
    ):
        server.cert = made.cert
        yield server


def run(command, **env):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CLARIFAI", "GRPC"))}
    done = subprocess.run(command, env=clean | env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def needed(name):
    if not os.environ.get(name):
        pytest.skip(f"{name} does not say where this client is installed")
    return os.environ[name]


def bodies(places):
    """The seven requests as the page's curl and JavaScript send them."""
    encoded = text((places / "sky.png").read_bytes())
    return {
        "predicted": search(ranks=[concepts({"id": "dog"})]),
        "custom": search(ranks=[concepts({"id": "people"})]),
        "both": search(ranks=[concepts({"id": "cat"})], filters=[concepts(("people", 0))]),
        "language": search(ranks=[concepts({"name": "犬", "language": "ja"})]),
        "url": search(ranks=[of(data={"image": {"url": DOG_URL}})]),
        "bytes": search(ranks=[of(data={"image": {"base64": encoded}})]),
        "input": search(ranks=[of(input_id="green")]),
    }


def same(found):
    # What a picture is least like differs by a hair; the first is what was asked for.
    assert {name: sorted(ids) for name, ids in found.items()} == {
        name: sorted(ids) for name, ids in EXPECTED.items()
    }
    assert {name: ids[0] for name, ids in found.items()} == {name: ids[0] for name, ids in EXPECTED.items()}
    for name in ("predicted", "custom", "both", "language", "url"):
        assert found[name] == EXPECTED[name]


def test_the_pages_own_python_over_tls_with_nothing_but_two_variables(secure, places):
    found = run(
        [sys.executable, HERE / "wire_page.py", "tls", DOG_URL, places / "sky.png"],
        CLARIFAI_GRPC_BASE=f"localhost:{secure.grpc_port}",
        GRPC_DEFAULT_SSL_ROOTS_FILE_PATH=str(secure.cert),
    )
    same(found)


def test_the_insecure_channel(plain, places):
    command = [sys.executable, HERE / "wire_page.py", str(plain.grpc_port), DOG_URL, places / "sky.png"]
    same(run(command, CLARIFAI_GRPC_BASE="127.0.0.1"))


def test_the_json_channel(plain, places):
    command = [needed("TOOLKIT_WIRE_JSON_PYTHON"), HERE / "wire_page.py", "json", DOG_URL, places / "sky.png"]
    same(run(command, CLARIFAI_API_BASE=f"http://127.0.0.1:{plain.rest_port}"))


def test_the_node_client(secure, places):
    modules = needed("TOOLKIT_WIRE_NODE_MODULES")
    found = run(
        [shutil.which("node"), HERE / "wire_page.js", DOG_URL, places / "sky.png"],
        NODE_PATH=modules,
        CLARIFAI_GRPC_BASE=f"localhost:{secure.grpc_port}",
        GRPC_DEFAULT_SSL_ROOTS_FILE_PATH=str(secure.cert),
    )
    same(found)


def test_java(plain, places):
    path = needed("TOOLKIT_WIRE_JAVA")
    address = f"127.0.0.1:{plain.grpc_port}"
    same(run([shutil.which("java"), "-cp", path, "WirePage", address, DOG_URL, places / "sky.png"]))


def test_the_python_sdk(places):
    python = needed("TOOLKIT_WIRE_SDK_PYTHON")
    with seeded() as photos, served(photos, url_files={DOG_URL: places / "dog.png"}) as server:  # it uploads
        found = run(
            [python, HERE / "wire_sdk.py", DOG_URL, places / "sky.png"],
            CLARIFAI_API_BASE=f"http://127.0.0.1:{server.grpc_port}",
            CLARIFAI_PAT="YOUR_PAT_HERE",
            CLARIFAI_USER_ID="YOUR_USER_ID_HERE",
            CLARIFAI_APP_ID="YOUR_APP_ID_HERE",
        )
    assert found == {
        "concept": ["red", "orange", "green"],
        "absent": ["orange", "red", "green"],
        "url": ["orange", "red"],
        "metadata": ["red", "orange"],
        "types": ["red", "orange", "green", "blue"],
        "nothing": [],
        "uploaded": "pink",
    }


def test_the_python_sdk_trains_a_concept_in_an_application_of_its_own():
    python = needed("TOOLKIT_WIRE_SDK_PYTHON")
    with seeded() as photos, served(photos) as server:
        found = run(
            [python, HERE / "wire_sdk_training.py"],
            CLARIFAI_API_BASE=f"http://127.0.0.1:{server.grpc_port}",
            CLARIFAI_PAT="YOUR_PAT_HERE",
            CLARIFAI_USER_ID="YOUR_USER_ID_HERE",
        )
        assert len(photos) == 4
        assert "red0" not in photos
    assert found == {
        "apps": ["main", "sdk-app"],
        "datasets": ["summer"],
        "inputs": ["green0", "green1", "green2", "red0", "red1", "red2"],
        "models": ["direction", "reds", "trained-red"],
        "workflows": ["base"],
        "trained": 21100,
        "ranked": ["red0", "red1", "red2"],
        "predicted": ["red"],
        "sure": True,
        "dimensions": [3],
        "after": ["main"],
    }


def test_curl(plain, places):
    found = {}
    for name, body in bodies(places).items():
        found[name] = _ids(
            run(
                ["curl", "-sS", "-X", "POST", f"http://127.0.0.1:{plain.rest_port}/v2/users/me/apps/main/annotations/searches",
                 "-H", "Authorization: Key YOUR_PAT_HERE", "-H", "Content-Type: application/json",
                 "-d", json.dumps(body)]
            )
        )  # fmt: skip
    same(found)


def test_fetch_of_json_sent_as_text(plain, places):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = """
        const [address, bodies] = process.argv.slice(1);
        const ask = (body) => fetch(address, {method: "POST", headers: {"Accept": "application/json",
          "Authorization": "Key YOUR_PAT_HERE"}, body: JSON.stringify(body)}).then((answer) => answer.json());
        (async () => {
          const found = {};
          for (const [name, body] of Object.entries(JSON.parse(bodies))) found[name] = await ask(body);
          console.log(JSON.stringify(found));
        })();
    """
    address = f"http://127.0.0.1:{plain.rest_port}/v2/annnotations/searches"  # misspelt, as on the page
    found = run([node, "-e", script, address, json.dumps(bodies(places))])
    same({name: _ids(answer) for name, answer in found.items()})


def _ids(answer):
    assert answer["status"]["code"] == 10000, answer
    return [hit["input"]["id"] for hit in answer["hits"]]
