"""Getting pictures in, and computing what they lack: the way from sources to committed rows.

Killed at any point, running it again finishes the rest: every batch is one transaction, and what is left to do
is found by looking at the store.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from operator import add as plus
from operator import length_hint
from typing import Generic, TypeVar

from tqdm.auto import tqdm

from ..components import Components, full_name, load
from ..errors import InputError
from ..interfaces import Importer, Record
from ..resources import Resources
from ..sources import location
from ..trained_concept import TrainedConcept
from ..types import Box, Input
from .computing import Computed, Job, compute
from .jobs import chunks, missing_jobs, new_jobs
from .recording import Recorder
from .report import Failure, Report

__all__ = ["add", "add_regions", "extend_workflow", "index", "prepare", "trained_concepts"]

Item = TypeVar("Item")

BATCH = 32
# Starting worker processes takes longer than this many pictures do.
WORTH_PROCESSES = 300


def add(
    source: object, resources: Resources, *, datasets: tuple[str, ...] = (), progress: bool = True
) -> Report:
    """Add whatever an importer reads from a source; then compute what older inputs lack.

    Raises
    ------
    InputError
        The source as a whole cannot be read.
    ContractError
        A model of the workflow broke its contract; the batches before are kept.
    """
    start = time.perf_counter()
    records = _importer(source, resources).records(source)
    components = prepare(resources)
    total = length_hint(records) or None
    todo = new_jobs(records, components.names, resources)
    report = _run(
        todo, components, resources, total=total, datasets=datasets, progress=progress, verb="Adding"
    )
    return report + index(resources, progress=progress) + Report(seconds=time.perf_counter() - start)


def _importer(source: object, resources: Resources) -> Importer:
    # The last registered goes first, so that a plugin can take a kind of folder from the general importer.
    for importer in reversed(list(resources.registry.importers.values())):
        if importer.accepts(source):
            return importer
    known = ", ".join(resources.registry.importers) or "none"
    raise InputError(f"{source!r:.80}", f"no importer reads {type(source).__name__}; there are: {known}")


def index(resources: Resources, *, progress: bool = True) -> Report:
    """Compute what inputs lack of the workflow.

    Raises
    ------
    ContractError
        A model of the workflow broke its contract; the batches before are kept.
    """
    components = prepare(resources)
    todo = list(missing_jobs(components.names, resources))
    if not todo:
        return Report()
    return _run(todo, components, resources, total=len(todo), progress=progress, verb="Indexing")


def add_regions(one: Input, boxes: Sequence[Box], resources: Resources) -> None:
    """Make regions of an input, embedded in every space of the workflow; those it has are left alone.

    Raises
    ------
    InputError
        The input's file is not there any more.
    """
    (key,) = resources.store.input_keys([one.id])
    there = tuple(region.box for region in resources.store.regions_of([key]) if region.box)
    new = tuple(box for box in dict.fromkeys(boxes) if box not in there)
    if new:
        components = prepare(resources)
        record = Record(location(one, resources.originals))
        job = Job(record, one.uri, (), key=key, boxes=there, unembedded=new)
        (outcome,) = compute([job], components, resources.settings)
        if isinstance(outcome, Failure):
            raise InputError(outcome.uri, outcome.reason)
        Recorder(resources, components, trained=trained_concepts(resources)).record([outcome])


def extend_workflow(resources: Resources, **specs: str | None) -> None:
    """Add models to the workflow, by kind; those it has stay where they are.

    Raises
    ------
    UnknownNameError
        No plugin goes by that name; the workflow stays as it was.
    """
    before = resources.workflow
    more = {kind: (*getattr(before, kind), spec) for kind, spec in specs.items() if spec is not None}
    after = replace(before, **{kind: tuple(dict.fromkeys(names)) for kind, names in more.items()})
    if after != before:
        load(after, resources.registry)
        resources.workflow = after


def prepare(resources: Resources) -> Components:
    """The models of the workflow, their spaces and concepts known to the store."""
    workflow = resources.workflow
    components = load(workflow, resources.registry)
    with resources.store.write() as writer:
        writer.add_concepts(components.concepts)
        for spec, embedder in zip(workflow.embedders, components.embedders.values(), strict=True):
            writer.add_space(full_name(embedder), embedder=spec, dimension=embedder.dimension)
    return components


def trained_concepts(resources: Resources) -> list[TrainedConcept]:
    """The concepts learned from labels, as kept in the store."""
    return [TrainedConcept.from_dict(model.state) for model in resources.store.models()]


def _run(
    todo: Iterable[Job | Failure | None],
    components: Components,
    resources: Resources,
    *,
    total: int | None,
    verb: str,
    progress: bool,
    datasets: tuple[str, ...] = (),
) -> Report:
    recorder = Recorder(resources, components, trained=trained_concepts(resources), datasets=datasets)
    settled: list[Report] = []
    with tqdm(total=total, desc=verb, unit=" images", delay=2, disable=not progress) as bar:

        def unsettled() -> Iterator[Job]:
            for one in todo:
                if isinstance(one, Job):
                    yield one
                else:
                    settled.append(Report(failed=(one,)) if one else Report(skipped=1))
                    bar.update()

        jobs = _Held(unsettled())
        for outcomes in _computed(jobs, components, resources, total=total):
            settled.append(recorder.record(outcomes))
            bar.update(len(outcomes))
        jobs.release()
    return reduce(plus, settled, Report())


class _Held(Generic[Item]):
    """An iterator that ends at an error and raises it later: joblib waits for ever if its input raises."""

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._error: Exception | None = None

    def __iter__(self) -> Iterator[Item]:
        try:
            yield from self._items
        except Exception as error:
            self._error = error

    def release(self) -> None:
        """Raise what was held."""
        if self._error:
            raise self._error


def _computed(
    jobs: Iterable[Job], components: Components, resources: Resources, *, total: int | None
) -> Iterator[Sequence[Computed | Failure]]:
    """Batches of outcomes, as workers finish them in order. ``joblib.parallel_config`` chooses who works."""
    from joblib import Parallel, delayed

    many = total is None or total >= WORTH_PROCESSES
    workers = Parallel(
        n_jobs=resources.settings.workers,
        prefer="processes" if many and components.in_processes else "threads",
        return_as="generator",
    )
    batches = chunks(jobs, BATCH)
    yield from workers(delayed(compute)(batch, components, resources.settings) for batch in batches)
