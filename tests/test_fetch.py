"""A URL is fetched from the public Internet, or from where the user allowed, or refused with the reason."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from toolkit.errors import InputError
from toolkit.files.fetch import fetch, is_public
from toolkit.files.fetch.get import _tls
from toolkit.files.fetch.url import parse_url
from toolkit.images import decode

Answer = Callable[["Server"], None]


class Server(BaseHTTPRequestHandler):
    """Answers each path with what `routes` says."""

    routes: dict[str, Answer]

    def do_GET(self) -> None:
        self.routes[self.path](self)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def serving(tls: ssl.SSLContext | None = None, **routes: Answer) -> Iterator[str]:
    """The root URL of a server on the loopback address; a route's name is its path."""
    paths = {f"/{name}": answer for name, answer in routes.items()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Routed", (Server,), {"routes": paths}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # the client hangs up on purpose
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sends(status: int, body: bytes = b"", **headers: str) -> Answer:
    return lambda server: server.answer(status, body, **headers)


def got(url: str, *, allow: str | None = None, timeout: float = 5, max_bytes: int = 1000) -> bytes:
    return fetch(url, timeout=timeout, max_bytes=max_bytes, allow=[allow] if allow else [])


def refusal(url: str, **limits: object) -> str:
    with pytest.raises(InputError) as caught:
        got(url, **limits)
    return caught.value.reason


def test_what_the_server_sends_comes_back() -> None:
    with serving(photo=sends(200, b"content")) as root:
        assert got(f"{root}/photo", allow=root) == b"content"


def test_an_answer_in_chunks_and_one_without_a_length_come_back() -> None:
    def chunked(server: Server) -> None:
        server.protocol_version = "HTTP/1.1"
        server.send_response(200)
        server.send_header("Transfer-Encoding", "chunked")
        server.end_headers()
        server.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    def endless(server: Server) -> None:
        server.send_response(200)
        server.end_headers()
        server.wfile.write(b"abcde")

    with serving(chunked=chunked, endless=endless) as root:
        assert got(f"{root}/chunked", allow=root) == b"abcde"
        assert got(f"{root}/endless", allow=root) == b"abcde"


def test_path_and_query_arrive_quoted() -> None:
    seen = []

    def remember(server: Server) -> None:
        seen.append(server.path)
        server.answer(200)

    routes = {"%E7%8A%AC%20%20.jpg?q=%C3%A9&a=1": remember}
    with serving(**routes) as root:
        got(f"{root}/犬 %20.jpg?q=é&a=1#part", allow=root)
    assert seen == ["/%E7%8A%AC%20%20.jpg?q=%C3%A9&a=1"]


def test_the_request_says_who_asks_and_carries_no_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def first(server: Server) -> None:
        server.answer(302, Location="/second", **{"Set-Cookie": "id=1"})

    def second(server: Server) -> None:
        seen.append(dict(server.headers))
        server.answer(200)

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(first=first, second=second) as root:
        got(f"{root}/first", allow=root)
        assert seen == [
            {
                "Host": root.removeprefix("http://"),
                "Accept-Encoding": "identity",
                "User-Agent": "rank-toolkit",
                "Accept": "image/*,*/*;q=0.5",
                "Connection": "close",
            }
        ]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "the server answered 404 Not Found"),
        (500, "the server answered 500 Internal Server Error"),
        (204, "the server answered 204 No Content"),
        (302, "the server answered 302 Found"),  # to nowhere
        (799, "the server answered 799"),
    ],
)
def test_an_answer_other_than_ok_is_refused(status: int, reason: str) -> None:
    with serving(photo=sends(status)) as root:
        assert refusal(f"{root}/photo", allow=root) == reason


def test_what_is_too_large_is_refused_by_what_it_says_and_by_what_it_sends() -> None:
    def silent(server: Server) -> None:
        server.send_response(200)
        server.end_headers()
        server.wfile.write(b"x" * 1001)

    says = sends(200, b"", **{"Content-Length": "1001"})
    with serving(says=says, silent=silent, fits=sends(200, b"x" * 1000)) as root:
        assert refusal(f"{root}/says", allow=root) == "larger than the limit of 1000 bytes"
        assert refusal(f"{root}/silent", allow=root) == "larger than the limit of 1000 bytes"
        assert len(got(f"{root}/fits", allow=root)) == 1000


