"""What one worker does: open a picture once, and run over it whatever models it still needs.

Nothing here touches the store: jobs go in, outcomes come out, so it runs in a thread, in a process, or on
another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import TypeAlias, TypeVar

import numpy as np
from PIL.Image import Image

from ..errors import InputError, ToolkitError
from ..images import Shot, crop
from ..images.camera import NOTHING
from ..plugins.backbones import Passes
from ..plugins.components import Components, detect, embed, predict
from ..plugins.interfaces import ConceptModel, Embedder
from ..plugins.registry import Registry
from ..values.settings import Settings
from ..values.types import Box, Detection, FloatArray
from .job import Job
from .opening import Opened, open_pictures
from .placing import Placed
from .report import Failure

__all__ = ["Computed", "Embedded", "Worker"]

Embedded: TypeAlias = tuple[tuple[Box | None, ...], FloatArray]
Model = TypeVar("Model")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Computed:
    """All that came of one job.

    Parameters
    ----------
    sha256 : str
        Of the file.
    width, height : int
        Upright, in pixels.
    fetched : bytes
        The file, if it came from a URL; the collection stores a copy.
    thumbnail : bytes
        JPEG; empty for an input that has one.
    detections : mapping of str to sequence of Detection
        By component.
    embeddings : mapping of str to (tuple of Box or None, float32 (b, d))
        By component: the rows embedded (None: the whole input) and their vectors.
    concepts : mapping of str to mapping of str to float
        By component.
    region_concepts : mapping of str to mapping of Box to mapping of str to float
        By component, what it says of each region that it looked at.
    placed : Placed
        The labels of its record, on the upright picture.
    shot : Shot
        What its camera wrote into the file.
    """

    sha256: str
    width: int
    height: int
    fetched: bytes = b""
    thumbnail: bytes = b""
    detections: Mapping[str, Sequence[Detection]] = field(default_factory=dict)
    embeddings: Mapping[str, Embedded] = field(default_factory=dict)
    concepts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    region_concepts: Mapping[str, Mapping[Box, Mapping[str, float]]] = field(default_factory=dict)
    placed: Placed = field(default_factory=Placed)
    shot: Shot = NOTHING


class _ModelFailedError(Exception):
    """A model raised an error of its own."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Everything that jobs are done with.

    Parameters
    ----------
    components : Components
        The models.
    settings : Settings
        Limits and sizes.
    registry : Registry
        Whose plugins open URIs of their own schemes.
    """

    components: Components
    settings: Settings
    registry: Registry

    def compute(self, jobs: Sequence[Job]) -> list[Computed | Failure]:
        """One outcome per job, in order; a picture that cannot be read, or fails a model, is a failure of its own.

        Raises
        ------
        ContractError
            A model broke its contract: the plugin is wrong, not the picture.
        """
        opened = open_pictures(jobs, self.settings, self.registry)
        outcomes = iter(self._computed([one for one in opened if isinstance(one, Opened)]))
        return [one if isinstance(one, Failure) else next(outcomes) for one in opened]

    def _computed(self, opened: Sequence[Opened]) -> Sequence[Computed | Failure]:
        try:
            return self._run(opened)
        except _ModelFailedError as error:
            if len(opened) == 1:
                return [Failure(opened[0].job.uri, str(error))]
            # One picture must not take the rest of its batch with it.
            return [outcome for one in opened for outcome in self._computed([one])]

    def _run(self, opened: Sequence[Opened]) -> list[Computed | Failure]:
        detections = _per_model(self.components.detectors, detect, opened)
        passes = self.components.passes()
        concepts = _per_model(self.components.concept_models, partial(predict, passes=passes), opened)
        embeddings = self._embedded(opened, detections, passes)
        of_regions = _classified(self.components.concept_models, opened)
        return [
            Computed(
                sha256=one.sha256,
                width=one.picture.width,
                height=one.picture.height,
                fetched=one.fetched,
                thumbnail=one.thumbnail,
                detections=detections[index],
                embeddings=embeddings[index],
                concepts=concepts[index],
                region_concepts=of_regions[index],
                placed=one.placed,
                shot=one.picture.shot,
            )
            for index, one in enumerate(opened)
        ]

    def _embedded(
        self,
        opened: Sequence[Opened],
        detections: Sequence[Mapping[str, Sequence[Detection]]],
        passes: Passes,
    ) -> list[dict[str, Embedded]]:
        results: list[dict[str, Embedded]] = [{} for _ in opened]
        for name, embedder in self.components.embedders.items():
            rows = [
                _rows(one, found, name, self.settings.detections)
                for one, found in zip(opened, detections, strict=True)
            ]
            parts = [
                (one.picture.image, box) for one, boxes in zip(opened, rows, strict=True) for box in boxes
            ]
            if parts:
                vectors = _vectors(name, embedder, parts, passes)
                of_picture = np.split(vectors, list(accumulate(map(len, rows)))[:-1])
                for result, boxes, own in zip(results, rows, of_picture, strict=True):
                    if boxes:
                        result[name] = boxes, own
        return results


def _vectors(
    name: str, embedder: Embedder, parts: Sequence[tuple[Image, Box | None]], passes: Passes
) -> FloatArray:
    """Unit vectors float32 (b, d); pictures and parts of them apart, for an embedder may prepare them differently."""
    vectors = np.empty((len(parts), embedder.dimension), np.float32)
    for regions in (False, True):
        places = [place for place, (_, box) in enumerate(parts) if (box is not None) == regions]
        if places:
            images = [crop(image, box) if box else image for image, box in (parts[at] for at in places)]
            vectors[places] = _checked(name, partial(embed, regions=regions, passes=passes), embedder, images)
    return vectors


def _per_model(
    models: Mapping[str, Model],
    run: Callable[[Model, Sequence[Image]], Sequence[Result]],
    opened: Sequence[Opened],
) -> list[dict[str, Result]]:
    """Run each model over the pictures that need it, all in one batch."""
    results: list[dict[str, Result]] = [{} for _ in opened]
    for name, model in models.items():
        needing = [index for index, one in enumerate(opened) if name in one.job.needs]
        if needing:
            found = _checked(name, run, model, [opened[index].picture.image for index in needing])
            for index, result in zip(needing, found, strict=True):
                results[index][name] = result
    return results


def _classified(
    models: Mapping[str, ConceptModel], opened: Sequence[Opened]
) -> list[dict[str, Mapping[Box, Mapping[str, float]]]]:
    """What each concept model says of the regions it is to look at, each cut out as a picture of its own."""
    results: list[dict[str, Mapping[Box, Mapping[str, float]]]] = [{} for _ in opened]
    for name, model in models.items():
        for one, result in zip(opened, results, strict=True):
            boxes = one.job.unclassified.get(name, ())
            if boxes:  # a picture at a time: its parts alone may be a hundred
                parts = [crop(one.picture.image, box) for box in boxes]
                result[name] = dict(zip(boxes, _checked(name, predict, model, parts), strict=True))
    return results


def _checked(
    name: str, run: Callable[[Model, Sequence[Image]], Result], model: Model, images: Sequence[Image]
) -> Result:
    try:
        return run(model, images)
    except InputError as error:
        raise _ModelFailedError(f"{name}: {error.reason}") from error
    except ToolkitError:
        raise  # a broken contract, a package that is not installed: no other picture would fare better
    except Exception as error:
        raise _ModelFailedError(f"{name} failed on it: {type(error).__name__}: {error}") from error


def _rows(
    one: Opened, detections: Mapping[str, Sequence[Detection]], embedder: str, least: float
) -> tuple[Box | None, ...]:
    """What an embedder has to look at: the whole picture first, each box once, unless it is too unsure to count."""
    job = one.job
    found = [
        each.box
        for of_detector in detections.values()
        for each in of_detector
        if not each.concepts or max(each.concepts.values()) >= least
    ]
    if embedder in job.needs:
        return tuple(dict.fromkeys((None, *job.boxes, *one.placed.boxes, *found)))
    return tuple(dict.fromkeys((*job.unembedded, *(box for box in found if box not in job.boxes))))
