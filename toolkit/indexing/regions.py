"""Regions that a person draws: cut out and embedded, then written in a transaction of the caller's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import InputError
from ..resources import Resources
from ..store import Batch
from ..values.types import Box
from .computing import Computed, Worker
from .job import Job
from .jobs import region_jobs
from .recording import Recorder
from .report import Failure
from .workers import work
from .workflow import prepare_workflow

__all__ = ["NewRegions", "embed_new_regions"]


@dataclass(frozen=True, slots=True)
class NewRegions:
    """Regions that are embedded and still to be written.

    Parameters
    ----------
    recorder : Recorder
        Writes them.
    computed : sequence of (Job, Computed)
        What came of each.
    """

    recorder: Recorder
    computed: Sequence[tuple[Job, Computed]]

    def write(self, writer: Batch) -> None:
        """Write them."""
        self.recorder.write(self.computed, writer)


def embed_new_regions(wanted: Mapping[int, Iterable[Box]], resources: Resources) -> NewRegions:
    """The boxes wanted of each input, by key, that are no regions yet, embedded in each space of the workflow.

    Parameters
    ----------
    wanted : mapping of int to iterable of Box
        The boxes wanted on each input, by its key.
    resources : Resources
        The open collection.

    Raises
    ------
    InputError
        The file of an input is not there any more, or a model failed on its part.
    """
    components = prepare_workflow(resources)
    recorder = Recorder(resources, components)
    if not components.embedders:  # nothing to read a file for
        return NewRegions(recorder, ())
    computed: list[tuple[Job, Computed]] = []
    worker = Worker(components, resources.settings, resources.registry)
    for done in work(region_jobs(wanted, resources), worker):
        for job, outcome in done:
            if isinstance(outcome, Failure):
                raise InputError(outcome.uri, outcome.reason)
            computed.append((job, outcome))
    return NewRegions(recorder, computed)
