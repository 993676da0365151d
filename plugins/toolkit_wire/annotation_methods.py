"""The API's methods about annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

from clarifai_grpc.grpc.api.resources_pb2 import Annotation as WireAnnotation
from clarifai_grpc.grpc.api.resources_pb2 import Concept
from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteAnnotationRequest,
    DeleteAnnotationsRequest,
    GetAnnotationRequest,
    ListAnnotationsRequest,
    MultiAnnotationResponse,
    PatchAnnotationsRequest,
    PostAnnotationsRequest,
    SingleAnnotationResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from toolkit.plugins import Annotation, Box, Source

from .annotation_facts import facts_of
from .batches import check_batch
from .calls import Call
from .message_writer import MessageWriter
from .pages import page_of
from .posted_concepts import name_concepts, values_of
from .regions import box_of_region
from .row_annotations import find_annotation, patched_concepts
from .sources import source_of, sources_of_version
from .status_names import annotation_status
from .statuses import Refused, ok

__all__ = [
    "delete_annotation",
    "delete_annotations",
    "get_annotation",
    "list_annotations",
    "patch_annotations",
    "post_annotations",
]

INVALID = StatusCode.ANNOTATION_INVALID_ARGUMENT


def post_annotations(request: PostAnnotationsRequest, call: Call) -> MultiAnnotationResponse:
    """Add annotations, all or none; a new region is embedded and can be searched at once.

    Parameters
    ----------
    request : PostAnnotationsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    check_batch(request.annotations, "annotations", invalid=INVALID)
    given = [_new(one, call) for one in request.annotations]
    _refuse_taken([one.id for one in given], call)
    written = call.photos.annotations.put(given)
    _name_concepts(request.annotations, call)
    return MultiAnnotationResponse(status=ok(), annotations=_shown(written, call))


def _refuse_taken(ids: Sequence[str], call: Call) -> None:
    there = [one.id for one in call.photos.annotations.page(ids=ids, limit=1)]
    for id in (*there, *(id for at, id in enumerate(ids) if id in ids[:at])):
        raise Refused(
            StatusCode.DATABASE_DUPLICATE_KEY, f"there is an annotation {id!r} already: duplicate id"
        )


def _new(one: WireAnnotation, call: Call) -> Annotation:
    return Annotation(
        id=one.id or uuid4().hex,
        input_id=one.input_id,
        region_id="",
        box=_box(one),
        source=source_of(one, call) or Source.human(call.user),
        concepts=_concepts(one, call),
        status=annotation_status(one.status.code) if one.status.code else "success",
        info=facts_of(one, before={}),
    )


def _box(one: WireAnnotation) -> Box | None:
    if len(one.data.regions) > 1:
        raise Refused(INVALID, "an annotation has at most one region; send one annotation for each")
    return box_of_region(one.data.regions[0]) if one.data.regions else None


def _concepts(one: WireAnnotation, call: Call) -> dict[str, float]:
    return values_of(_given_concepts(one), call, invalid=INVALID)


def _given_concepts(one: WireAnnotation) -> Iterator[Concept]:
    yield from one.data.concepts
    for region in one.data.regions:
        yield from region.data.concepts


def _name_concepts(given: Iterable[WireAnnotation], call: Call) -> None:
    name_concepts((concept for one in given for concept in _given_concepts(one)), call, invalid=INVALID)


def _shown(ids: Sequence[str], call: Call) -> list[WireAnnotation]:
    return MessageWriter(call).annotations([find_annotation(id, call) for id in ids])


def get_annotation(request: GetAnnotationRequest, call: Call) -> SingleAnnotationResponse:
    """One annotation.

    Parameters
    ----------
    request : GetAnnotationRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    _of_input(request.annotation_id, request.input_id, call)
    return SingleAnnotationResponse(status=ok(), annotation=_shown([request.annotation_id], call)[0])


def _of_input(id: str, input: str, call: Call) -> Annotation:
    found = find_annotation(id, call)
    if found.input_id != input:
        raise Refused(StatusCode.CONN_DOES_NOT_EXIST, f"input {input!r} has no annotation {id!r}")
    return found


def list_annotations(request: ListAnnotationsRequest, call: Call) -> MultiAnnotationResponse:
    """A page of the annotations; those of models only if asked for.

    Parameters
    ----------
    request : ListAnnotationsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    for what in ("user_ids", "model_version_ids", "statuses"):
        if given := getattr(request, what):
            check_batch(given, what, invalid=INVALID)
    sources: list[str] = [Source.human(call.same_user(user)) for user in request.user_ids]
    sources += [one for version in request.model_version_ids for one in sources_of_version(version, call)]
    if not sources and not request.list_all_annotations and not request.ids:
        sources = ["human"]
    found = call.photos.annotations.page(
        offset=page.offset,
        limit=page.limit,
        ids=request.ids or None,
        inputs=request.input_ids or None,
        sources=sources or None,
        statuses={annotation_status(one.code) for one in request.statuses} or None,
    )
    return MultiAnnotationResponse(status=ok(), annotations=MessageWriter(call).annotations(found))


def patch_annotations(request: PatchAnnotationsRequest, call: Call) -> MultiAnnotationResponse:
    """Change concepts, status and info of annotations.

    Parameters
    ----------
    request : PatchAnnotationsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        An action that the API does not have, or an annotation that is not there.
    """
    check_batch(request.annotations, "annotations", invalid=INVALID)
    action = request.action or "merge"
    if action not in ("merge", "overwrite", "remove"):
        raise Refused(INVALID, f"an action is merge, overwrite or remove, not {action!r}")
    after = [_patched(one, action, call) for one in request.annotations]
    written = call.photos.annotations.put(after)
    _name_concepts(request.annotations, call)
    shown = _shown(written, call)
    if action == "remove" and request.delete_if_empty_data:
        call.photos.annotations.delete(one.id for one in after if not one.concepts)
    return MultiAnnotationResponse(status=ok(), annotations=shown)


def _patched(one: WireAnnotation, action: str, call: Call) -> Annotation:
    """The annotation after the patch."""
    old = _of_input(one.id, one.input_id, call)
    nothing_given = action == "overwrite" and not one.HasField("data")
    return replace(
        old,
        source=old.source or Source.human(call.user),
        concepts=old.concepts
        if nothing_given
        else patched_concepts(old.concepts, _concepts(one, call), action),
        status=annotation_status(one.status.code) if one.status.code else old.status,
        info=facts_of(one, before=old.info, action=action),
    )


def delete_annotation(request: DeleteAnnotationRequest, call: Call) -> BaseResponse:
    """Delete one annotation.

    Parameters
    ----------
    request : DeleteAnnotationRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    _of_input(request.annotation_id, request.input_id, call)
    call.photos.annotations.delete([request.annotation_id])
    return BaseResponse(status=ok())


def delete_annotations(request: DeleteAnnotationsRequest, call: Call) -> BaseResponse:
    """Delete annotations, all or none.

    Parameters
    ----------
    request : DeleteAnnotationsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        No ids are given.
    """
    ids = list(request.ids)
    if request.input_ids and not ids:
        of_inputs = call.photos.annotations.of(request.input_ids)
        ids = [one.id for one in of_inputs if one.source.is_human]
    elif not ids:
        raise Refused(INVALID, "name the annotations to delete in 'ids', or their inputs in 'input_ids'")
    call.photos.annotations.delete(ids)
    return BaseResponse(status=ok())
