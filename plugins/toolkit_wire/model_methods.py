"""The API's methods about models: a client makes one, the collection's own are listed beside it."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from clarifai_grpc.grpc.api.resources_pb2 import Model
from clarifai_grpc.grpc.api.service_pb2 import (
    DeleteModelRequest,
    DeleteModelsRequest,
    GetModelRequest,
    ListModelsRequest,
    MultiModelResponse,
    PatchModelsRequest,
    PostModelsRequest,
    PostModelsSearchesRequest,
    SingleModelResponse,
)
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from .batches import check_batch
from .calls import Call
from .client_models import ClientModel, add_models, change_model, client_models, delete_models
from .model_messages import every_model, model_message
from .own_models import PUBLIC_MODELS
from .pages import Page, page_of
from .statuses import Refused, ok
from .trainings import forget

__all__ = [
    "delete_model",
    "delete_models_of",
    "get_model",
    "get_model_output_info",
    "list_models",
    "patch_models",
    "post_models",
    "post_models_searches",
]

INVALID = StatusCode.MODEL_INVALID_REQUEST
_TRAINED = StatusCode.MODEL_TRAINED


def post_models(request: PostModelsRequest, call: Call) -> SingleModelResponse:
    """Make models; they are untrained until a version of them is posted.

    Parameters
    ----------
    request : PostModelsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        21203: a model without an id. 40010: one is there already.
    """
    posted = list(request.models) or ([request.model] if request.HasField("model") else [])
    check_batch(posted, "models", invalid=INVALID)
    ids = [one.id for one in posted]
    for at, id in enumerate(ids):
        if not id.strip() or "@" in id:
            raise Refused(INVALID, "a model needs an id, and no '@' in it")
        if id in PUBLIC_MODELS or id in ids[:at]:
            raise Refused(StatusCode.DATABASE_DUPLICATE_KEY, f"there is a model {id!r} already: duplicate id")
    add_models(call.photos, [_named(one) for one in posted])
    return SingleModelResponse(status=ok(), model=model_message(ids[-1], "", call))


def _named(posted: Model) -> Model:
    made = Model()
    made.CopyFrom(posted)
    made.name = posted.name or posted.id
    made.model_type_id = posted.model_type_id or "embedding-classifier"
    for field in ("model_version", "version_count"):
        made.ClearField(field)
    return made


def get_model(request: GetModelRequest, call: Call) -> SingleModelResponse:
    """One model with one of its versions, the last one by default.

    Parameters
    ----------
    request : GetModelRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return SingleModelResponse(status=ok(), model=model_message(request.model_id, request.version_id, call))


def get_model_output_info(request: GetModelRequest, call: Call) -> SingleModelResponse:
    """One model with the concepts that it predicts.

    Parameters
    ----------
    request : GetModelRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    return get_model(request, call)


def list_models(request: ListModelsRequest, call: Call) -> MultiModelResponse:
    """A page of the models: those of the collection, and those that clients made.

    Parameters
    ----------
    request : ListModelsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.page, request.per_page, invalid=INVALID)
    pattern = request.name or request.query or request.search
    found = _like(every_model(call), pattern, request.model_type_id)
    if request.trained_only:
        found = [one for one in found if one.model_version.status.code == _TRAINED]
    return _page(found, page)


def post_models_searches(request: PostModelsSearchesRequest, call: Call) -> MultiModelResponse:
    """The models with a name or an id that matches a pattern with ``*``.

    Parameters
    ----------
    request : PostModelsSearchesRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    page = page_of(request.pagination.page, request.pagination.per_page, invalid=INVALID)
    return _page(_like(every_model(call), request.model_query.name, request.model_query.model_type_id), page)


def _like(models: Sequence[Model], pattern: str, type: str) -> list[Model]:
    wanted = pattern.lower() if "*" in pattern else f"*{pattern.lower()}*"
    return [
        one
        for one in models
        if type in ("", one.model_type_id)
        and any(fnmatchcase(name.lower(), wanted) for name in (one.id, one.name))
    ]


def _page(found: Sequence[Model], page: Page) -> MultiModelResponse:
    return MultiModelResponse(status=ok(), models=page.of(found))


def patch_models(request: PatchModelsRequest, call: Call) -> MultiModelResponse:
    """Change names, descriptions and the like of models that clients made.

    Parameters
    ----------
    request : PatchModelsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        Another action than overwriting or merging.
    """
    if request.action not in ("", "overwrite", "merge"):
        raise Refused(INVALID, f"a model is changed by 'overwrite' or 'merge', not by {request.action!r}")
    check_batch(request.models, "models", invalid=INVALID)
    for given in request.models:

        def change(stored: ClientModel, given: Model = given) -> None:
            count = stored.message.version_count
            stored.message.MergeFrom(given)
            stored.message.ClearField("model_version")
            stored.message.version_count = count

        change_model(call.photos, given.id, change)
    return MultiModelResponse(status=ok(), models=[model_message(one.id, "", call) for one in request.models])


def delete_model(request: DeleteModelRequest, call: Call) -> BaseResponse:
    """Delete a model that a client made, with what it predicted.

    Parameters
    ----------
    request : DeleteModelRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    _delete([request.model_id], call)
    return BaseResponse(status=ok())


def delete_models_of(request: DeleteModelsRequest, call: Call) -> BaseResponse:
    """Delete models that clients made, some or all, with what they predicted.

    Parameters
    ----------
    request : DeleteModelsRequest
        The API's message.
    call : Call
        The collection asked, and who asks.
    """
    ids = list(request.ids) or (list(client_models(call.photos)) if request.delete_all else [])
    if not request.delete_all:
        check_batch(ids, "ids", invalid=INVALID)
    _delete(ids, call)
    return BaseResponse(status=ok())


def _delete(ids: Sequence[str], call: Call) -> None:
    for gone in delete_models(call.photos, ids):
        for version in gone.versions:
            forget(call.photos, version.trained)
