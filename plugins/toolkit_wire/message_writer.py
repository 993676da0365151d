"""Hits, inputs, annotations and concepts as messages of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from clarifai_grpc.grpc.api import resources_pb2 as wire
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from toolkit.plugins import Annotation, Box, Concept, Detection, Hit, Input, Level

from .annotation_facts import write_facts
from .calls import Call
from .row_annotations import empty_annotation
from .sources import describe_source
from .status_names import annotation_code, input_code
from .statuses import status
from .structs import write_struct, write_timestamp

__all__ = ["MessageWriter", "concept_message"]


class MessageWriter:
    """Writes the messages of one answer; looks up each concept's name once.

    Parameters
    ----------
    call : Call
        Whose answer it is.
    language : str
        In which concepts are named, or else in the collection's own, or in English; empty for the collection's own.
    """

    def __init__(self, call: Call, language: str = "") -> None:
        self._call = call
        self._language = language or None
        self._names: dict[str, str] = {}

    def hits(self, hits: Iterable[Hit], *, level: Level) -> list[wire.Hit]:
        """Messages of hits; at the level of regions each with its annotation.

        Parameters
        ----------
        hits : iterable of Hit
            Hits of a search.
        level : {"input", "region"}
            What a hit is.
        """
        hits = list(hits)
        self._look_up(concept for hit in hits if hit.annotation for concept in hit.annotation.concepts)
        return [self._hit(hit, level) for hit in hits]

    def _hit(self, hit: Hit, level: Level) -> wire.Hit:
        shown = wire.Hit(score=hit.score, user_id=self._call.user, app_id=self._call.app)
        self._write_input(hit.input, shown.input)
        if level == "region" or hit.annotation is not None:
            self._write_annotation(
                hit.annotation or empty_annotation(hit.input, hit.region_id, hit.box), shown.annotation
            )
        return shown

    def inputs(self, inputs: Sequence[Input], labels: Mapping[str, Mapping[str, float]]) -> list[wire.Input]:
        """Messages of inputs, with people's labels of the whole image.

        Parameters
        ----------
        inputs : sequence of Input
            Inputs of the collection.
        labels : mapping of str to mapping of str to float
            Values by concept id, by input id.
        """
        self._look_up(concept for concepts in labels.values() for concept in concepts)
        shown = []
        for one in inputs:
            message = wire.Input()
            self._write_input(one, message)
            self._write_concepts(labels.get(one.id, {}).items(), message.data)
            shown.append(message)
        return shown

    def annotations(self, annotations: Sequence[Annotation]) -> list[wire.Annotation]:
        """Messages of annotations, with region, source and concepts."""
        self._look_up(concept for one in annotations for concept in one.concepts)
        shown = []
        for one in annotations:
            message = wire.Annotation()
            self._write_annotation(one, message)
            shown.append(message)
        return shown

    def data(self, concepts: Mapping[str, float], detections: Sequence[Detection]) -> wire.Data:
        """Concepts with values, the surest first, and regions with theirs.

        Parameters
        ----------
        concepts : mapping of str to float
            Confidence by concept id, of the whole image.
        detections : sequence of Detection
            Regions with their concepts.
        """
        self._look_up([*concepts, *(concept for one in detections for concept in one.concepts)])
        data = wire.Data()
        self._write_concepts(_surest_first(concepts), data)
        for one in detections:
            region = data.regions.add()
            _write_box(one.box, region)
            self._write_concepts(_surest_first(one.concepts), region.data)
        return data

    def _look_up(self, ids: Iterable[str]) -> None:
        if unknown := {id for id in ids if id not in self._names}:
            self._names |= self._call.photos.concepts.titles(unknown, language=self._language)

    def _write_input(self, one: Input, message: wire.Input) -> None:
        message.id = one.id
        message.dataset_ids.extend(one.datasets)
        # A path of this machine is not shown to clients.
        message.data.image.url = one.uri if one.uri.startswith(("http://", "https://")) else ""
        message.data.image.image_info.width = one.width
        message.data.image.image_info.height = one.height
        if one.metadata:
            write_struct(one.metadata, message.data.metadata)
        if one.geo is not None:
            message.data.geo.geo_point.latitude = one.geo.latitude
            message.data.geo.geo_point.longitude = one.geo.longitude
        message.status.CopyFrom(_input_status(one.status))
        write_timestamp(one.created_at, message.created_at)
        write_timestamp(one.modified_at, message.modified_at)

    def _write_annotation(self, one: Annotation, message: wire.Annotation) -> None:
        message.id, message.input_id = one.id, one.input_id
        message.data.SetInParent()  # clients look into it without asking
        data = message.data
        if one.box is None:
            message.input_level = True
        else:
            region = message.data.regions.add(id=one.region_id)
            _write_box(one.box, region)
            data = region.data
        # People's words stay in their order.
        self._write_concepts(
            one.concepts.items() if one.source.is_human else _surest_first(one.concepts), data
        )
        write_facts(one.info, message, data)
        if one.source:
            describe_source(one.source, message)
        message.status.CopyFrom(_annotation_status(one.status))
        write_timestamp(one.created_at, message.created_at)
        write_timestamp(one.modified_at, message.modified_at)

    def _write_concepts(self, concepts: Iterable[tuple[str, float]], data: wire.Data) -> None:
        for id, value in concepts:
            data.concepts.add(id=id, name=self._names.get(id, id), value=value, app_id=self._call.app)


# A page of hits has two of them a hit, and they are of a few words; the messages are copied, never changed.
@lru_cache(maxsize=256)
def _input_status(word: str) -> Status:
    return status(input_code(word))


@lru_cache(maxsize=256)
def _annotation_status(word: str) -> Status:
    return status(annotation_code(word), "" if word == "success" else word)


def concept_message(one: Concept, call: Call, *, language: str = "") -> wire.Concept:
    """A concept, named in a language or, by default, in the collection's own.

    Parameters
    ----------
    one : Concept
        A concept.
    call : Call
        The collection asked, and who asks.
    language : str
        A BCP 47 tag; empty for the collection's own language.
    """
    language = language or call.photos.settings.language
    return wire.Concept(
        id=one.id,
        name=one.name(language),
        value=1,
        language=language,
        definition=one.definition,
        app_id=call.app,
    )


def _surest_first(concepts: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(concepts.items(), key=lambda pair: -pair[1])


def _write_box(box: Box, region: wire.Region) -> None:
    sides = region.region_info.bounding_box
    sides.top_row, sides.left_col, sides.bottom_row, sides.right_col = box
