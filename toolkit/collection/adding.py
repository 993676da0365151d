"""Records added one by one, each with an outcome of its own: for callers that report on every picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

from ..errors import InputError
from ..files.origins import uri_of
from ..indexing.computing import Worker
from ..indexing.job import Job
from ..indexing.recording import Recorder
from ..indexing.report import Failure
from ..indexing.workflow import prepare_workflow
from ..plugins.interfaces import Record
from ..resources import Resources
from ..store import SeenFile
from ..values.names import plain_name
from ..words.linking import new_labels_linked

__all__ = ["add_each"]

CHUNK = 32  # pictures computed at once


def add_each(
    records: Sequence[Record],
    uris: Sequence[str],
    of: Resources,
    *,
    user: str | None = None,
    once: Sequence[bool] = (),
) -> list[str | InputError]:
    """The id of each input once it is added and indexed, or why it is not.

    Each becomes an input of its own, though another may have its content, and is written in one transaction with its
    datasets and with the labels of its record.

    Parameters
    ----------
    records : sequence of Record
        What to add; without an id, an input gets a new one.
    uris : sequence of str
        Where each came from; empty for the origin itself.
    of : Resources
        Of the open collection.
    user : str, optional
        Who labels; ``Settings.user`` by default.
    once : sequence of bool
        Of each record, whether no other input may have come from its place; of none if empty.
    """
    by = replace(of, settings=replace(of.settings, user=user or of.settings.user))
    components = prepare_workflow(by)
    worker, recorder = Worker(components, by.settings, by.registry), Recorder(by, components)
    jobs = [
        replace(_job(record, uri, components.names), once=alone)
        for record, uri, alone in zip(records, uris, once or [False] * len(records), strict=True)
    ]
    labels = {name for record in records for name in _labels(record)}
    outcomes: list[str | InputError] = []
    with new_labels_linked(labels, of.store, of.registry):
        for start in range(0, len(jobs), CHUNK):
            some = jobs[start : start + CHUNK]
            for job, computed in zip(some, worker.compute(some), strict=True):
                report = recorder.record([(job, computed)])
                if isinstance(computed, Failure) or report.failed:
                    outcomes.append(InputError(job.uri, report.failed[0].reason))
                else:
                    outcomes.append(str(job.record.id))
    return outcomes


def _labels(record: Record) -> Iterator[str]:
    for concepts in (record.concepts, *(region.concepts for region in record.regions)):
        yield from map(plain_name, concepts)


def _job(record: Record, uri: str, needs: tuple[str, ...]) -> Job:
    named = replace(record, id=record.id or uuid4().hex)
    return Job(named, SeenFile(uri or uri_of(record.origin), 0, 0), needs, own=True)
