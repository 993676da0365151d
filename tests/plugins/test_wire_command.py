"""``toolkit serve`` as it is typed: what it serves, to whom, and how it stops."""

import json
import os
import ssl
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

import httpx
from click.testing import CliRunner
from toolkit_wire.command import serve_command
from toolkit_wire.tls import self_signed
from wire_photos import KEY, ids, of, picture, search, web_site

import toolkit
from toolkit.errors import QueryError, StoreError
from toolkit.plugins.interfaces import Record

CHECKOUT = Path(__file__).parents[2]
COLORS = {"red": (250, 10, 10), "blue": (10, 10, 250)}
A = "/v2/annotations/searches"


@pytest.fixture
def collection(tmp_path):
    path = tmp_path / "photos.db"
    with toolkit.open(path) as photos:
        photos.add([Record(picture(color), id=name) for name, color in COLORS.items()], progress=False)
    return path


@contextmanager
def serving(path, *options):
    """What the command says, each line by its first word, while it serves on free ports."""
    command = [sys.executable, "-c", "import toolkit_wire.command as c; c.serve_command()", str(path)]
    command += ["--grpc-port", "0", "--rest-port", "0", *map(str, options)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "plugins")])}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as served:
        try:
            lines = [served.stdout.readline() for _ in range(4 if {"--tls", "--cert"} & {*options} else 3)]
            yield dict(line.strip().split(maxsplit=1) for line in lines)
        finally:
            served.terminate()
        assert served.wait(20) == 0


def ask(said, rank, cert=None):
    verify = ssl.create_default_context(cafile=cert) if cert else False
    address = said["REST"].removesuffix("/v2/") + A
    return httpx.post(
        address, content=json.dumps(search(ranks=[rank])), headers=KEY, verify=verify, timeout=60
    ).json()


def test_it_serves_a_file_over_tls_and_stops_when_asked(collection):
    with serving(collection, "--tls") as said:
        assert said["serving"] == "2 images; stop with Ctrl-C"
        assert Path(said["cert"]).parent == collection.with_name("photos.db.tls")
        assert ids(ask(said, of(input_id="blue"), said["cert"])) == ["blue", "red"]


def test_applications_of_clients_are_beside_the_collection_and_other_names_may_be_allowed(collection):
    with serving(collection, "--allow-host", "tunnel.example") as said:
        address = said["REST"].removesuffix("/v2/")
        headers = KEY | {"Host": "tunnel.example"}
        made = httpx.post(
            f"{address}/v2/users/me/apps", json={"apps": [{"id": "fresh"}]}, headers=headers, timeout=60
        )
        assert made.json()["status"]["code"] == 10000
        refused = httpx.get(f"{address}/v2/app", headers=KEY | {"Host": "other.example"}, timeout=60)
        assert refused.json()["status"]["code"] == 11007
    assert [one.name for one in collection.with_name("photos.db.apps").iterdir()] == ["fresh"]


def test_a_certificate_of_ones_own(collection, tmp_path):
    made = self_signed(tmp_path / "own")
    with serving(collection, "--cert", made.cert, "--key", made.key) as said:
        assert said["cert"] == str(made.cert)
        assert said["gRPC"].endswith("(TLS)")
        assert ids(ask(said, of(input_id="red"), made.cert)) == ["red", "blue"]
    assert not collection.with_name("photos.db.tls").exists()


def test_urls_are_read_from_the_map_and_fetched_below_the_prefix_only(collection, tmp_path):
    (tmp_path / "blue.png").write_bytes(picture(COLORS["blue"]))
    (tmp_path / "urls.json").write_text('{"https://samples.example.org/blue.png": "blue.png"}')
    red = picture(COLORS["red"])
    with web_site({"/open/red.png": red, "/red.png": red}) as (here, _):
        options = ["--url-map", tmp_path / "urls.json", "--allow-url-prefix", f"{here}/open/"]
        with serving(collection, *options) as said:

            def by(url):
                return ask(said, of(data={"image": {"url": url}}))

            assert ids(by("https://samples.example.org/blue.png")) == ["blue", "red"]
            assert ids(by(f"{here}/open/red.png")) == ["red", "blue"]
            assert by(f"{here}/red.png")["status"]["code"] == 43002


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        (["--cert", "a.pem"], QueryError, "--cert and --key"),
        (["--key", "a.pem"], QueryError, "--cert and --key"),
        (["--cert", "a.pem", "--key", "b.pem"], StoreError, "certificate"),
        (["--host", "0.0.0.0"], QueryError, "token"),
        (["--url-map", "missing.json"], QueryError, "missing.json"),
    ],
)
def test_impossible_options_are_refused_before_anything_is_served(
    collection, monkeypatch, options, error, says
):
    monkeypatch.chdir(collection.parent)
    result = CliRunner().invoke(
        serve_command, [str(collection), "--grpc-port", "0", "--rest-port", "0", *options]
    )
    assert isinstance(result.exception, error)
    assert says in str(result.exception)


def test_a_collection_that_is_not_there_is_not_made(tmp_path):
    result = CliRunner().invoke(serve_command, [str(tmp_path / "phtoos.db")])
    assert isinstance(result.exception, StoreError)
    assert not (tmp_path / "phtoos.db").exists()
