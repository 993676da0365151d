"""The API's methods about annotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from clarifai_grpc.grpc.api.resources_pb2 import Annotation as WireAnnotation
from clarifai_grpc.grpc.api.service_pb2 import MultiAnnotationResponse, SingleAnnotationResponse
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from toolkit.types import Annotation, Box, Json

from . import collection_access as access
from .calls import Call
from .pages import page_of
from .regions import box_of, values_of
from .shown import Shown
from .sources import human, source_of
from .statuses import Refused, ok
from .structs import object_of
from .words import annotation_word

__all__ = [
    "delete_annotation",
    "delete_annotations",
    "get_annotation",
    "list_annotations",
    "patch_annotations",
    "post_annotations",
]

INVALID = StatusCode.ANNOTATION_INVALID_ARGUMENT
MOST_AT_ONCE = 128


def post_annotations(request: Any, call: Call) -> MultiAnnotationResponse:  # noqa: ANN401
    """The annotations, each new; a region that is new is embedded and can be searched at once."""
    _check_count(request.annotations)
    known = access.known_inputs(call.photos, [one.input_id for one in request.annotations])
    for one in request.annotations:
        if one.input_id not in known:
            raise Refused(StatusCode.CONN_DOES_NOT_EXIST, f"there is no input {one.input_id!r}")
        if one.id and access.annotation_page(call.photos, access.Page(0, 1), ids=[one.id]):
            raise Refused(
                StatusCode.DATABASE_DUPLICATE_KEY, f"there is an annotation {one.id!r} already: duplicate id"
            )
        _box(one), _concepts(one)  # all of them can be, before any is written
    ids = [_write(one, one.id or uuid4().hex, call) for one in request.annotations]
    return MultiAnnotationResponse(status=ok(), annotations=_shown(ids, call))


def _check_count(given: Sequence[WireAnnotation]) -> None:
    if not 0 < len(given) <= MOST_AT_ONCE:
        raise Refused(INVALID, f"a request has 1 to {MOST_AT_ONCE} annotations, not {len(given)}")


def _write(one: WireAnnotation, id: str, call: Call) -> str:
    access.add_annotation(
        call.photos,
        one.input_id,
        id=id,
        source=source_of(one, call) or human(call.user),
        box=_box(one),
        concepts=_concepts(one),
        status=annotation_word(one.status.code) if one.status.code else None,
        info=_info(one),
    )
    return id


def _box(one: WireAnnotation) -> Box | None:
    if len(one.data.regions) > 1:
        raise Refused(INVALID, "an annotation has at most one region; send one annotation for each")
    return box_of(one.data.regions[0]) if one.data.regions else None


def _concepts(one: WireAnnotation) -> dict[str, float]:
    given = [
        *one.data.concepts,
        *(concept for region in one.data.regions for concept in region.data.concepts),
    ]
    return values_of(given, invalid=INVALID)


def _info(one: WireAnnotation) -> dict[str, Json] | None:
    return object_of(one.annotation_info) if one.HasField("annotation_info") else None


def _shown(ids: Sequence[str], call: Call) -> list[WireAnnotation]:
    return Shown(call).annotations([access.annotation(call.photos, id) for id in ids])


def get_annotation(request: Any, call: Call) -> SingleAnnotationResponse:  # noqa: ANN401
    """One annotation."""
    _of_input(request.annotation_id, request.input_id, call)
    return SingleAnnotationResponse(status=ok(), annotation=_shown([request.annotation_id], call)[0])


def _of_input(id: str, input: str, call: Call) -> Annotation:
    found = access.annotation(call.photos, id)
    if found.input_id != input:
        raise Refused(StatusCode.CONN_DOES_NOT_EXIST, f"input {input!r} has no annotation {id!r}")
    return found


def list_annotations(request: Any, call: Call) -> MultiAnnotationResponse:  # noqa: ANN401
    """A page of the annotations; those of models only if asked for."""
    page = page_of(request.page, request.per_page, invalid=INVALID)
    sources = [human(call.same_user(user)) for user in request.user_ids]
    sources += [f"model:{version}" for version in request.model_version_ids]
    if not sources and not request.list_all_annotations and not request.ids:
        sources = ["human"]
    found = access.annotation_page(
        call.photos,
        page,
        ids=request.ids,
        inputs=request.input_ids,
        sources=sources,
        statuses=[annotation_word(one.code) for one in request.statuses],
    )
    return MultiAnnotationResponse(status=ok(), annotations=Shown(call).annotations(found))


def patch_annotations(request: Any, call: Call) -> MultiAnnotationResponse:  # noqa: ANN401
    """The annotations, changed: concepts, status and info."""
    _check_count(request.annotations)
    action = request.action or "merge"
    if action not in ("merge", "overwrite", "remove"):
        raise Refused(INVALID, f"an action is merge, overwrite or remove, not {action!r}")
    before = [_of_input(one.id, one.input_id, call) for one in request.annotations]
    gone = []
    for one, old in zip(request.annotations, before, strict=True):
        if _patch(one, old, action, call) and action == "remove" and request.delete_if_empty_data:
            gone.append(old.id)
    shown = _shown([one.id for one in before], call)
    access.delete_annotations(call.photos, gone)
    return MultiAnnotationResponse(status=ok(), annotations=shown)


def _patch(one: WireAnnotation, old: Annotation, action: str, call: Call) -> bool:
    """Whether nothing is left of what the annotation said."""
    given = _concepts(one)
    match action:
        case "merge":
            concepts = {**old.concepts, **given}
        case "overwrite":
            concepts = given if one.HasField("data") else dict(old.concepts)
        case _:
            concepts = {concept: value for concept, value in old.concepts.items() if concept not in given}
    access.add_annotation(
        call.photos,
        old.input_id,
        id=old.id,
        source=old.source or human(call.user),
        box=old.box,
        concepts=concepts,
        status=annotation_word(one.status.code) if one.status.code else None,
        info=_info(one),
    )
    return not concepts


def delete_annotation(request: Any, call: Call) -> BaseResponse:  # noqa: ANN401
    """Nothing but the status."""
    _of_input(request.annotation_id, request.input_id, call)
    access.delete_annotations(call.photos, [request.annotation_id])
    return BaseResponse(status=ok())


def delete_annotations(request: Any, call: Call) -> BaseResponse:  # noqa: ANN401
    """Nothing but the status; all of them are gone, or none."""
    ids = list(request.ids)
    if request.input_ids and not ids:
        access.inputs(call.photos, request.input_ids)
        everything = access.Page(0, 1_000_000)
        found = access.annotation_page(call.photos, everything, inputs=request.input_ids, sources=["human"])
        ids = [one.id for one in found]
    elif not ids:
        raise Refused(INVALID, "name the annotations to delete in 'ids', or their inputs in 'input_ids'")
    access.delete_annotations(call.photos, ids)
    return BaseResponse(status=ok())
