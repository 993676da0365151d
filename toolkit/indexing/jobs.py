"""What is left to do: sources that were never read, and inputs that lack what the workflow asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from ..files.origins import is_original, location, path_of, uri_of
from ..plugins.interfaces import Record
from ..resources import Resources
from ..store import SeenFile
from ..values.types import Box, Input
from .job import Job, KnownInput
from .report import Failure

__all__ = ["CHUNK", "chunks", "missing_jobs", "needs_of_inputs", "new_jobs", "region_jobs"]

# How many sources are looked up in the store at once: few, for each may be the bytes of a picture.
CHUNK = 64

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of a size; the last may be shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def new_jobs(
    records: Iterable[Record], needs: tuple[str, ...], resources: Resources
) -> Iterator[Job | KnownInput | Failure]:
    """For every source a job if it is new or changed, a failure if it is as bad as before, else what it is known as."""
    for chunk in chunks(records, CHUNK):
        named = [(uri_of(record.origin), record) for record in chunk]
        seen = resources.store.files.seen(uri for uri, _ in named)
        keys = {seen[uri].input_key for uri, record in named if uri in seen and (record.id or record.regions)}
        there = _there([key for key in keys if key is not None], resources)
        for uri, record in named:
            known = seen.get(uri)
            if known is None or _changed(known):
                yield Job(record, _stamp(uri), needs, boxes=_boxes(record))
            elif known.input_key is None:
                yield Failure(uri, known.reason or "")
            else:
                again = KnownInput(known.input_key, uri, record)
                yield _read_again(again, there.get(again.key), needs, resources) or again


def needs_of_inputs(components: Iterable[str], resources: Resources) -> dict[int, tuple[str, ...]]:
    """By key, the components that have not run over an input yet; inputs that lack none are left out."""
    needs: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for component in components:
        for key in resources.store.progress.missing(component):
            needs[key] += (component,)
    return needs


def missing_jobs(needs: Mapping[int, tuple[str, ...]], resources: Resources) -> Iterator[Job]:
    """A job for every input that lacks something, in order of creation."""
    for keys in chunks(sorted(needs), CHUNK):
        for key, one in _there(keys, resources).items():
            yield replace(_job_of(key, one, resources), needs=needs[key])


def region_jobs(wanted: Mapping[int, Iterable[Box]], resources: Resources) -> Iterator[Job]:
    """A job for every input with a box that is no region yet."""
    for keys in chunks(wanted, CHUNK):
        for key, one in _there(keys, resources).items():
            if fresh := tuple(box for box in dict.fromkeys(wanted[key]) if box not in one.boxes):
                yield replace(_job_of(key, one, resources), unembedded=fresh)


@dataclass(frozen=True, slots=True)
class _There:
    input: Input
    boxes: tuple[Box, ...]


def _there(keys: Sequence[int], resources: Resources) -> dict[int, _There]:
    """Some inputs with the boxes on them, by key."""
    if not keys:
        return {}
    boxes: defaultdict[int, list[Box]] = defaultdict(list)
    with resources.store.read():
        inputs = resources.store.inputs.by_key(keys)
        for region in resources.store.regions.on_inputs(keys):
            if region.box is not None:
                boxes[region.input_key].append(region.box)
    return {key: _There(one, tuple(boxes[key])) for key, one in zip(keys, inputs, strict=True)}


def _job_of(key: int, there: _There, resources: Resources) -> Job:
    """A job of an input that is there, with nothing to do yet."""
    record = Record(location(there.input, resources.originals))
    seen = SeenFile(there.input.uri, 0, 0)
    return Job(record, seen, (), key, there.input.sha256, there.boxes)


def _read_again(
    known: KnownInput, there: _There | None, needs: tuple[str, ...], resources: Resources
) -> Job | None:
    """A job for a picture that is given another id now, or a box that is new; else None."""
    record = known.record
    if there is None:
        return None
    if record.id not in (None, there.input.id):
        return Job(record, _stamp(known.uri), needs, boxes=_boxes(record))
    fresh = tuple(box for box in _boxes(record) if box not in there.boxes)
    if not fresh:
        return None
    job = _job_of(known.key, there, resources)
    return replace(job, record=replace(record, origin=job.record.origin), unembedded=fresh)


def _boxes(record: Record) -> tuple[Box, ...]:
    return tuple(dict.fromkeys(region.box for region in record.regions))


def _changed(known: SeenFile) -> bool:
    if is_original(known.uri):
        # A page that failed may be there now; what was read once is not fetched again.
        return known.input_key is None and not known.uri.startswith("bytes:")
    now = _stamp(known.uri)
    return (now.size, now.modified_ns) != (known.size, known.modified_ns)


def _stamp(uri: str) -> SeenFile:
    """How a file looks now, so that a later run sees whether it changed; all zero for what is no file."""
    try:
        status = Path(path_of(uri)).stat()
    except (OSError, ValueError):
        return SeenFile(uri, 0, 0)
    return SeenFile(uri, status.st_size, status.st_mtime_ns)
