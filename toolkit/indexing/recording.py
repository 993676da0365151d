"""Writes what workers computed into the store: one transaction a batch, all of it or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add as plus
from typing import TypeAlias, TypeVar

import numpy as np

from ..errors import InputError, QueryError, StoreError
from ..files.originals import add_all
from ..files.origins import is_original
from ..files.places import stamp_of
from ..learned import stored_reductions as reductions
from ..learned.trained_concept import TrainedConcept
from ..plugins.components import Components
from ..resources import Resources
from ..store import Batch, NewAnnotation, NewInput
from ..values.source import Source
from ..values.types import Box, FloatArray
from .computing import Computed
from .job import Job, KnownInput
from .label_writing import Written, delete_silent
from .labeled_run import LabeledRun
from .labels_and_datasets import write_labels_and_datasets
from .moving import Moves, moves_of, replaced_by
from .report import Failure, Report

__all__ = ["Done", "Recorder", "predictions"]

Done: TypeAlias = tuple[Job, "Computed | Failure"]
Item = TypeVar("Item", Done, KnownInput)
Statements: TypeAlias = defaultdict[str, list[NewAnnotation]]


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of the job of an input that is in the store."""

    key: int
    job: Job
    computed: Computed


class Recorder:
    """Takes outcomes, batch by batch.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    components : Components
        Whose outcomes they are.
    datasets : tuple of str
        Where inputs go, besides the datasets of their records.
    """

    def __init__(
        self, resources: Resources, components: Components, *, datasets: tuple[str, ...] = ()
    ) -> None:
        self._resources = resources
        self._components = components
        self._datasets = datasets
        self._run = LabeledRun()
        self.originals = 0  # how many pictures the collection has a copy of that has none elsewhere

    def record(self, done: Sequence[Done]) -> Report:
        """Write a batch, and return its report."""
        return _report_of(self._record, done, lambda one: one[0].uri)

    def record_known(self, known: Sequence[KnownInput]) -> Report:
        """Write the records of inputs that are in the store already."""
        return _report_of(self._record_known, known, lambda one: one.uri)

    def write(self, computed: Sequence[tuple[Job, Computed]], writer: Batch) -> Report:
        """Write outcomes in a transaction of the caller's.

        Parameters
        ----------
        computed : sequence of (Job, Computed)
            Jobs with what came of them.
        writer : Batch
            The open transaction.
        """
        new = [(job, one) for job, one in computed if job.key is None]
        places = writer.inputs.add([_new_input(job, one) for job, one in new])
        replaced = replaced_by([(job, one.sha256) for job, one in new])
        writer.files.record([replace(job.seen, sha256=one.sha256) for job, one in new])
        found = {one.sha256: job.uri for (job, one), at in zip(new, places, strict=True) if not at.is_new}
        moves = moves_of(found, self._resources, replaced=replaced)
        writer.inputs.place(moves.moved)
        results = [_Result(job.key, job, one) for job, one in computed if job.key is not None]
        indexed = len(results)
        results += [
            _Result(place.key, job, one)
            for (job, one), place in zip(new, places, strict=True)
            if place.is_new or one.placed.boxes  # the same picture with boxes of its own has something to add
        ]
        self._write_results(results, writer)
        known = [
            KnownInput(place.key, job.uri, job.record, one.placed, is_new=place.is_new)
            for (job, one), place in zip(new, places, strict=True)
        ]
        known += [
            KnownInput(job.key, job.uri, job.record, one.placed, metadata=job.metadata)
            for job, one in computed
            if job.key is not None
        ]
        written, notes = self._write_labels(known, writer)
        added = {place.key for place in places if place.is_new}
        updated = written.updated - added
        moved = moves.moved.keys() - added - updated
        return Report(
            added=len(added),
            skipped=sum(not place.is_new and place.key not in updated | moved for place in places),
            updated=len(updated),
            moved=len(moved),
            indexed=sum(one.key not in updated and not one.job.unclassified for one in results[:indexed]),
            regions=sum(len(of) for one in results for of in one.computed.region_concepts.values()),
            labels=written.labels,
            notes=(*notes, *moves.notes),
        )

    def _record(self, done: Sequence[Done]) -> Report:
        failures = [(job, one) for job, one in done if isinstance(one, Failure)]
        computed = [(job, one) for job, one in done if isinstance(one, Computed)]
        files = {
            one.sha256: job.record.origin if isinstance(job.record.origin, bytes) else one.fetched
            for job, one in computed
            if job.key is None and is_original(job.uri)
        }
        # Before the transaction: a request to another machine would hold up everybody else who writes.
        if files:
            add_all(self._resources.originals, files)
        with self._resources.store.write() as writer:
            # The file of an input that is there already is tried again in any case.
            bad = failures and [(job, one) for job, one in failures if job.key is None]
            moves = self._record_bad(bad, writer) if bad else Moves()
            report = self.write(computed, writer)
        # Once more: what had the same content may have been deleted meanwhile, or the originals moved.
        if files:
            add_all(self._resources.originals, files)
            self.originals += len(files)
        if not failures:
            return report
        report += Report(moved=len(moves.moved), notes=moves.notes)
        return report + Report.of_failures(replace(one, labels=job.record.count) for job, one in failures)

    def _record_bad(self, bad: Sequence[tuple[Job, Failure]], writer: Batch) -> Moves:
        """Write why files could not be decoded; of one that could not be read now, nothing is known to have changed.

        It may be on a disk that one worker of many does not have.
        """
        replaced = replaced_by([(job, "") for job, _ in bad])
        absent = {one.uri for one in replaced.values() if stamp_of(one.uri) == (0, 0)}
        absent |= {job.uri for job, one in bad if one.may_pass}
        reasons = [replace(job.seen, reason=one.reason) for job, one in bad if job.uri not in absent]
        writer.files.record(reasons)
        changed = {sha256: one for sha256, one in replaced.items() if one.uri not in absent}
        moves = moves_of({}, self._resources, replaced=changed)
        writer.inputs.place(moves.moved)
        return moves

    def _record_known(self, known: Sequence[KnownInput]) -> Report:
        moved = moves_of({one.elsewhere: one.uri for one in known if one.elsewhere}, self._resources).moved
        if not moved and not any(self._datasets or one.has_annotations for one in known):
            return Report(skipped=len(known))
        with self._resources.store.write() as writer:
            writer.inputs.place(moved)
            written, notes = self._write_labels(known, writer)
        updated, only_moved = len(written.updated), len(moved.keys() - written.updated)
        return Report(
            skipped=len(known) - updated - only_moved,
            updated=updated,
            moved=only_moved,
            labels=written.labels,
            notes=notes,
        )

    def _write_labels(self, known: Sequence[KnownInput], writer: Batch) -> tuple[Written, tuple[str, ...]]:
        """What came of the labels, and what there is to say of pictures that are labeled twice."""
        marked = self._run.may_remove(known)
        written = write_labels_and_datasets(marked, self._resources, writer, datasets=self._datasets)
        return written, self._run.noted(marked)

    def _write_results(self, results: Sequence[_Result], writer: Batch) -> None:
        rows = _rows(results, self._resources, writer)
        statements: Statements = defaultdict(list)
        for result in results:
            _collect(result, rows, statements)
        for component in self._components.embedders:
            self._write_embeddings(component, results, rows, writer, statements)
        former = self._delete_versions(results, rows, writer)
        for source, new in statements.items():
            writer.annotations.add_many(new, source=source)
        if former:
            boxes = {key for (_, box), key in rows.items() if box and key in former}
            delete_silent(boxes, self._resources, writer)
        for component in self._components.names:
            writer.progress.mark([one.key for one in results if component in one.job.needs], component)

    def _delete_versions(self, results: Sequence[_Result], rows: _Rows, writer: Batch) -> set[int]:
        """Delete what earlier versions of models say of inputs that were looked at again; the regions of detectors."""
        former: set[int] = set()
        for component in (*self._components.detectors, *self._components.concept_models):
            again = {one.key for one in results if one.job.key is not None and component in one.job.needs}
            if again:
                kept = {Source.model(_name(one)) for one in self._components.names}
                regions = [key for (input, _), key in rows.items() if input in again]
                name = Source.model(_name(component)).name
                about = writer.annotations.delete_versions(regions, name=name, kept=kept)
                if component in self._components.detectors:
                    former |= about
        return former

    def _write_embeddings(
        self, component: str, results: Sequence[_Result], rows: _Rows, writer: Batch, statements: Statements
    ) -> None:
        embedded = [(one.key, *one.computed.embeddings.get(component, ((), None))) for one in results]
        regions = [rows[key, box] for key, boxes, _ in embedded for box in boxes]
        if not regions:
            return
        vectors = np.concatenate([own for _, _, own in embedded if own is not None])
        spaces = {_name(component): vectors}
        # Read here, where no reduction can be fitted and no concept trained at the same moment.
        reduction = reductions.stored_reduction(_name(component), self._resources.store)
        if reduction is not None:
            spaces[reduction.name] = reduction.transform(vectors)
        for space, own in spaces.items():
            writer.embeddings.put(space, regions, own)
        for model in self._resources.store.models.all():
            trained = TrainedConcept.from_dict(model.state)
            if trained.space in spaces:
                statements[trained.source] += predictions(trained, regions, spaces[trained.space])


