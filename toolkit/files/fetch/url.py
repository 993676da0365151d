"""A URL taken apart, and whether one lies below another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from ...errors import InputError

__all__ = ["Url", "parse_url", "redirected", "without_credentials"]

_PORTS = {"http": 80, "https": 443}
_URL_PUNCTUATION = "%/:=&?~+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Url:
    """A URL taken apart: where to connect, and what to ask for."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def root(self) -> str:
        """Scheme, host and port as a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/"

    @property
    def target(self) -> str:
        """What the request line asks for."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def covers(self, other: Url) -> bool:
        """Whether the other has the same scheme, host and port, and a path equal to this one or below it."""
        steps = unquote(other.path).replace("\\", "/").split("/")
        return (
            self.root == other.root
            and f"{other.path}/".startswith(self.path.rstrip("/") + "/")
            and not {".", ".."} & set(steps)
        )


def parse_url(url: str) -> Url:
    """The parts of a URL, ready to send: host in IDNA, path and query quoted.

    Raises
    ------
    InputError
        Not a URL, not http or https, or with a user name or password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        raise InputError(without_credentials(url), "not a proper URL") from None
    if parts.scheme not in _PORTS or not host:
        raise InputError(
            without_credentials(url), "only URLs of the form http://host/... and https://host/... are fetched"
        )
    if "@" in parts.netloc:
        raise InputError(
            without_credentials(url), "holds a user name or password, which the collection would store"
        )
    return Url(
        scheme=parts.scheme,
        host=host,
        port=port or _PORTS[parts.scheme],
        path=quote(parts.path, safe=_URL_PUNCTUATION) or "/",
        query=quote(parts.query, safe=_URL_PUNCTUATION),
    )


def redirected(here: str, there: str) -> str:
    """The URL that a ``Location`` header sends to; from https to http is refused.

    Parameters
    ----------
    here : str
        The URL that was asked.
    there : str
        The value of the ``Location`` header.

    Raises
    ------
    InputError
        It leads from https to http.
    """
    target = urljoin(here, there)
    if urlsplit(here).scheme == "https" and urlsplit(target).scheme != "https":
        raise InputError(without_credentials(here), f"redirects from https to {without_credentials(target)}")
    return target


def without_credentials(url: str) -> str:
    """The URL without a user name and password."""
    return re.sub(r"^(\s*\w*:?/*)[^/?#]*@", r"\1", url)