def test_less_than_it_says_is_refused_and_more_is_not_read() -> None:
    less = sends(200, b"abc", **{"Content-Length": "10"})
    more = sends(200, b"abcdef", **{"Content-Length": "3"})
    with serving(less=less, more=more) as root:
        assert refusal(f"{root}/less", allow=root).startswith("cut short")
        assert got(f"{root}/more", allow=root) == b"abc"


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_server_that_drips_is_given_up_in_time(part: str) -> None:
    def drip(server: Server) -> None:
        server.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if part == "body" else b"X: "))
        for _ in range(200):
            server.wfile.write(b"x")
            time.sleep(0.02)

    with serving(photo=drip) as root:
        assert refusal(f"{root}/photo", allow=root, timeout=0.2) == "no complete answer within 0.2 seconds"


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        root = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert refusal(root, allow=root, timeout=0.1) == "no complete answer within 0.1 seconds"


def test_a_closed_port_and_an_unknown_host_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert refusal(f"http://127.0.0.1:{port}", allow=f"http://127.0.0.1:{port}") == "connection refused"
    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # some networks answer for every name
    assert refusal("http://no-such-host.invalid/a.jpg") == "no such host"


def test_an_answer_that_is_not_http_is_refused() -> None:
    def nonsense(server: Server) -> None:
        server.wfile.write(b"SSH-2.0-OpenSSH\r\n")

    with serving(photo=nonsense) as root:
        assert refusal(f"{root}/photo", allow=root) == "not a proper HTTP answer (BadStatusLine)"


def test_what_is_not_a_picture_is_refused_when_it_is_opened() -> None:
    page = sends(200, b"<!DOCTYPE html><title>Please log in</title>", **{"Content-Type": "image/jpeg"})
    with serving(photo=page) as root:
        encoded = got(f"{root}/photo", allow=root)
        with pytest.raises(InputError, match="/photo: HTML files are not opened"):
            decode(encoded, uri=f"{root}/photo", working_size=None, max_pixels=100)


def test_redirects_are_followed_five_times_at_most() -> None:
    hops = {f"hop{n}": sends(302, Location=f"/hop{n + 1}") for n in range(6)}
    with serving(**hops, hop6=sends(200, b"content"), circle=sends(301, Location="circle")) as root:
        assert got(f"{root}/hop1", allow=root) == b"content"
        assert refusal(f"{root}/hop0", allow=root) == "more than 5 redirects"
        assert refusal(f"{root}/circle", allow=root) == "more than 5 redirects"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254 is not a public address"),
        ("//[::1]/", "::1 is not a public address"),
        ("file:///etc/passwd", "only URLs of the form"),
        ("http://user:secret@example.org/", "holds a user name or password"),
    ],
)
def test_a_redirect_is_checked_like_the_first_url(target: str, reason: str) -> None:
    with serving(photo=sends(302, Location=target)) as root, pytest.raises(InputError) as caught:
        got(f"{root}/photo", allow=root)
    assert caught.value.reason.startswith(reason)
    assert "secret" not in str(caught.value)


def test_a_redirect_from_an_allowed_server_to_another_port_is_refused() -> None:
    with (
        serving(photo=sends(200, b"private")) as private,
        serving(photo=sends(302, Location=f"{private}/photo")) as root,
    ):
        assert refusal(f"{root}/photo", allow=root).startswith("127.0.0.1 is not a public address")


def test_the_refusal_says_what_to_allow() -> None:
    assert refusal("http://127.0.0.1:8123/a.jpg") == (
        "127.0.0.1 is not a public address; to allow it, add 'http://127.0.0.1:8123/' to Settings.allow_urls"
    )


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "0", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    assert "is not a public address" in refusal(f"http://{host}:9/")


