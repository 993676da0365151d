"""GET, with the address checked before and limits on time, size and redirects.

The standard library's `http.client` is used because it takes a connected socket; the usual clients (requests,
httpx, urllib3) resolve the name again themselves. Proxies in the environment are not used: behind a proxy
the address that is reached cannot be checked. No cookies and no credentials are stored or sent.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from ...errors import InputError
from ...remedies import Advice, Remedy
from .addresses import is_public
from .timed import Deadline, TimedSocket
from .url import Url, parse_url, redirected, without_credentials

__all__ = ["fetch"]

_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {"User-Agent": "rank-toolkit", "Accept": "image/*,*/*;q=0.5", "Connection": "close"}
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class _Limits:
    deadline: Deadline
    max_bytes: int
    allowed: tuple[Url, ...]
    allowing: Callable[[str], Remedy]


def _in_settings(prefix: str) -> Remedy:
    return Remedy(f"add {prefix!r} to Settings.allow_urls", f"give --allow-url {prefix}")


def fetch(
    url: str,
    *,
    timeout: float,
    max_bytes: int,
    allow: Sequence[str] = (),
    allowing: Callable[[str], Remedy] = _in_settings,
) -> bytes:
    """What a web server answers to a GET request.

    Parameters
    ----------
    url : str
        ``http://`` or ``https://``, without a user name and password.
    timeout : float
        Seconds for everything together, redirects included. Only the system's resolver keeps its own limit.
    max_bytes : int
        The largest answer accepted.
    allow : sequence of str
        URL prefixes that may point to a private or loopback address, such as ``http://127.0.0.1:8000/``.
        Scheme, host and port must be equal, the path equal or below.
    allowing : callable
        From such a prefix to what the error says to do in order to allow it.

    Raises
    ------
    InputError
        A bad URL, no such host, an address that is not public, an answer other than 200, more than five
        redirects, one from https to http, a bad certificate, too slow, too large, or cut short.

    Examples
    --------
    >>> fetch("http://169.254.169.254/", timeout=1, max_bytes=1000)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    toolkit.errors.InputError: http://169.254.169.254/: 169.254.169.254 is not a public address; ...
    """
    limits = _Limits(Deadline(timeout), max_bytes, tuple(map(parse_url, allow)), allowing)
    here = url
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = _get(here, limits)
            if isinstance(answer, bytes):
                return answer
            here = redirected(here, answer)
    except InputError:
        raise
    except TimeoutError:
        raise InputError(
            without_credentials(here), f"no complete answer within {timeout:g} seconds"
        ) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise InputError(without_credentials(here), _reason(error)) from error
    raise InputError(without_credentials(url), f"more than {_MOST_REDIRECTS} redirects")


def _get(url: str, limits: _Limits) -> bytes | str:
    """The body of the answer, or where it redirects to."""
    place = parse_url(url)
    with closing(_connected(url, place, limits)) as sock, _answer(sock, place, limits) as response:
        there = response.headers["Location"]
        if response.status in _REDIRECTS and there:
            return str(there)
        if response.status != http.client.OK:
            words = http.client.responses.get(response.status, "")
            raise InputError(
                without_credentials(url), f"the server answered {response.status} {words}".rstrip()
            )
        return _body(response, url, limits.max_bytes)


def _connected(url: str, place: Url, limits: _Limits) -> socket.socket:
    addresses = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    if not any(prefix.covers(place) for prefix in limits.allowed):
        for *_, address in addresses:
            if not is_public(str(address[0])):
                refused = f"{address[0]} is not a public address; to allow it, "
                raise InputError(without_credentials(url), Advice(refused, limits.allowing(place.root)))
    sock = _first_reached(addresses, limits)
    if place.scheme == "http":
        return sock
    sock.settimeout(limits.deadline.seconds_left())
    return _tls().wrap_socket(sock, server_hostname=place.host)


def _first_reached(
    addresses: Sequence[tuple[int, int, int, str, tuple[object, ...]]], limits: _Limits
) -> socket.socket:
    failure: OSError = OSError("the host has no address")
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        try:
            # A share each, so that one silent address does not use up the time of the others.
            sock.settimeout(limits.deadline.seconds_left() / (len(addresses) - tried))
            sock.connect(address)
            return sock
        except OSError as error:
            sock.close()
            failure = error
    raise failure


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()  # reads the machine's certificates: some 20 ms


def _answer(sock: socket.socket, place: Url, limits: _Limits) -> http.client.HTTPResponse:
    connection = (
        http.client.HTTPSConnection(place.host, place.port, context=_tls())
        if place.scheme == "https"
        else http.client.HTTPConnection(place.host, place.port)
    )
    connection.sock = cast("socket.socket", TimedSocket(sock, limits.deadline))
    connection.request("GET", place.target, headers=_HEADERS)
    return connection.getresponse()


def _body(response: http.client.HTTPResponse, url: str, max_bytes: int) -> bytes:
    too_large = InputError(without_credentials(url), f"larger than the limit of {max_bytes} bytes")
    if (response.length or 0) > max_bytes:
        raise too_large
    received = bytearray()
    while piece := response.read(_PIECE):
        received += piece
        if len(received) > max_bytes:
            raise too_large
    if response.length:
        raise InputError(without_credentials(url), f"cut short: {response.length} bytes are missing")
    return bytes(received)


def _reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {error.verify_message}"
    if isinstance(error, http.client.IncompleteRead):
        return "cut short"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return f"not a proper HTTP answer ({type(error).__name__})"
