"""What is left to do: sources that were never read, and inputs that lack what the workflow asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from ..images import digest
from ..interfaces import Record
from ..resources import Resources
from ..sources import is_url, location
from ..store import SeenFile
from .computing import Job
from .report import Failure

__all__ = ["chunks", "missing_jobs", "new_jobs", "stamp"]

CHUNK = 1024  # how many sources are looked up in the store at once

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of a size; the last may be shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def stamp(uri: str) -> SeenFile:
    """How a file looks now, so that a later run sees whether it changed; all zero for what is no file."""
    try:
        status = Path(uri).stat()
    except (OSError, ValueError):
        return SeenFile(uri, 0, 0)
    return SeenFile(uri, status.st_size, status.st_mtime_ns)


def new_jobs(
    records: Iterable[Record], needs: tuple[str, ...], resources: Resources
) -> Iterator[Job | Failure | None]:
    """A job for every source that is new or changed; None for one that is there, a failure for one known to be bad."""
    for chunk in chunks(records, CHUNK):
        named = [(_uri(record), record) for record in chunk]
        seen = resources.store.seen_files(uri for uri, _ in named)
        for uri, record in named:
            known = seen.get(uri)
            if known is None or _changed(known, uri):
                boxes = tuple(dict.fromkeys(detection.box for detection in record.regions))
                yield Job(record, uri, needs, boxes=boxes)
            else:
                yield Failure(uri, known.reason) if known.reason else None


def _changed(known: SeenFile, uri: str) -> bool:
    if is_url(
        uri
    ):  # asked for again, a page that failed may be there; one that was read is not fetched again
        return known.reason is not None
    now = stamp(uri)
    return (now.size, now.modified_ns) != (known.size, known.modified_ns)


def _uri(record: Record) -> str:
    if isinstance(record.source, bytes):
        return f"bytes:{digest(record.source)}"
    if is_url(record.source):
        return record.source
    path = str(Path(record.source).expanduser().absolute())
    # A name that is not Unicode cannot be written to a store as it is.
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")


def missing_jobs(components: Sequence[str], resources: Resources) -> Iterator[Job]:
    """A job for every input that a component has not run over yet, in order of creation."""
    needs: dict[int, list[str]] = defaultdict(list)
    for component in components:
        for key in resources.store.missing(component):
            needs[key].append(component)
    for keys in chunks(sorted(needs), CHUNK):
        yield from _jobs_of(keys, needs, resources)


def _jobs_of(keys: Sequence[int], needs: dict[int, list[str]], resources: Resources) -> Iterator[Job]:
    store = resources.store
    boxes = defaultdict(list)
    for region in store.regions_of(keys):
        if region.box is not None:
            boxes[region.input_key].append(region.box)
    for key, one in zip(keys, store.inputs(keys), strict=True):
        source = location(one, resources.originals)
        yield Job(Record(source), one.uri, tuple(needs[key]), key=key, boxes=tuple(boxes[key]))
