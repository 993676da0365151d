"""Workflows: the one that runs over every picture of the collection, and those that clients made of its models."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import cast

from clarifai_grpc.grpc.api.resources_pb2 import Workflow
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Collection
from toolkit.plugins import Json

from .calls import Call
from .codec import Object, merge
from .message_json import json_of
from .model_messages import model_message
from .own_models import own_models
from .statuses import Refused
from .structs import write_timestamp

__all__ = [
    "BASE",
    "add_workflows",
    "delete_workflows",
    "every_workflow",
    "stored_workflows",
    "workflow_message",
]

BASE = "base"
PUBLIC = ("General", "Universal")  # the API's own names for what runs over every picture
_STORED = "toolkit_wire.workflows"


def workflow_message(id: str, call: Call) -> Workflow:
    """A workflow, by its id or by the public one that stands for the collection's own.

    Parameters
    ----------
    id : str
        The workflow's id.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        22102: there is none of that id.
    """
    stored = stored_workflows(call.photos)
    if id in stored:
        return _shown(stored[id], call)
    if id in (BASE, *PUBLIC):
        return _base(id, call)
    known = ", ".join((BASE, *stored))
    raise Refused(StatusCode.WORKFLOW_DOES_NOT_EXIST, f"no workflow {id[:80]!r} here; there are: {known}")


def every_workflow(call: Call) -> list[Workflow]:
    """The collection's own workflow, and those that clients made."""
    return [_base(BASE, call), *(_shown(one, call) for one in stored_workflows(call.photos).values())]


def stored_workflows(photos: Collection) -> dict[str, Workflow]:
    """The workflows that clients made, by id, in order of creation."""
    return _read(photos.plugin_data.get(_STORED))


def add_workflows(posted: Sequence[Workflow], call: Call) -> None:
    """Store new workflows; all or none.

    Parameters
    ----------
    posted : sequence of Workflow
        Workflows of the request.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        22100: one is there already. 22104: one has no id or no nodes. 21200: a node's model is none of this collection.
    """
    for one in posted:
        if not one.id.strip() or not one.nodes:
            raise Refused(StatusCode.WORKFLOW_INVALID_ARGUMENT, "a workflow needs an id and nodes")
        if one.id in (BASE, *PUBLIC):
            why = f"{one.id!r} is what runs over every picture here; it is changed with toolkit index and workflow"
            raise Refused(StatusCode.WORKFLOW_DUPLICATE, why)
        for node in one.nodes:
            model_message(node.model.id, node.model.model_version.id, call)

    def added(before: Json) -> Json:
        workflows = _read(before)
        for one in posted:
            if one.id in workflows:
                why = f"there is a workflow {one.id!r} already: duplicate id"
                raise Refused(StatusCode.WORKFLOW_DUPLICATE, why)
            made = Workflow()
            made.CopyFrom(one)
            for moment in (made.created_at, made.modified_at):
                write_timestamp(time.time(), moment)
            workflows[one.id] = made
        return _written(workflows)

    call.photos.plugin_data.change(_STORED, added)


def delete_workflows(ids: Sequence[str], photos: Collection) -> None:
    """Delete workflows that clients made; all or none.

    Parameters
    ----------
    ids : sequence of str
        Their ids.
    photos : Collection
        Where they are stored.

    Raises
    ------
    Refused
        22102: there is none of that id.
    """

    def without(before: Json) -> Json:
        workflows = _read(before)
        for id in dict.fromkeys(ids):
            if id not in workflows:
                why = f"no client made a workflow {id[:80]!r} here"
                raise Refused(StatusCode.WORKFLOW_DOES_NOT_EXIST, why)
            del workflows[id]
        return _written(workflows)

    photos.plugin_data.change(_STORED, without)


def _base(id: str, call: Call) -> Workflow:
    shown = Workflow(id=id, app_id=call.app, user_id=call.user)
    shown.version.id = BASE
    for name, one in own_models(call).items():
        if "trained" not in one.kinds:
            shown.nodes.add(id=name, model=one.message(name, call))
    return shown


def _shown(stored: Workflow, call: Call) -> Workflow:
    shown = Workflow()
    shown.CopyFrom(stored)
    shown.app_id, shown.user_id = call.app, call.user
    shown.version.id = shown.version.id or stored.id
    return shown


def _read(stored: Json) -> dict[str, Workflow]:
    found = {id: merge(one, Workflow()) for id, one in cast("dict[str, Object]", stored or {}).items()}
    return dict(sorted(found.items(), key=lambda pair: pair[1].created_at.ToNanoseconds()))


def _written(workflows: dict[str, Workflow]) -> Json:
    return {id: cast(Json, json_of(one)) for id, one in workflows.items()}
