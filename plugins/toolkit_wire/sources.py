"""Sources of annotations: the API's users and models, and the sources of the collection.

A person is ``human:<user id>``. A model is ``model:<name>@<version>``; on the wire its id is ``<name>`` and the id
of its version ``<name>@<version>``, so that one version id says it all. A version of a model that a client made,
``porches@1``, stands for what was trained as it: ``trained-porch@1``.
"""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import Annotation

from toolkit.plugins import Source

from .calls import Call
from .client_models import client_models

__all__ = ["describe_source", "source_of", "sources_of", "sources_of_version", "trained_sources"]


def source_of(annotation: Annotation, call: Call) -> Source:
    """The source that an annotation of a request names; empty if none.

    Parameters
    ----------
    annotation : Annotation
        An annotation of the request.
    call : Call
        The collection asked, and who asks.
    """
    worker = annotation.worker
    if user := annotation.user_id or worker.user.id:
        return Source.human(call.same_user(user))
    model = annotation.model_version_id or worker.model.model_version.id or worker.model.id
    return Source.model(model) if model else Source()


def sources_of(annotation: Annotation, call: Call) -> list[Source]:
    """The sources whose annotations an annotation of a request asks for; none if it names none.

    Parameters
    ----------
    annotation : Annotation
        An annotation of the request.
    call : Call
        The collection asked, and who asks.
    """
    source = source_of(annotation, call)
    if not source or source.is_human:
        return [source] if source else []
    return sources_of_version(source.full_name, call)


def sources_of_version(version: str, call: Call) -> list[Source]:
    """The source of a version's annotations, and of what was trained as it.

    Parameters
    ----------
    version : str
        ``pixels@1``, or a client's ``porches@1``.
    call : Call
        The collection asked, and who asks.
    """
    return [Source.model(version), *(trained_sources(version, call) or {}).values()]


def trained_sources(version: str, call: Call) -> dict[str, Source] | None:
    """By concept, the source of what was trained as a version of a client's model; None if it is no such version.

    Parameters
    ----------
    version : str
        ``porches@1``, or ``porches`` for the last one.
    call : Call
        The collection asked, and who asks.
    """
    for model in client_models(call.photos).values():
        ids = {one.message.id: one for one in model.versions}
        found = model.version("") if version == model.message.id else ids.get(version)
        if found is not None:
            return {concept: Source.model(trained) for concept, trained in found.trained.items()}
    return None


def describe_source(source: Source, annotation: Annotation) -> None:
    """Write the source of an annotation into its message.

    Parameters
    ----------
    source : Source
        Who made the annotation: ``human:<user>`` or ``model:<name>@<version>``.
    annotation : Annotation
        The annotation's message.
    """
    if source.is_human:
        annotation.user_id = source.name
        annotation.worker.user.id = source.name
    else:
        annotation.model_version_id = source.full_name
        annotation.worker.model.id = source.name
        annotation.worker.model.model_version.id = source.full_name
