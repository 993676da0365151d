"""A filter of a request as a query of filters alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Data, Filter, Input, TimeRange
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp

from toolkit import Query
from toolkit.plugins import Source, UnknownNameError

from .annotation_facts import METADATA
from .calls import Call
from .concept_terms import label_filter
from .fields import is_empty, only_fields
from .make_term import make_term
from .place_filter import place_filter
from .row_annotations import find_annotation
from .sources import sources_of
from .status_names import annotation_status, input_status
from .statuses import Refused

__all__ = ["EVERYTHING", "NOTHING", "annotation_filter", "filter_query", "input_filter"]

EVERYTHING: Query = make_term("where", created_after=0)
NOTHING: Query = ~EVERYTHING

_ANNOTATION = (
    "id", "input_id", "data", "status", "annotation_info", "user_id", "model_version_id", "worker", "input_level",
)  # fmt: skip
_DATA = ("concepts", "metadata", "geo", "regions", "image")
_INPUT = ("id", "data", "dataset_ids", "status")
_INPUT_DATA = ("image", "text", "audio", "video", "concepts", "metadata", "geo")


def filter_query(one: Filter, call: Call, *, language: str) -> Query | None:
    """The query of a filter: its annotation, input and time range must all hold. None if it is empty.

    Parameters
    ----------
    one : Filter
        A filter of the request.
    call : Call
        The collection asked, and who asks.
    language : str
        The language of concept names; empty for the collection's own.
    """
    annotation = annotation_filter(one.annotation, call, language=language, negate=one.negate)
    input = input_filter(one.input, call, language=language, negate=one.negate)
    changed = _changed(one.last_updated_time_range) if one.HasField("last_updated_time_range") else None
    parts = [part for part in (annotation, input, changed) if part is not None]
    if not parts:
        return None
    whole = reduce(and_, parts)
    return ~whole if one.negate else whole


def annotation_filter(annotation: Annotation, call: Call, *, language: str, negate: bool) -> Query | None:
    """The query of a filter's annotation: all conditions hold on one row. None if it is empty.

    Parameters
    ----------
    annotation : Annotation
        The filter's annotation.
    call : Call
        The collection asked, and who asks.
    language : str
        The language of concept names; empty for the collection's own.
    negate : bool
        Whether the part of the request is negated.
    """
    only_fields(annotation, _ANNOTATION, where="a filter")
    sources = sources_of(annotation, call)
    parts = list(_of_annotation(annotation, call, sources, language=language, negate=negate))
    if sources and not annotation.data.concepts:  # with concepts, the source is of the very label
        parts.append(reduce(or_, [_annotated_by(one, call) for one in sources]))
    return reduce(and_, parts) if parts else None


def _of_annotation(
    annotation: Annotation, call: Call, sources: Sequence[Source], *, language: str, negate: bool
) -> Iterator[Query]:
    data = annotation.data
    if annotation.id:
        yield _annotation(annotation.id, call)
    if annotation.input_id:
        yield _inputs([annotation.input_id], call)
    if annotation.status.code:
        yield make_term("where", annotation_status=annotation_status(annotation.status.code))
    if annotation.HasField("annotation_info"):
        yield make_term("where", annotation_info=MessageToDict(annotation.annotation_info))
    if annotation.input_level or (annotation.HasField("data") and is_empty(data)):
        yield make_term("where", region=False)
    yield from _of_data(data, call, sources, language=language, negate=negate)


def _of_data(
    data: Data, call: Call, sources: Sequence[Source], *, language: str, negate: bool
) -> Iterator[Query]:
    only_fields(data, _DATA, where="a filter")
    if data.concepts:
        yield label_filter(data.concepts, language=language, sources=sources, negate=negate)
    if data.HasField("metadata"):
        metadata = MessageToDict(data.metadata)
        yield _metadata(metadata) | _annotation_metadata(metadata)
    if data.HasField("geo"):
        yield place_filter(data.geo)
    # Without a person means without one anywhere: a negated label judges the picture, of which its regions are part.
    if data.regions and not (negate and any(region.data.concepts for region in data.regions)):
        yield make_term("where", region=True)
    for region in data.regions:
        only_fields(region, ("data", "region_info"), where="a filter's region")
        only_fields(region.region_info, (), where="a filter's region_info")
        yield from _of_data(region.data, call, sources, language=language, negate=negate)
    if data.HasField("image"):
        yield url_filter(data.image.url, call)


def input_filter(input: Input, call: Call, *, language: str, negate: bool) -> Query | None:
    """The query of a filter's input: any condition is enough, as the API's client expects. None if it is empty.

    Parameters
    ----------
    input : Input
        The filter's input.
    call : Call
        The collection asked, and who asks.
    language : str
        The language of concept names; empty for the collection's own.
    negate : bool
        Whether the part of the request is negated.
    """
    only_fields(input, _INPUT, where="a filter's input")
    only_fields(input.data, _INPUT_DATA, where="a filter's input")
    parts = list(_of_input(input, call, language=language, negate=negate))
    return reduce(or_, parts) if parts else None


def _of_input(input: Input, call: Call, *, language: str, negate: bool) -> Iterator[Query]:
    if input.id:
        yield _inputs([input.id], call)
    if known := [name for name in input.dataset_ids if name in call.photos.datasets]:
        yield make_term("where", dataset=known)
    elif input.dataset_ids:
        yield NOTHING
    if input.status.code:
        yield make_term("where", status=input_status(input.status.code))
    for kind in ("text", "audio", "video"):  # there are only images here
        if input.data.HasField(kind):
            yield NOTHING
    if input.data.HasField("metadata"):
        yield _metadata(MessageToDict(input.data.metadata))
    media = Data()
    media.CopyFrom(input.data)
    for field in ("text", "audio", "video", "metadata"):
        media.ClearField(field)
    yield from _of_data(media, call, (), language=language, negate=negate)


def url_filter(url: str, call: Call) -> Query:
    """The filter for inputs with exactly this URL; an empty URL matches every image.

    Parameters
    ----------
    url : str
        A URL as it was added; empty for any.
    call : Call
        The collection asked, and who asks.
    """
    if not url:
        return EVERYTHING
    return _inputs(call.photos.inputs.from_uri(url), call)


def _inputs(ids: Sequence[str], call: Call) -> Query:
    """The inputs with some ids; nothing if there are none."""
    known = call.photos.inputs.existing(ids)
    return make_term("only", [id for id in ids if id in known]) if known else NOTHING


def _annotation(id: str, call: Call) -> Query:
    try:
        return make_term("only", regions=find_annotation(id, call).region_id)
    except UnknownNameError:
        return NOTHING


def _metadata(wanted: Mapping[str, object]) -> Query:
    """Inputs whose metadata contain any of the given keys with its value."""
    if not wanted:
        return EVERYTHING
    return reduce(or_, [make_term("where", {key: value}) for key, value in wanted.items()])


def _annotation_metadata(wanted: Mapping[str, object]) -> Query:
    """Rows with an annotation whose metadata contain any of the given keys with its value."""
    if not wanted:
        return EVERYTHING
    kept = [{METADATA: {key: value}} for key, value in wanted.items()]
    return reduce(or_, [make_term("where", annotation_info=one) for one in kept])


def _annotated_by(source: Source, call: Call) -> Query:
    """Rows annotated by a source; none if the source is unknown."""
    snapshot = call.photos.snapshot()
    known = any(snapshot.is_from(index, source) for index in range(len(snapshot.sources)))
    return make_term("where", source=source) if known else NOTHING


def _changed(range: TimeRange) -> Query | None:
    bounds: dict[str, float] = {}
    if range.HasField("start_time"):
        bounds["after"] = _seconds(range.start_time)
    if range.HasField("end_time"):
        bounds["before"] = _seconds(range.end_time)
    if bounds.get("after", 0) > bounds.get("before", float("inf")):
        raise Refused(StatusCode.SEARCH_INVALID_REQUEST, "last_updated_time_range ends before it starts")
    return make_term("updated", bounds.pop("after", None), **bounds) if bounds else None


def _seconds(moment: Timestamp) -> float:
    return moment.seconds + moment.nanos / 1e9