_Rows: TypeAlias = dict[tuple[int, Box | None], int]


def _rows(results: Sequence[_Result], resources: Resources, writer: Batch) -> _Rows:
    """Keys of regions by input and box; boxes that have no region yet get one."""
    regions = resources.store.regions.on_inputs({result.key for result in results})
    rows: _Rows = {(region.input_key, region.box): region.key for region in regions}
    for result in results:
        found = (one.box for detections in result.computed.detections.values() for one in detections)
        labeled = result.computed.placed.boxes
        boxes = dict.fromkeys((*result.job.boxes, *result.job.unembedded, *labeled, *found))
        new = [box for box in boxes if (result.key, box) not in rows]
        if new:
            keys = writer.regions.add(result.key, new)
            rows |= {(result.key, box): key for box, key in zip(new, keys, strict=True)}
    return rows


def _collect(result: _Result, rows: _Rows, statements: Statements) -> None:
    """Collect the annotations that models make of one input."""
    for component, detections in result.computed.detections.items():
        statements[Source.model(_name(component))] += [
            NewAnnotation(
                rows[result.key, one.box], concepts=one.concepts, info={"score": round(float(one.score), 4)}
            )
            for one in detections
        ]
    for component, concepts in result.computed.concepts.items():
        if concepts:
            statements[Source.model(_name(component))].append(
                NewAnnotation(rows[result.key, None], concepts=concepts)
            )
    for component, of_regions in result.computed.region_concepts.items():
        # Written where it says nothing, too: the region has been looked at.
        statements[Source.model(_name(component))] += [
            NewAnnotation(rows[result.key, box], concepts=concepts) for box, concepts in of_regions.items()
        ]


