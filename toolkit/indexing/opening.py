"""The first half of a worker's task: the file of a job read, named by its content, and decoded once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..errors import InputError
from ..files.contents import sha256_of
from ..files.origins import in_object_store, is_original, read_origin
from ..files.places import read_content
from ..images import Picture, decode, thumbnail
from ..plugins.registry import Registry
from ..values.settings import Settings
from .job import Job
from .placing import Placed, placed
from .report import Failure

__all__ = ["Opened", "open_pictures"]

AT_ONCE = 8  # files that are on their way from other machines


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture that models can look at.

    Parameters
    ----------
    job : Job
        What asks for it.
    picture : Picture
        Decoded, upright, no larger than the working size.
    sha256 : str
        Of the file.
    placed : Placed
        The labels of the job's record, on the upright picture.
    thumbnail : bytes
        JPEG; empty for an input that has one.
    fetched : bytes
        The file, if it came from a URL; the collection stores a copy.
    """

    job: Job
    picture: Picture
    sha256: str
    placed: Placed
    thumbnail: bytes = b""
    fetched: bytes = b""


def open_pictures(jobs: Sequence[Job], settings: Settings, registry: Registry) -> list[Opened | Failure]:
    """The picture of each job, or why its file cannot be read; files on other machines are read several at a time.

    Parameters
    ----------
    jobs : sequence of Job
        Whose.
    settings : Settings
        Limits and sizes.
    registry : Registry
        Whose plugins open URIs of their own schemes, and decode formats of their own.
    """
    if len(jobs) > 1 and any(map(_is_elsewhere, jobs)):
        with ThreadPoolExecutor(min(AT_ONCE, len(jobs))) as pool:
            files = list(pool.map(lambda job: _read(job, settings, registry), jobs))
        return [_opened(*one, settings, registry) for one in zip(jobs, files, strict=True)]
    return [_opened(job, _read(job, settings, registry), settings, registry) for job in jobs]


def _opened(job: Job, encoded: bytes | Failure, settings: Settings, registry: Registry) -> Opened | Failure:
    if isinstance(encoded, Failure):
        return encoded
    try:
        picture = decode(
            encoded,
            uri=job.uri,
            working_size=settings.working_size,
            max_pixels=settings.max_pixels,
            decoders=registry.decoders,
        )
    except InputError as error:
        return Failure(job.uri, error.reason)
    labels = job.placed or placed(
        job.record,
        width=picture.width,
        height=picture.height,
        orientation=lambda: picture.orientation,
    )
    return Opened(
        job,
        picture,
        job.sha256 or sha256_of(encoded),
        labels,
        thumbnail=b"" if job.key else thumbnail(picture.image, settings.thumbnail),
        fetched=encoded if _is_fetched(job) else b"",
    )


def _is_elsewhere(job: Job) -> bool:
    """Whether the first place that is tried is on another machine."""
    place = job.paths[0] if job.paths else job.record.origin
    return isinstance(place, str) and "://" in place


def _read(job: Job, settings: Settings, registry: Registry) -> bytes | Failure:
    try:
        if job.paths:
            return read_content(job.paths, job.sha256, uri=job.uri, max_bytes=settings.max_bytes)
        return read_origin(job.record.origin, settings, registry)
    except InputError as error:
        return Failure(job.uri, error.reason, may_pass=_may_pass(error, job))


def _may_pass(error: InputError, job: Job) -> bool:
    """Whether a file may be readable another time: it says so itself, or its library has an error of its own."""
    cause = error.__cause__
    return isinstance(cause, OSError) or (cause is not None and in_object_store(job.uri))


def _is_fetched(job: Job) -> bool:
    return job.key is None and isinstance(job.record.origin, str) and is_original(job.record.origin)
