"""What one worker does: read a picture once, and run over it whatever models it still needs.

Nothing here touches the store: jobs go in, outcomes come out, so it runs in a thread, in a process, or on
another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from PIL.Image import Image

from ..components import Components, detect, embed, predict
from ..errors import ContractError, InputError
from ..images import Picture, crop, decode, digest, thumbnail
from ..interfaces import Record
from ..settings import Settings
from ..sources import is_url, read
from ..types import Box, Detection, FloatArray
from .report import Failure

__all__ = ["Computed", "Job", "compute"]

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to read, and which models it still needs.

    Parameters
    ----------
    record : Record
        Where it is, and what is known of it.
    uri : str
        Its name in the store and in reports.
    needs : tuple of str
        Names of components.
    key : int or None
        Its key in the store; None for a new input.
    boxes : tuple of Box
        Regions that exist already.
    unembedded : tuple of Box
        Those of them that lack embeddings although their input has them.
    """

    record: Record
    uri: str
    needs: tuple[str, ...]
    key: int | None = None
    boxes: tuple[Box, ...] = ()
    unembedded: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """All that came of one job.

    Parameters
    ----------
    job : Job
        What was asked.
    encoded : bytes
        The file, if it must be kept because nothing else keeps it; else empty.
    sha256 : str
        Of the file.
    width, height : int
        Upright, in pixels.
    thumbnail : bytes
        JPEG; empty for an input that has one.
    detections : mapping of str to sequence of Detection
        By component.
    embeddings : mapping of str to (tuple of Box or None, float32 (b, d))
        By component: the rows embedded (None: the whole input) and their vectors.
    concepts : mapping of str to mapping of str to float
        By component.
    """

    job: Job
    encoded: bytes
    sha256: str
    width: int
    height: int
    thumbnail: bytes
    detections: Mapping[str, Sequence[Detection]] = field(default_factory=dict)
    embeddings: Mapping[str, tuple[tuple[Box | None, ...], FloatArray]] = field(default_factory=dict)
    concepts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """Its name in the store and in reports."""
        return self.job.uri


@dataclass(frozen=True, slots=True)
class _Opened:
    job: Job
    picture: Picture
    encoded: bytes
    sha256: str


def compute(jobs: Sequence[Job], components: Components, settings: Settings) -> list[Computed | Failure]:
    """One outcome per job, in order; a picture that cannot be read, or breaks a model, is a failure of its own."""
    opened = [_open(job, settings) for job in jobs]
    readable = [one for one in opened if isinstance(one, _Opened)]
    outcomes = iter(_computed(readable, components, settings))
    return [one if isinstance(one, Failure) else next(outcomes) for one in opened]


def _open(job: Job, settings: Settings) -> _Opened | Failure:
    try:
        encoded = read(job.record.source, settings)
        picture = decode(
            encoded, uri=job.uri, working_size=settings.working_size, max_pixels=settings.max_pixels
        )
    except InputError as error:
        return Failure(job.uri, error.reason)
    return _Opened(job, picture, encoded, digest(encoded))


def _computed(
    opened: Sequence[_Opened], components: Components, settings: Settings
) -> Sequence[Computed | Failure]:
    try:
        return _run(opened, components, settings)
    except ContractError:
        raise  # the plugin is wrong, not the picture
    except Exception as error:
        if len(opened) == 1:
            return [Failure(opened[0].job.uri, f"a model failed on it: {type(error).__name__}: {error}")]
        # One picture must not take the rest of its batch with it.
        return [outcome for one in opened for outcome in _computed([one], components, settings)]


def _run(opened: Sequence[_Opened], components: Components, settings: Settings) -> list[Computed | Failure]:
    detections = _per_component(components.detectors, detect, opened)
    concepts = _per_component(components.concept_models, predict, opened)
    embeddings = _embeddings(opened, detections, components)
    return [
        Computed(
            one.job,
            encoded=b"" if _is_kept(one.job) else one.encoded,
            sha256=one.sha256,
            width=one.picture.width,
            height=one.picture.height,
            thumbnail=b"" if one.job.key else thumbnail(one.picture.image, settings.thumbnail),
            detections=detections[index],
            embeddings=embeddings[index],
            concepts=concepts[index],
        )
        for index, one in enumerate(opened)
    ]


def _is_kept(job: Job) -> bool:
    """Whether somebody keeps the file: the user, or the store since it was added."""
    return job.key is not None or (isinstance(job.record.source, str) and not is_url(job.record.source))


Model = TypeVar("Model")


def _per_component(
    models: Mapping[str, Model],
    run: Callable[[Model, Sequence[Image]], Sequence[Result]],
    opened: Sequence[_Opened],
) -> list[dict[str, Result]]:
    """Run each model over the pictures that need it, all in one batch."""
    results: list[dict[str, Result]] = [{} for _ in opened]
    for name, model in models.items():
        needing = [index for index, one in enumerate(opened) if name in one.job.needs]
        if needing:
            found = run(model, [opened[index].picture.image for index in needing])
            for index, result in zip(needing, found, strict=True):
                results[index][name] = result
    return results


def _embeddings(
    opened: Sequence[_Opened], detections: Sequence[Mapping[str, Sequence[Detection]]], components: Components
) -> list[dict[str, tuple[tuple[Box | None, ...], FloatArray]]]:
    results: list[dict[str, tuple[tuple[Box | None, ...], FloatArray]]] = [{} for _ in opened]
    for name, embedder in components.embedders.items():
        rows = [_rows_to_embed(one.job, found, name) for one, found in zip(opened, detections, strict=True)]
        crops = [
            one.picture.image if box is None else crop(one.picture.image, box)
            for one, boxes in zip(opened, rows, strict=True)
            for box in boxes
        ]
        if not crops:
            continue
        vectors = embed(embedder, crops)
        start = 0
        for index, boxes in enumerate(rows):
            if boxes:
                results[index][name] = boxes, vectors[start : start + len(boxes)]
            start += len(boxes)
    return results


def _rows_to_embed(
    job: Job, detections: Mapping[str, Sequence[Detection]], embedder: str
) -> tuple[Box | None, ...]:
    found = [detection.box for detections_ in detections.values() for detection in detections_]
    if embedder in job.needs:
        return tuple(dict.fromkeys((None, *job.boxes, *found)))
    return tuple(dict.fromkeys((*job.unembedded, *(box for box in found if box not in job.boxes))))
