"""Which URLs of a request are fetched: none that leads to a private place, however it gets there."""

import socket

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

from toolkit_wire.pictures import url_map
from wire_photos import Grpc, Rest, ids, of, picture, search, seeded, served, web_site

from toolkit.errors import QueryError

A = "PostAnnotationsSearches"
ORANGE = picture((250, 130, 10))
PRIVATE = "is not a public address"


@pytest.fixture(scope="module")
def photos():
    with seeded() as photos:
        yield photos


@pytest.fixture
def site():
    answers = {
        "/open/orange.png": ORANGE,
        "/open/moved": "{here}/open/orange.png",
        "/open/inside": "{here}/inside/secret.png",
        "/open/metadata": "http://169.254.169.254/latest",
        "/open/network": "http://192.168.0.1/a.png",
        "/open/file": "file:///etc/passwd",
        "/open/around": "{here}/open/around",
        "/inside/secret.png": ORANGE,
    }
    with web_site(answers) as (here, asked):
        yield here, asked


def ranked_by(client, url):
    return client.ask(A, search(ranks=[of(data={"image": {"url": url}})]))


@pytest.mark.parametrize("face", [Rest, Grpc])
def test_a_prefix_that_is_allowed_is_fetched_and_redirects_within_it(photos, site, face):
    here, asked = site
    with served(photos, allow_urls=[f"{here}/open/"]) as server:
        client = face(server)
        for path in ("/open/orange.png", "/open/moved"):
            assert ids(ranked_by(client, here + path))[0] == "orange"
        client.close()
    assert asked == ["/open/orange.png", "/open/moved", "/open/orange.png"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/inside/secret.png", PRIVATE),
        ("/open/../inside/secret.png", PRIVATE),
        ("/open/inside", PRIVATE),
        ("/open/metadata", PRIVATE),
        ("/open/network", PRIVATE),
        ("/open/file", "only URLs of the form http"),
        ("/open/around", "more than 5 redirects"),
    ],
)
def test_what_leads_out_of_it_is_refused_before_it_is_asked(photos, site, path, reason):
    here, asked = site
    with served(photos, grpc_port=None, allow_urls=[f"{here}/open/"]) as server:
        client = Rest(server)
        status = ranked_by(client, here + path)["status"]
        client.close()
    assert (status["code"], reason in status["details"]) == (43002, True), status
    assert "/inside/secret.png" not in asked


def test_an_input_is_fetched_by_the_same_rules(photos, site):
    here, asked = site
    with served(photos, grpc_port=None, allow_urls=[f"{here}/open/"]) as server:
        client = Rest(server)
        given = [
            {"id": path, "data": {"image": {"url": f"{here}/{path}"}}} for path in ("inside", "open/inside")
        ]
        response = client.ask("", {"inputs": given}, path="/v2/inputs")
        client.close()
    assert [one["status"]["code"] for one in response["inputs"]] == [30106, 30106]
    assert all("--allow-url-prefix" in one["status"]["details"] for one in response["inputs"])
    assert "Settings" not in str(response)
    assert asked == ["/open/inside"]
    assert len(photos) == 4


def test_a_name_that_leads_to_a_private_address_is_refused_after_it_is_looked_up(photos, monkeypatch):
    real, looked_up = socket.getaddrinfo, []

    def resolved(host, port, *args, **options):
        if host != "pictures.example.org":
            return real(host, port, *args, **options)
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with served(photos, grpc_port=None) as server:
        client = Rest(server)
        for url in ("http://pictures.example.org/a.png", "http://localhost/a.png"):
            status = ranked_by(client, url)["status"]
            assert (status["code"], PRIVATE in status["details"]) == (43002, True)
        client.close()
    assert looked_up == ["pictures.example.org"]


class TestUrlMap:
    def test_files_are_found_from_the_map_and_wherever_it_says(self, tmp_path):
        path = tmp_path / "maps" / "urls.json"
        path.parent.mkdir()
        path.write_text(f'{{"https://a.example/1": "one.png", "https://a.example/2": "{tmp_path}/two.png"}}')
        assert url_map(path) == {
            "https://a.example/1": path.parent / "one.png",
            "https://a.example/2": tmp_path / "two.png",
        }

    @pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "{'a': 'b'}", "\xff"])
    def test_what_is_no_map_is_refused(self, tmp_path, text):
        path = tmp_path / "urls.json"
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(QueryError, match=r"urls\.json"):
            url_map(path)
        with pytest.raises(QueryError, match="cannot be read"):
            url_map(tmp_path / "missing.json")

    def test_a_url_is_answered_from_its_file_to_the_letter(self, photos, tmp_path):
        (tmp_path / "dog.png").write_bytes(ORANGE)
        url = "http://10.0.0.7/dog.png"
        with served(photos, grpc_port=None, url_files={url: tmp_path / "dog.png"}) as server:
            client = Rest(server)
            assert ids(ranked_by(client, url))[0] == "orange"
            assert ranked_by(client, url + "?")["status"]["code"] == 43002
            client.close()
