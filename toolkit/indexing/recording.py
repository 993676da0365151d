"""Writes what workers computed into the store: one transaction a batch, all of it or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import add as plus

import numpy as np

from ..components import Components
from ..errors import InputError
from ..resources import Resources
from ..store import Batch, NewAnnotation, NewInput, Region
from ..trained_concept import TrainedConcept
from ..types import Box, FloatArray
from .computing import Computed
from .jobs import stamp
from .report import Failure, Report

__all__ = ["Recorder", "predictions"]


class Recorder:
    """Takes outcomes, batch by batch.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    components : Components
        Whose outcomes they are.
    trained : sequence of TrainedConcept
        Concepts learned from labels; they predict whatever is embedded in their space.
    datasets : tuple of str
        Where new inputs go, besides the datasets of their records.
    """

    def __init__(
        self,
        resources: Resources,
        components: Components,
        *,
        trained: Sequence[TrainedConcept] = (),
        datasets: tuple[str, ...] = (),
    ) -> None:
        self._resources = resources
        self._components = components
        self._trained = trained
        self._datasets = datasets

    def record(self, outcomes: Sequence[Computed | Failure]) -> Report:
        """Write a batch, and say what came of it; one that the store refuses does not take the rest with it."""
        try:
            return self._record(outcomes)
        except InputError as error:
            if len(outcomes) == 1:
                return self._record([Failure(outcomes[0].uri, error.reason)])
            return reduce(plus, (self.record([one]) for one in outcomes))

    def _record(self, outcomes: Sequence[Computed | Failure]) -> Report:
        failures = [one for one in outcomes if isinstance(one, Failure)]
        computed = [one for one in outcomes if isinstance(one, Computed)]
        for one in computed:
            if one.encoded:  # before the transaction: a file too many does no harm, one too few does
                self._resources.originals.keep(one.encoded, one.sha256)
        with self._resources.store.write() as writer:
            writer.record_files([replace(stamp(one.uri), reason=one.reason) for one in failures])
            report = self._write(computed, writer)
        return report + Report(failed=tuple(failures))

    def _write(self, computed: Sequence[Computed], writer: Batch) -> Report:
        new = [one for one in computed if one.job.key is None]
        old = {one.job.key: one for one in computed if one.job.key is not None}
        places = writer.add_inputs([_new_input(one, self._datasets) for one in new])
        writer.record_files(
            [replace(stamp(one.job.uri), input_key=place.key) for one, place in zip(new, places, strict=True)]
        )
        added = {place.key: one for one, place in zip(new, places, strict=True) if place.is_new}
        rows = _Rows(writer, self._resources.store.regions_of([*old, *added]))
        self._write_results(old | added, rows, writer)
        return Report(added=len(added), skipped=len(new) - len(added), indexed=len(old))

    def _write_results(self, results: Mapping[int, Computed], rows: _Rows, writer: Batch) -> None:
        human = f"human:{self._resources.settings.user}"
        said: dict[str, list[NewAnnotation]] = defaultdict(list)
        for key, one in results.items():
            for box in one.job.unembedded:
                rows.of(key, box)  # a region is there even if no workflow embeds it
            for component, detections in one.detections.items():
                for found in detections:
                    score = {"score": round(float(found.score), 4)}
                    annotation = NewAnnotation(rows.of(key, found.box), concepts=found.concepts, info=score)
                    said[f"model:{_name(component)}"].append(annotation)
            for component, concepts in one.concepts.items():
                said[f"model:{_name(component)}"].append(NewAnnotation(rows.of(key), concepts=concepts))
            if one.job.record.concepts:
                said[human].append(NewAnnotation(rows.of(key), concepts=one.job.record.concepts))
            for labeled in one.job.record.regions:
                said[human].append(NewAnnotation(rows.of(key, labeled.box), concepts=labeled.concepts))
        for component in self._components.embedders:
            self._write_embeddings(component, results, rows, writer, said)
        for source, new in said.items():
            writer.annotate_rows(new, source=source)
        for component in self._components.names:
            done = [key for key, one in results.items() if component in one.job.needs]
            writer.mark_indexed(done, component)

    def _write_embeddings(
        self,
        component: str,
        results: Mapping[int, Computed],
        rows: _Rows,
        writer: Batch,
        said: dict[str, list[NewAnnotation]],
    ) -> None:
        regions: list[int] = []
        parts: list[FloatArray] = []
        for key, one in results.items():
            boxes, vectors = one.embeddings.get(component, ((), None))
            if vectors is not None:
                regions += [rows.of(key, box) for box in boxes]
                parts.append(vectors)
        if not regions:
            return
        embeddings = np.concatenate(parts)
        space = _name(component)
        writer.put_embeddings(space, regions, embeddings)
        for model in self._trained:
            if model.space == space:
                said[model.source] += predictions(model, regions, embeddings)


def predictions(model: TrainedConcept, regions: Sequence[int], vectors: FloatArray) -> list[NewAnnotation]:
    """What a trained concept says of some regions, from their vectors float32 (b, d)."""
    return [
        NewAnnotation(region, concepts={model.concept: float(value)})
        for region, value in zip(regions, model.predict(vectors), strict=True)
    ]


class _Rows:
    """Keys of regions by input and box; a box that has no region yet gets one."""

    def __init__(self, writer: Batch, known: Iterable[Region]) -> None:
        self._writer = writer
        self._keys = {(region.input_key, region.box): region.key for region in known}

    def of(self, input_key: int, box: Box | None = None) -> int:
        if (input_key, box) not in self._keys and box is not None:
            (self._keys[input_key, box],) = self._writer.add_regions(input_key, [box])
        return self._keys[input_key, box]


def _name(component: str) -> str:
    """``pixels@1`` of ``embedder:pixels@1``: the name of a space, or of a model among sources."""
    return component.partition(":")[2]


def _new_input(one: Computed, datasets: tuple[str, ...]) -> NewInput:
    record = one.job.record
    return NewInput(
        uri=one.job.uri,
        sha256=one.sha256,
        width=one.width,
        height=one.height,
        id=record.id,
        thumbnail=one.thumbnail,
        metadata=record.metadata,
        geo=record.geo,
        datasets=tuple(dict.fromkeys((*record.datasets, *datasets))),
    )
