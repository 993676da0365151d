"""Who says something: the API's users and models, and the sources of the collection.

A person is ``human:<user id>``. A model is ``model:<name>@<version>``; on the wire its id is ``<name>`` and the id
of its version ``<name>@<version>``, so that one version id says it all.
"""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import Annotation

from .calls import Call

__all__ = ["describe_source", "human", "source_of"]


def human(user: str) -> str:
    """The source that a user is."""
    return f"human:{user}"


def source_of(annotation: Annotation, call: Call) -> str:
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
        return human(call.same_user(user))
    model = annotation.model_version_id or worker.model.model_version.id or worker.model.id
    return f"model:{model}" if model else ""


def describe_source(source: str, annotation: Annotation) -> None:
    """Write into an annotation who made it.

    Parameters
    ----------
    source : str
        Who made the annotation: ``human:<user>`` or ``model:<name>@<version>``.
    annotation : Annotation
        The annotation's message.
    """
    kind, _, name = source.partition(":")
    if kind == "human":
        annotation.user_id = name
        annotation.worker.user.id = name
    else:
        annotation.model_version_id = name
        annotation.worker.model.id = name.partition("@")[0]
        annotation.worker.model.model_version.id = name