def test_a_host_is_resolved_once_and_the_checked_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def rebinding(host: str, port: int, **kind: int) -> list[tuple[object, ...]]:
        asked.append(host)
        return [
            (
                socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port),
            )
        ]

    with serving(photo=sends(200, b"content")) as root:
        port = root.rpartition(":")[2]
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        assert got(f"http://photos.example:{port}/photo", allow=f"http://photos.example:{port}") == b"content"
    assert asked == ["photos.example"]


def test_a_host_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
    assert refusal("http://photos.example/").startswith("10.0.0.1 is not a public address")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "only URLs of the form"),
        ("photo.jpg", "only URLs of the form"),
        ("ftp://example.org/a.jpg", "only URLs of the form"),
        ("http://", "only URLs of the form"),
        ("http:///a.jpg", "only URLs of the form"),
        ("http://[::1/", "not a proper URL"),
        ("http://example.org:99999/", "not a proper URL"),
        (f"http://{'x' * 64}.org/", "not a proper URL"),
        ("http://user:secret@example.org/", "holds a user name or password"),
        ("http://127.0.0.1:8000@example.org/", "holds a user name or password"),
    ],
)
def test_what_is_not_a_plain_web_url_is_refused_without_showing_its_password(url: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        got(url)
    assert caught.value.reason.startswith(reason)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("prefix", "url", "allowed"),
    [
        ("http://127.0.0.1:80", "http://127.0.0.1/a.jpg", True),
        ("http://127.0.0.1:80", "http://127.0.0.1:8000/a.jpg", False),
        ("http://127.0.0.1", "http://127.0.0.1.example.org/", False),
        ("http://127.0.0.1", "https://127.0.0.1/", False),
        ("http://LOCALHOST:8000", "HTTP://localhost:8000/a?b#c", True),
        ("http://[::1]:8000/", "http://[::1]:8000/a.jpg", True),
        ("http://h/photos", "http://h/photos/a.jpg", True),
        ("http://h/photos/", "http://h/photos", True),
        ("http://h/photos", "http://h/photos-private/a.jpg", False),
        ("http://h/photos", "http://h/private/a.jpg", False),
        ("http://h/photos", "http://h/photos/../private/a.jpg", False),
        ("http://h/photos", "http://h/photos/%2e%2E/private/a.jpg", False),
        ("http://h/photos", "http://h/photos/..%5cprivate/a.jpg", False),
    ],
)
def test_a_prefix_allows_the_same_server_and_what_is_below_its_path(
    prefix: str, url: str, allowed: bool
) -> None:
    assert parse_url(prefix).covers(parse_url(url)) is allowed


PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254"),
    *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::1"),
    *("2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0"),
    *("fec0::1", "ff02::1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_a_network_of_its_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.1.0.1", "223.255.255.255", "2606:4700::1", "2a00::1"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of its own for localhost, with its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "only.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "only.pem").read_bytes())
    return both


@contextmanager
def serving_tls(certificate: Path, names: list[str | None], **routes: Answer) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: names.append(name)
    with serving(context, **routes) as root:
        yield root.replace("127.0.0.1", "localhost")


def test_a_self_signed_certificate_is_refused(certificate: Path) -> None:
    with serving_tls(certificate, [], photo=sends(200)) as root:
        assert refusal(f"{root}/photo", allow=root).startswith("its certificate does not hold: self")


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    _tls.cache_clear()
    yield
    _tls.cache_clear()


def test_a_trusted_certificate_is_accepted_for_the_name_in_the_url_only(
    certificate: Path, trusted: None
) -> None:
    names: list[str | None] = []
    with serving_tls(certificate, names, photo=sends(200, b"content")) as root:
        assert got(f"{root}/photo", allow=root) == b"content"
        by_address = root.replace("localhost", "127.0.0.1")
        assert refusal(f"{by_address}/photo", allow=by_address).startswith("its certificate does not hold")
    assert names == ["localhost", None]


def test_a_redirect_from_https_to_http_is_refused(certificate: Path, trusted: None) -> None:
    with serving_tls(certificate, [], photo=sends(302, Location="http://example.org/a.jpg")) as root:
        assert refusal(f"{root}/photo", allow=root) == "redirects from https to http://example.org/a.jpg"
