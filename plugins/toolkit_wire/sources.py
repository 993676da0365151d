"""Sources of annotations: the API's users and models, and the sources of the collection.

A person is ``human:<user id>``. A model is ``model:<name>@<version>``; on the wire its id is ``<name>`` and the id
of its version ``<name>@<version>``, so that one version id says it all.
"""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import Annotation

from toolkit.plugins import Source

from .calls import Call

__all__ = ["describe_source", "source_of"]


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
