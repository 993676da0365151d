"""Authorization by a token."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from .statuses import Refused

__all__ = ["authorize"]


def authorize(headers: Mapping[str, str], token: str | None) -> None:
    """Check the token of a call; without a token set, every call passes.

    Parameters
    ----------
    headers : mapping of str to str
        Names in lower case.
    token : str or None
        The one token there is.

    Raises
    ------
    Refused
        11008: no key, or a wrong one.
    """
    if token is None:
        return
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme != "Key":
        given = headers.get("x-clarifai-session-token", "")
    if not given:
        raise Refused(StatusCode.CONN_KEY_INVALID, "send the server's token as 'Authorization: Key <token>'")
    # The time it takes must not tell how much of a guess was right.
    if not hmac.compare_digest(given.strip().encode(errors="replace"), token.encode(errors="replace")):
        raise Refused(StatusCode.CONN_KEY_INVALID, "that is not this server's token")