def predictions(model: TrainedConcept, regions: Sequence[int], vectors: FloatArray) -> list[NewAnnotation]:
    """The predictions of a trained concept for regions, from their vectors float32 (b, d).

    Parameters
    ----------
    model : TrainedConcept
        A trained concept.
    regions : sequence of int
        Keys of the regions, b of them.
    vectors : float32 array
        Unit vectors float32 (b, d).
    """
    return [
        NewAnnotation(region, concepts={model.concept: float(value)})
        for region, value in zip(regions, model.predict(vectors), strict=True)
    ]


def _report_of(
    write: Callable[[Sequence[Item]], Report], items: Sequence[Item], uri: Callable[[Item], str]
) -> Report:
    """The report of a batch; one item that the store refuses does not take the rest with it."""
    try:
        return write(items)
    except (InputError, QueryError, StoreError) as error:
        reason = _reason(error)
        if reason is None:
            raise
        if len(items) == 1:  # not recorded as the file's fault: its record is wrong
            return Report(failed=(Failure(uri(items[0]), reason),))
        return reduce(plus, (_report_of(write, [one], uri) for one in items))


def _reason(error: InputError | QueryError | StoreError) -> str | None:
    """The reason that a record is refused; None if the record is not the cause."""
    if isinstance(error, StoreError):
        return str(error) if isinstance(error.__cause__, UnicodeEncodeError) else None
    return error.reason if isinstance(error, InputError) else str(error)


def _name(component: str) -> str:
    """``pixels@1`` of ``embedder:pixels@1``: the name of a space, or of a model among sources."""
    return component.partition(":")[2]


def _new_input(job: Job, one: Computed) -> NewInput:
    return NewInput(
        uri=job.uri,
        sha256=one.sha256,
        width=one.width,
        height=one.height,
        id=job.record.id,
        thumbnail=one.thumbnail,
        metadata={**one.shot.metadata, **job.record.metadata},
        geo=job.record.geo or one.shot.geo,
        own=job.own,
        once=job.once,
    )
