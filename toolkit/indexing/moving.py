"""Pictures that were moved, renamed or replaced: where the file of each input is read from now on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..files.origins import is_file, is_original
from ..files.places import stamp_of
from ..resources import Resources
from ..store import SeenFile
from .job import Job

__all__ = ["Moves", "moves_of", "replaced_by"]


@dataclass(frozen=True, slots=True)
class Moves:
    """What became of the places of some inputs.

    Parameters
    ----------
    moved : mapping of int to str
        By the key of an input, the place it is read at now.
    replaced : tuple of str
        The places that hold another picture now, of inputs that are nowhere else.
    """

    moved: Mapping[int, str] = field(default_factory=dict)
    replaced: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to say in a report."""
        return tuple(
            f"{uri}: holds another picture now; the one before is in the collection without its file"
            for uri in self.replaced
        )


def replaced_by(jobs: Iterable[tuple[Job, str]]) -> dict[str, SeenFile]:
    """What was at some places before, by content, where there is another content now.

    Parameters
    ----------
    jobs : iterable of (Job, str)
        Jobs that are done, each with the content that is there now; empty where nothing can be read.
    """
    return {
        job.before.sha256: job.before
        for job, sha256 in jobs
        if job.before is not None and job.before.sha256 and job.before.sha256 != sha256
    }


def moves_of(
    found: Mapping[str, str], resources: Resources, *, replaced: Mapping[str, SeenFile] | None = None
) -> Moves:
    """The inputs whose own place lost their content, and where it is now.

    Parameters
    ----------
    found : mapping of str to str
        By content, a place at which it was seen just now.
    resources : Resources
        The open collection.
    replaced : mapping of str to SeenFile, optional
        By content, a place at which there is another one now.
    """
    replaced = replaced or {}
    contents = {*found, *replaced}
    if not contents:
        return Moves()
    with resources.store.read():
        inputs = resources.store.inputs.places_by_content(contents)
        places = resources.store.files.places(contents)
    moved: dict[int, str] = {}
    gone: list[str] = []
    for key, sha256, uri in inputs:
        known = {place.uri: place for place in places.get(sha256, ())}
        if not is_file(uri) or _is_there(known.get(uri)):
            continue
        at = found.get(sha256) or next((one.uri for one in known.values() if _is_there(one)), None)
        if at is not None and not is_original(at):
            moved[key] = at
        elif sha256 in replaced and at is None and uri == replaced[sha256].uri:
            gone.append(uri)
    return Moves(moved, tuple(dict.fromkeys(gone)))


def _is_there(place: SeenFile | None) -> bool:
    """Whether a file looks as it did when it was seen."""
    if place is None or not is_file(place.uri):
        return False
    return stamp_of(place.uri) == (place.size, place.modified_ns)
