"""What is left to do: records that were never read, and inputs that lack what the workflow asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import InputError
from ..files.origins import is_file, uri_of
from ..files.places import stamp_of
from ..images import stored_orientation
from ..plugins.interfaces import Record
from ..resources import Resources
from ..store import SeenFile
from ..values.chunks import chunks
from ..values.types import Box, Input, Json
from .job import Job, KnownInput
from .placing import Placed, placed
from .report import Failure
from .sure_detections import counting

__all__ = [
    "CHUNK",
    "classifying_jobs",
    "missing_jobs",
    "needs_of_inputs",
    "new_jobs",
    "region_jobs",
]

# How many sources are looked up in the store at once: few, for each may be the bytes of a picture.
CHUNK = 64


def new_jobs(
    records: Iterable[Record | Failure], needs: tuple[str, ...], resources: Resources
) -> Iterator[Job | KnownInput | Failure]:
    """For each record a job if it is new or changed, a failure if it failed before, else the stored input.

    Parameters
    ----------
    records : iterable of Record or Failure
        What an importer reads; its failures are passed on.
    needs : tuple of str
        Names of the components that a new input needs.
    resources : Resources
        The open collection.
    """
    for chunk in chunks(records, CHUNK):
        yield from (one for one in chunk if isinstance(one, Failure))
        named = [(uri_of(record.origin), record) for record in chunk if isinstance(record, Record)]
        seen = resources.store.files.seen([uri for uri, _ in named])
        looked_at = (uri for uri, record in named if uri in seen and (record.id or record.is_labeled))
        keys = {seen[uri].input_key for uri in looked_at}
        there = _there([key for key in keys if key is not None], resources)
        for uri, record in named:
            known = seen.get(uri)
            if known is None or _changed(known) or not (known.reason or known.input_key):
                yield Job(record, _stamp(uri), needs, before=known)
            elif known.input_key is None:
                yield Failure(uri, known.reason or "", labels=record.count)
            else:
                elsewhere = known.sha256 or "" if known.input_uri != uri else ""
                again = KnownInput(known.input_key, uri, record, elsewhere=elsewhere)
                yield _again(again, there.get(again.key), needs, resources)


def needs_of_inputs(components: Iterable[str], resources: Resources) -> dict[int, tuple[str, ...]]:
    """By key, the components that have not run over an input yet; inputs that lack none are left out.

    Parameters
    ----------
    components : iterable of str
        Names as `Workflow.components` gives them.
    resources : Resources
        The open collection.
    """
    needs: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for component in components:
        for key in resources.store.progress.missing(component):
            needs[key] += (component,)
    return needs


def missing_jobs(needs: Mapping[int, tuple[str, ...]], resources: Resources) -> Iterator[Job]:
    """A job for every input that lacks something, in order of creation.

    Parameters
    ----------
    needs : mapping of int to tuple of str
        By the key of an input, the names of components that have not run over it.
    resources : Resources
        The open collection.
    """
    for keys in chunks(sorted(needs), CHUNK):
        for key, one in _there(keys, resources).items():
            yield replace(_job_of(key, one), needs=needs[key])


def region_jobs(wanted: Mapping[int, Iterable[Box]], resources: Resources) -> Iterator[Job]:
    """A job for every input with a box that is no region yet.

    Parameters
    ----------
    wanted : mapping of int to iterable of Box
        The boxes wanted on each input, by its key.
    resources : Resources
        The open collection.
    """
    for keys in chunks(wanted, CHUNK):
        for key, one in _there(keys, resources).items():
            if fresh := tuple(box for box in dict.fromkeys(wanted[key]) if box not in one.boxes):
                yield replace(_job_of(key, one), unembedded=fresh)


def classifying_jobs(
    wanted: Mapping[int, Mapping[str, Collection[Box]]], resources: Resources
) -> Iterator[Job]:
    """A job for every input with regions that a concept model is to look at; regions that do not count are left out.

    Parameters
    ----------
    wanted : mapping of int to mapping of str to collection of Box
        By the key of an input, the boxes that each component is to look at.
    resources : Resources
        The open collection.
    """
    for keys in chunks(sorted(wanted), CHUNK):
        for key, one in _there(keys, resources).items():
            counting = {
                name: boxes
                for name, among in wanted[key].items()
                if (boxes := tuple(box for box in one.boxes if box in among))
            }
            if counting:
                yield replace(_job_of(key, one), unclassified=counting)


@dataclass(frozen=True, slots=True)
class _There:
    input: Input
    boxes: tuple[Box, ...]  # that count: the others are not embedded
    paths: tuple[str, ...]


def _there(keys: Sequence[int], resources: Resources) -> dict[int, _There]:
    """Some inputs with the boxes on them, by key."""
    if not keys:
        return {}
    boxes: defaultdict[int, list[Box]] = defaultdict(list)
    with resources.store.read():
        inputs = resources.store.inputs.by_key(keys)
        for region in counting(resources.store.regions.on_inputs(keys), resources):
            if region.box is not None:
                boxes[region.input_key].append(region.box)
        files = resources.files(inputs)
    return {
        key: _There(one, tuple(boxes[key]), file.places)
        for key, one, file in zip(keys, inputs, files, strict=True)
    }


def _job_of(key: int, there: _There) -> Job:
    """A job of an input that is there, with nothing to do yet."""
    seen = SeenFile(there.input.uri, 0, 0)
    return Job(Record(there.paths[0]), seen, (), key, there.input.sha256, there.paths, there.boxes)


def _again(
    known: KnownInput, there: _There | None, needs: tuple[str, ...], resources: Resources
) -> Job | KnownInput | Failure:
    """A job for a picture that is given another id now, or a box to embed that is new; else its labels."""
    record = known.record
    if there is None:
        return known
    if record.id not in (None, there.input.id):
        return Job(record, _stamp(known.uri), needs)
    try:
        labels = _placed(record, there.input, resources).snapped(there.boxes)
    except InputError as error:
        return Failure(known.uri, error.reason, labels=record.count)
    metadata = _metadata(record, there.input)
    fresh = tuple(box for box in labels.boxes if box not in there.boxes)
    if fresh and any(name.startswith("embedder:") for name in needs):
        job = _job_of(known.key, there)
        at_home = replace(record, origin=job.record.origin)
        return replace(job, record=at_home, unembedded=fresh, placed=labels, metadata=metadata)
    return replace(known, placed=labels, metadata=metadata)


def _placed(record: Record, one: Input, resources: Resources) -> Placed:
    def orientation() -> int:
        decoders = resources.registry.decoders
        return stored_orientation(resources.encoded(one), uri=one.uri, decoders=decoders)

    return placed(record, width=one.width, height=one.height, orientation=orientation)


def _metadata(record: Record, one: Input) -> dict[str, Json] | None:
    """What a label file says of a picture goes beside what is known of it; None if that is nothing new."""
    both = {**one.metadata, **record.metadata}
    return both if record.label_file and both != one.metadata else None


def _changed(known: SeenFile) -> bool:
    if not is_file(known.uri):
        # A page that failed may be there now; what was read once is not fetched again.
        return known.input_key is None and not known.uri.startswith("bytes:")
    return stamp_of(known.uri) != (known.size, known.modified_ns)


def _stamp(uri: str) -> SeenFile:
    return SeenFile(uri, *stamp_of(uri))
