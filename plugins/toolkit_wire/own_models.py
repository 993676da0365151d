"""The models of a collection under the ids that clients use for them, the API's public ones among them."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from clarifai_grpc.grpc.api.resources_pb2 import Model
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit.plugins import ConceptModel, Detector, Embedder, ToolkitError

from .calls import Call
from .statuses import Refused, status

__all__ = ["PUBLIC_MODELS", "OwnModel", "own_model", "own_models"]

# What the API's public models are here: the first model of that kind in the collection's workflow.
PUBLIC_MODELS: Mapping[str, str] = {
    "aaa03c23b3724a16a56b629203edc62c": "concept_model",
    "general-image-recognition": "concept_model",
    "bbb5f41425b8468d9b7a554ff10f8581": "embedder",
    "general-image-embedding": "embedder",
    "general-image-detection": "detector",
}
# The API's types of models, by kind; those that predict concepts come first.
_TYPES: Mapping[str, str] = {
    "concept_model": "visual-classifier",
    "trained": "embedding-classifier",
    "detector": "visual-detector",
    "embedder": "visual-embedder",
}


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A model of the collection.

    Parameters
    ----------
    name : str
        What the collection calls it.
    version : str
        ``name@version``.
    kinds : sequence of str
        ``concept_model``, ``trained``, ``detector`` or ``embedder``; one network may be several.
    """

    name: str
    version: str
    kinds: Sequence[str]

    @property
    def type(self) -> str:
        """The API's type: ``visual-classifier`` and the like."""
        return next((name for kind, name in _TYPES.items() if kind in self.kinds), "")

    def message(self, id: str, call: Call) -> Model:
        """The API's message.

        Parameters
        ----------
        id : str
            As it was asked for.
        call : Call
            The collection asked, and who asks.
        """
        shown = Model(id=id, name=self.name, app_id=call.app, user_id=call.user, model_type_id=self.type)
        shown.model_version.id = self.version
        shown.model_version.app_id, shown.model_version.user_id = call.app, call.user
        shown.model_version.status.CopyFrom(status(StatusCode.MODEL_TRAINED))
        return shown


def own_models(call: Call) -> dict[str, OwnModel]:
    """The models of the collection by name, those that predict concepts first."""
    order = list(_TYPES.values())
    models = [OwnModel(name, one, one.kinds) for name, one in call.photos.models.items()]
    return {one.name: one for one in sorted(models, key=lambda one: order.index(one.type))}


def own_model(id: str, version: str, call: Call) -> OwnModel:
    """A model of the collection, by its name or by the id of the public model that it stands for.

    Parameters
    ----------
    id : str
        ``pixels``, or the id of the API's general model.
    version : str
        ``pixels@1``, ``1``, or empty; of a public model any.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        21200: there is none of that id, or none of that version.
    """
    models = own_models(call)
    if id in models:
        found = models[id]
        if version not in ("", found.version, found.version.partition("@")[2]):
            raise Refused(StatusCode.MODEL_DOES_NOT_EXIST, f"model {id!r} has the version {found.version!r}")
        return found
    if kind := PUBLIC_MODELS.get(id):
        if name := _first_of(kind, models, call):
            return models[name]
        why = (
            f"{id!r} stands for the collection's {kind.replace('_', ' ')}, and it has none: see toolkit index"
        )
        raise Refused(StatusCode.MODEL_DOES_NOT_EXIST, why)
    known = ", ".join(models) or "none"
    raise Refused(StatusCode.MODEL_DOES_NOT_EXIST, f"no model {id[:80]!r} here; there are: {known}")


def _first_of(kind: str, models: Container[str], call: Call) -> str | None:
    """The name of the first model of a kind in the workflow, of those that run here."""
    workflow, registry = call.photos.workflow, call.photos.registry
    of_kind: Mapping[str, tuple[Sequence[str], Callable[[str], ConceptModel | Embedder | Detector]]] = {
        "concept_model": (workflow.concept_models, registry.concept_model),
        "embedder": (workflow.embedders, registry.embedder),
        "detector": (workflow.detectors, registry.detector),
    }
    specs, model_of = of_kind[kind]
    for spec in specs:
        with suppress(ToolkitError):  # of a plugin that is not installed here
            if (name := model_of(spec).name) in models:
                return name
    return None
