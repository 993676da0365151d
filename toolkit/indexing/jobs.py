"""What is left to do: sources that were never read, and inputs that lack what the workflow asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from ..interfaces import Record
from ..resources import Resources
from ..sources import is_url, location, path_of, uri_of
from ..store import SeenFile
from ..types import Box, Input
from .report import Failure

__all__ = ["Job", "Known", "chunks", "missing_jobs", "new_jobs", "stamp"]

# How many sources are looked up in the store at once: few, for each may be the bytes of a picture.
CHUNK = 64

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to read, and which models it still needs.

    Parameters
    ----------
    record : Record
        Where it is, and what is known of it.
    uri : str
        Its name in the store and in reports.
    needs : tuple of str
        Names of components.
    key : int or None
        Its key in the store; None for a new input.
    sha256 : str
        What its content has to be; empty for a new input.
    boxes : tuple of Box
        Regions that exist already, or come with the record.
    unembedded : tuple of Box
        Regions to embed although the input has been embedded before.
    """

    record: Record
    uri: str
    needs: tuple[str, ...]
    key: int | None = None
    sha256: str = ""
    boxes: tuple[Box, ...] = ()
    unembedded: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A source whose picture is there already.

    Parameters
    ----------
    key : int
        Of the input.
    record : Record
        What is said of it now.
    """

    key: int
    record: Record


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of a size; the last may be shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def stamp(uri: str) -> SeenFile:
    """How a file looks now, so that a later run sees whether it changed; all zero for what is no file."""
    try:
        status = Path(path_of(uri)).stat()
    except (OSError, ValueError):
        return SeenFile(uri, 0, 0)
    return SeenFile(uri, status.st_size, status.st_mtime_ns)


def new_jobs(
    records: Iterable[Record], needs: tuple[str, ...], resources: Resources
) -> Iterator[Job | Known | Failure]:
    """For every source: a job if it is new or changed, a failure if it is as bad as before, or what it is known as."""
    for chunk in chunks(records, CHUNK):
        named = [(uri_of(record.source), record) for record in chunk]
        seen = resources.store.seen_files(uri for uri, _ in named)
        detailed = [seen[uri].input_key for uri, record in named if uri in seen and (record.id or record.regions)]
        there = _there([key for key in detailed if key is not None], resources)
        for uri, record in named:
            known = seen.get(uri)
            if known is None or _changed(known):
                yield Job(record, uri, needs, boxes=_boxes(record))
            elif known.input_key is None:
                yield Failure(uri, known.reason or "")
            else:
                yield _known(Known(known.input_key, record), there.get(known.input_key), uri, needs, resources)


def missing_jobs(components: Sequence[str], resources: Resources) -> Iterator[Job]:
    """A job for every input that a component has not run over yet, in order of creation."""
    needs: dict[int, list[str]] = defaultdict(list)
    for component in components:
        for key in resources.store.missing(component):
            needs[key].append(component)
    for keys in chunks(sorted(needs), CHUNK):
        for key, one in _there(keys, resources).items():
            source = location(one.input, resources.originals)
            yield Job(
                Record(source), one.input.uri, tuple(needs[key]), key, one.input.sha256, boxes=one.boxes
            )


@dataclass(frozen=True, slots=True)
class _There:
    input: Input
    boxes: tuple[Box, ...]


def _there(keys: Sequence[int], resources: Resources) -> dict[int, _There]:
    """Some inputs with the boxes on them, by key."""
    if not keys:
        return {}
    with resources.store.read():
        inputs = resources.store.inputs(keys)
        boxes: defaultdict[int, list[Box]] = defaultdict(list)
        for region in resources.store.regions_of(keys):
            if region.box is not None:
                boxes[region.input_key].append(region.box)
    return {key: _There(one, tuple(boxes[key])) for key, one in zip(keys, inputs, strict=True)}


def _known(
    known: Known, there: _There | None, uri: str, needs: tuple[str, ...], resources: Resources
) -> Job | Known:
    """A picture that is there is read again only for another id, or for a box that is new."""
    record = known.record
    if there is None:
        return known
    if record.id not in (None, there.input.id):
        return Job(record, uri, needs, boxes=_boxes(record))
    fresh = tuple(box for box in _boxes(record) if box not in there.boxes)
    if not fresh:
        return known
    source = location(there.input, resources.originals)
    return Job(
        replace(record, source=source), uri, (), known.key, there.input.sha256, there.boxes, unembedded=fresh
    )


def _boxes(record: Record) -> tuple[Box, ...]:
    return tuple(dict.fromkeys(region.box for region in record.regions))


def _changed(known: SeenFile) -> bool:
    if is_url(known.uri) and path_of(known.uri) == known.uri:
        return known.input_key is None  # what failed may be there now; what was read is not fetched again
    now = stamp(known.uri)
    return (now.size, now.modified_ns) != (known.size, known.modified_ns)
