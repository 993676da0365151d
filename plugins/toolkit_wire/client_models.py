"""The models that clients made, as they are stored with the collection."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from clarifai_grpc.grpc.api.resources_pb2 import Model, ModelVersion
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Collection
from toolkit.plugins import Json

from .codec import Object, merge
from .message_json import json_of
from .statuses import Refused, status
from .structs import write_timestamp

__all__ = ["ClientModel", "ClientVersion", "add_models", "change_model", "client_models", "delete_models"]

_STORED = "toolkit_wire.models"


@dataclass(slots=True)
class ClientVersion:
    """A version of a client's model: one training of its concepts.

    Parameters
    ----------
    message : ModelVersion
        As it was posted, with its id, times and status.
    trained : mapping of str to str
        By concept, the version of the trained concept: ``trained-porch@1``.
    """

    message: ModelVersion
    trained: dict[str, str] = field(default_factory=dict)

    @property
    def concepts(self) -> list[str]:
        """The ids of the concepts that it predicts."""
        return [one.id for one in self.message.output_info.data.concepts]


@dataclass(slots=True)
class ClientModel:
    """A model that a client made.

    Parameters
    ----------
    message : Model
        As it was posted, with its times.
    versions : list of ClientVersion
        The first one first.
    """

    message: Model
    versions: list[ClientVersion] = field(default_factory=list)

    def version(self, id: str) -> ClientVersion | None:
        """The version of an id, such as ``porches@1`` or ``1``; the last one for an empty id.

        Raises
        ------
        Refused
            21200: there is none of that id.
        """
        if not id:
            return self.versions[-1] if self.versions else None
        for one in self.versions:
            if id in (one.message.id, one.message.id.rpartition("@")[2]):
                return one
        known = ", ".join(one.message.id for one in self.versions) or "none"
        why = f"model {self.message.id!r} has no version {id[:80]!r}; there are: {known}"
        raise Refused(StatusCode.MODEL_DOES_NOT_EXIST, why)

    def add_version(self, posted: ModelVersion) -> ClientVersion:
        """The next version, which waits to be trained."""
        self.message.version_count += 1  # of all that there were, so that no id comes twice
        made = ClientVersion(ModelVersion())
        made.message.CopyFrom(posted)
        made.message.id = f"{self.message.id}@{self.message.version_count}"
        made.message.active_concept_count = len(made.concepts)
        made.message.status.CopyFrom(status(StatusCode.MODEL_QUEUED_FOR_TRAINING))
        made.message.metrics.status.CopyFrom(status(StatusCode.MODEL_NOT_EVALUATED))
        for moment in (made.message.created_at, made.message.modified_at):
            write_timestamp(time.time(), moment)
        self.versions.append(made)
        return made


def client_models(photos: Collection) -> dict[str, ClientModel]:
    """The models that clients made, by id, in order of creation."""
    return _read(photos.plugin_data.get(_STORED))


def add_models(photos: Collection, posted: Sequence[Model]) -> None:
    """Store new models; all or none.

    Parameters
    ----------
    photos : Collection
        Where they are stored.
    posted : sequence of Model
        Each with an id.

    Raises
    ------
    Refused
        40010: one is there already.
    """

    def change(models: dict[str, ClientModel]) -> None:
        for one in posted:
            if one.id in models or one.id in photos.models:
                why = f"there is a model {one.id!r} already: duplicate id"
                raise Refused(StatusCode.DATABASE_DUPLICATE_KEY, why)
            made = ClientModel(Model())
            made.message.CopyFrom(one)
            for moment in (made.message.created_at, made.message.modified_at):
                write_timestamp(time.time(), moment)
            models[one.id] = made

    _change(photos, change)


def change_model(photos: Collection, id: str, change: Callable[[ClientModel], None]) -> ClientModel:
    """A client's model, once it is changed.

    Parameters
    ----------
    photos : Collection
        Where it is stored.
    id : str
        Its id.
    change : callable
        Changes it in place; what it raises leaves it as it was.

    Raises
    ------
    Refused
        21200: there is no such model.
    """

    def change_one(models: dict[str, ClientModel]) -> None:
        change(_required(models, id))
        write_timestamp(time.time(), models[id].message.modified_at)

    return _change(photos, change_one)[id]


def delete_models(photos: Collection, ids: Sequence[str]) -> list[ClientModel]:
    """The models that are deleted; all or none.

    Parameters
    ----------
    photos : Collection
        Where they are stored.
    ids : sequence of str
        Their ids.

    Raises
    ------
    Refused
        21200: there is no such model.
    """
    gone: list[ClientModel] = []

    def change(models: dict[str, ClientModel]) -> None:
        gone.extend(_required(models, id) for id in dict.fromkeys(ids))
        for id in dict.fromkeys(ids):
            del models[id]

    _change(photos, change)
    return gone


def _required(models: Mapping[str, ClientModel], id: str) -> ClientModel:
    if id not in models:
        known = ", ".join(models) or "none"
        why = f"no client made a model {id[:80]!r} here; those that were made: {known}"
        raise Refused(StatusCode.MODEL_DOES_NOT_EXIST, why)
    return models[id]


def _change(photos: Collection, change: Callable[[dict[str, ClientModel]], None]) -> dict[str, ClientModel]:
    after: dict[str, ClientModel] = {}

    def changed(before: Json) -> Json:
        after.update(_read(before))
        change(after)
        return {id: _written(one) for id, one in after.items()}

    photos.plugin_data.change(_STORED, changed)
    return after


def _read(stored: Json) -> dict[str, ClientModel]:
    models = cast("dict[str, Object]", stored or {})
    found = {
        id: ClientModel(
            merge(one["model"], Model()),
            [
                ClientVersion(merge(each["version"], ModelVersion()), dict(each["trained"]))
                for each in one["versions"]
            ],
        )
        for id, one in models.items()
    }
    return dict(sorted(found.items(), key=lambda pair: pair[1].message.created_at.ToNanoseconds()))


def _written(model: ClientModel) -> Json:
    versions = [
        {"version": cast(Json, json_of(one.message)), "trained": dict(one.trained)} for one in model.versions
    ]
    return {"model": cast(Json, json_of(model.message)), "versions": versions}
