"""Inputs of a request, added and indexed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from clarifai_grpc.grpc.api.resources_pb2 import Concept, Region
from clarifai_grpc.grpc.api.resources_pb2 import Input as WireInput
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit.plugins import Detection, GeoPoint, InputError, Record, ToolkitError

from .calls import Call
from .posted_concepts import name_concepts, values_of
from .regions import box_of_region
from .statuses import Refused
from .structs import json_object

__all__ = ["INVALID", "add_inputs", "geo_of"]

INVALID = StatusCode.INPUT_INVALID_ARGUMENT
_MEDIA: tuple[Literal["text", "audio", "video"], ...] = ("text", "audio", "video")


def add_inputs(given: Sequence[WireInput], call: Call) -> list[str | Refused]:
    """Add inputs; returns the id of each, or the reason that it was refused.

    Parameters
    ----------
    given : sequence of WireInput
        Inputs of the request.
    call : Call
        The collection asked, and who asks.
    """
    encoded = call.pictures.read_all([one.data.image for one in given])
    seen: set[str] = set()
    checked = [_checked(one, picture, seen, call) for one, picture in zip(given, encoded, strict=True)]
    good = [
        (record, one.data.image)
        for one, record in zip(given, checked, strict=True)
        if isinstance(record, Record)
    ]
    records, urls = [record for record, _ in good], [image.url for _, image in good]
    # Checked once more where it is written: another request may post the same URL at this moment.
    once = [bool(image.url) and not image.allow_duplicate_url for _, image in good]
    added = iter(call.photos.inputs.add(records, uris=urls, user=call.user, once=once))
    outcomes = [one if isinstance(one, Refused) else _outcome(next(added)) for one in checked]
    stored = [one for one, outcome in zip(given, outcomes, strict=True) if isinstance(outcome, str)]
    name_concepts((concept for one in stored for concept in _concepts(one)), call, invalid=INVALID)
    return outcomes


def _concepts(one: WireInput) -> Iterator[Concept]:
    yield from one.data.concepts
    for region in one.data.regions:
        yield from region.data.concepts


def _outcome(outcome: str | InputError) -> str | Refused:
    return outcome if isinstance(outcome, str) else _unreadable(outcome)


def _checked(one: WireInput, picture: bytes | InputError, seen: set[str], call: Call) -> Record | Refused:
    """The record to add, or the reason that it is refused."""
    try:
        _refuse_other_media(one)
        _refuse_duplicate(one, seen, call)
        regions = tuple(_region(region, call) for region in one.data.regions)
        concepts = values_of(one.data.concepts, call, invalid=INVALID)
        metadata, geo = json_object(one.data.metadata), geo_of(one)
    except Refused as refused:
        return refused
    except ToolkitError as error:
        return Refused(INVALID, error.advice.shell())
    if isinstance(picture, InputError):
        return _unreadable(picture)
    id, datasets = one.id or None, tuple(one.dataset_ids)
    return Record(picture, id, metadata, geo, datasets, concepts, regions)


def _region(region: Region, call: Call) -> Detection:
    if region.data.HasField("metadata"):
        raise Refused(
            INVALID, "metadata of a region are stored with an annotation: send them by PostAnnotations"
        )
    return Detection(box_of_region(region), values_of(region.data.concepts, call, invalid=INVALID))


def _refuse_other_media(one: WireInput) -> None:
    for kind in _MEDIA:
        if one.data.HasField(kind):
            raise Refused(StatusCode.INPUT_UNSUPPORTED_FORMAT, f"there are only images here, no {kind}")


def _refuse_duplicate(one: WireInput, seen: set[str], call: Call) -> None:
    image = one.data.image
    if one.id and (one.id in seen or one.id in call.photos.inputs):
        raise Refused(StatusCode.INPUT_DUPLICATE, f"there is an input {one.id!r} already: duplicate id")
    if (
        image.url
        and not image.allow_duplicate_url
        and (image.url in seen or call.photos.inputs.from_uri(image.url))
    ):
        raise _duplicate_url(image.url)
    seen.update(filter(None, (one.id, image.url)))


def _duplicate_url(url: str) -> Refused:
    why = f"{url} is an input already: duplicate url; with allow_duplicate_url it is added once more"
    return Refused(StatusCode.INPUT_DUPLICATE, why)


def _unreadable(error: InputError) -> Refused:
    url = error.uri.startswith(("http://", "https://"))
    if error.reason.startswith("the id ") and "is taken" in error.reason:
        return Refused(StatusCode.INPUT_DUPLICATE, error.reason)
    if "place of another input" in error.reason:
        return _duplicate_url(error.uri)
    if error.uri == "<image>" or "the id " in error.reason or "its id " in error.reason:
        return Refused(StatusCode.INPUT_INVALID_ARGUMENT, error.reason)
    if url and "not a picture" not in error.reason:
        return Refused(StatusCode.INPUT_INVALID_URL, f"{error.uri[:500]}: {error.reason}")
    return Refused(StatusCode.INPUT_UNSUPPORTED_FORMAT, error.reason)


def geo_of(one: WireInput) -> GeoPoint | None:
    """The place of an input, if it has one."""
    if not one.data.geo.HasField("geo_point"):
        return None
    return GeoPoint(one.data.geo.geo_point.latitude, one.data.geo.geo_point.longitude)
