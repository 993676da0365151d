"""Limits on requests."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a server; a request beyond one is refused with a status of its own.

    Parameters
    ----------
    body_bytes : int
        The largest request.
    parts : int
        Of how many messages inside messages a request may consist: concepts, regions, metadata keys and the like.
    picture_bytes : int
        The largest picture in a request or behind a URL in one.
    picture_pixels : int
        The largest picture once decoded; more is taken for a decompression bomb.
    fetch_seconds : float
        How long the server of a picture's URL may take, redirects included.
    body_seconds : float
        How long a client may take to send the body of its request.
    answer_seconds : float
        How long an answer may take.
    workers : int
        How many requests are worked on at once.
    waiting : int
        How many more may wait for a worker; beyond, a client is refused and may try again.
    connections : int
        How many REST connections may be open.
    apps : int
        How many applications clients may make.
    """

    body_bytes: int = 64 * 2**20
    parts: int = 20_000
    picture_bytes: int = 20 * 2**20
    picture_pixels: int = 100_000_000
    fetch_seconds: float = 10.0
    body_seconds: float = 30.0
    answer_seconds: float = 60.0
    workers: int = 8
    waiting: int = 120
    connections: int = 500
    apps: int = 64
