"""Getting pictures in, and computing what they lack.

Killed at any point, running it again finishes the rest: every batch is one transaction, and what is left to do
is found by looking at the store.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sized
from dataclasses import replace
from pathlib import Path

from ..errors import ContractError, InputError, PluginError, ToolkitError
from ..plugins.components import Components
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import Importer, Record
from ..remedies import Advice, Remedy
from ..resources import Resources
from ..values.accepting import first_that_accepts
from ..words.linking import link_labels
from .computing import Worker
from .deferred_error import DeferredError
from .jobs import missing_jobs, needs_of_inputs, new_jobs
from .parts import parts_of
from .recording import Recorder
from .report import Failure, Report
from .run import run
from .workflow import prepare_workflow

__all__ = ["add_from", "index"]


def add_from(
    origin: object, resources: Resources, *, datasets: tuple[str, ...] = (), progress: bool = True
) -> Report:
    """Add what importers read from an origin, then compute what older inputs lack.

    Things in a list that have importers of their own, such as label files, are read one by one; of these, one that
    cannot be read as a whole is a failure in the report.

    Parameters
    ----------
    origin : object
        Anything that an importer accepts.
    resources : Resources
        The open collection.
    datasets : tuple of str
        Datasets that every new input joins.
    progress : bool
        Whether to show a bar if it takes longer than two seconds.

    Raises
    ------
    InputError
        The origin as a whole cannot be read; the records read before the error are stored.
    ContractError
        A model of the workflow broke its contract; the batches before are stored.
    """
    parts = parts_of(origin, lambda one: _importer(one, resources))
    if len(parts) == 1:
        return _added(parts[0], resources, datasets=datasets, progress=progress)
    reports = []
    for part in parts:
        try:
            reports.append(_added(part, resources, datasets=datasets, progress=progress))
        except InputError as error:
            reports.append(Report.of_failures([Failure(error.uri, error.reason)]))
    return Report.of(reports)


def _added(origin: object, resources: Resources, *, datasets: tuple[str, ...], progress: bool) -> Report:
    start = time.perf_counter()
    components = prepare_workflow(resources)
    importer = _importer(origin, resources)
    deferred = DeferredError(_records(importer, origin))
    # A path gives paths, which can be counted first: the bar then says how long it will take.
    records = list(deferred) if isinstance(origin, str | os.PathLike) else deferred
    recorder = Recorder(resources, components, datasets=datasets)
    report = run(
        new_jobs(records, components.names, resources),
        Worker(components, resources.settings, resources.registry),
        recorder,
        verb="Adding",
        total=len(records) if isinstance(records, Sized) else None,
        progress=progress,
    )
    deferred.raise_error()
    report += _indexed(components, resources, progress=progress)
    if report.labels.read:
        link_labels(resources.store.concepts.annotated(), resources.store, resources.registry)
    notes = (
        *report.notes,
        *_unread(origin, importer, resources),
        *_unshared(recorder, resources),
        *components.notes,
    )
    return replace(report, seconds=time.perf_counter() - start, notes=notes)


def index(resources: Resources, *, progress: bool = True) -> Report:
    """Compute what inputs lack of the workflow.

    Parameters
    ----------
    resources : Resources
        The open collection.
    progress : bool
        Whether to show a bar if it takes longer than two seconds.

    Raises
    ------
    ContractError
        A model of the workflow broke its contract; the batches before are stored.
    """
    components = prepare_workflow(resources)
    report = _indexed(components, resources, progress=progress)
    return replace(report, notes=(*report.notes, *components.notes))


def _indexed(components: Components, resources: Resources, *, progress: bool) -> Report:
    start = time.perf_counter()
    report = _computed(components, resources, progress=progress)
    resources.backgrounds.refresh(resources.snapshots.latest_or_sample)
    return replace(report, seconds=time.perf_counter() - start) if report.seconds else report


def _computed(components: Components, resources: Resources, *, progress: bool) -> Report:
    start = time.perf_counter()
    needs = needs_of_inputs(components.names, resources)
    if not needs:
        return Report()
    lost = needs.keys() & set(resources.store.inputs.keys_without_a_file())
    report = run(
        missing_jobs({key: needs[key] for key in needs.keys() - lost}, resources),
        Worker(components, resources.settings, resources.registry),
        Recorder(resources, components),
        verb="Indexing",
        total=len(needs) - len(lost),
        progress=progress,
    )
    listed = Remedy("photos.missing()", "toolkit missing COLLECTION")
    left = Advice(f"without a file, left as they are: {len(lost):,} (see ", listed, ")")
    notes = (left,) if lost else ()
    return replace(report, seconds=time.perf_counter() - start, notes=(*report.notes, *notes))


def _importer(origin: object, resources: Resources) -> Importer:
    # The last registered goes first, so that a plugin can take a kind of folder from the general importer.
    importers = resources.registry.importers
    if importer := first_that_accepts(reversed(list(importers.values())), origin, word="importer"):
        return importer
    known = ", ".join(importers) or "none"
    raise InputError(f"{origin!r:.80}", f"no importer reads {type(origin).__name__}; there are: {known}")


def _unread(origin: object, by: Importer, resources: Resources) -> Iterator[str]:
    """What other importers see in what was added that was not read."""
    listed = origin if isinstance(origin, list | tuple) else [origin]
    folders = [one for one in listed if isinstance(one, str | os.PathLike) and Path(one).is_dir()]
    if not folders:
        return
    for importer in resources.registry.importers.values():
        look = getattr(importer, "unread", None)
        if look is not None and importer is not by:
            who = f"importer {importer.name!r}"
            with contract_errors(who, "unread() returns a sentence, or an empty one"):
                for sentence in filter(None, (look(folder, by=by.name) for folder in folders)):
                    yield sentence if isinstance(sentence, str) else str(sentence)


def _unshared(recorder: Recorder, resources: Resources) -> Iterator[str]:
    """Where a team's originals are, if they were put where only one of the team can read them."""
    if not (recorder.originals and resources.store.is_shared):
        return
    originals = resources.originals
    if originals is resources.own_originals:
        moving = Remedy("photos.move_originals(PLACE)", "toolkit originals COLLECTION PLACE")
        yield Advice(
            f"{recorder.originals:,} pictures that are no files were stored in {originals.location}, on this machine "
            "only; ",
            moving,
            " puts them where the others who use this collection read them",
        )


def _records(importer: Importer, origin: object) -> Iterator[Record | Failure]:
    """What an importer reads, held to its contract."""
    who = f"importer {importer.name!r}"
    try:
        for record in importer.records(origin):
            if not isinstance(record, Record | Failure):
                raise ContractError(who, "it yields records and failures", f"a {type(record).__name__}")
            yield record
    except ToolkitError:
        raise
    except Exception as error:
        raise PluginError(f"{who} failed: {type(error).__name__}: {error}") from error
