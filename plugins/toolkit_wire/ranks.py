"""A rank of a request as a query."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Data, Rank
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Query

from .calls import Call
from .concept_terms import concept_rank
from .fields import is_empty, only_fields
from .make_term import make_term
from .statuses import Refused

__all__ = ["rank_query"]

_ANNOTATION = ("data", "input_id", "model_version_id")
_DATA = ("concepts", "embeddings", "image", "text")


def rank_query(one: Rank, call: Call, *, language: str) -> Query | None:
    """The query of a rank: all its parts must hold. None if it is empty.

    Parameters
    ----------
    one : Rank
        A rank of the request.
    call : Call
        The collection asked, and who asks.
    language : str
        The language of concept names; empty for the collection's own.
    """
    return annotation_rank(one.annotation, call, language=language, negate=one.negate)


def annotation_rank(annotation: Annotation, call: Call, *, language: str, negate: bool) -> Query | None:
    """The query of a rank's annotation; None if it is empty.

    Parameters
    ----------
    annotation : Annotation
        The rank's annotation.
    call : Call
        The collection asked, and who asks.
    language : str
        The language of concept names; empty for the collection's own.
    negate : bool
        Whether the part of the request is negated.
    """
    only_fields(annotation, _ANNOTATION, where="a rank")
    only_fields(annotation.data, _DATA, where="a rank")
    model = annotation.model_version_id
    parts = list(_of_data(annotation.data, call, language=language, model=model, negate=negate))
    if annotation.input_id:
        parts.append(make_term("input", annotation.input_id, by="mean", **_space(model)))
    if not parts:
        return None
    whole = reduce(and_, parts)
    return ~whole if negate else whole


def _of_data(data: Data, call: Call, *, language: str, model: str, negate: bool) -> Iterator[Query]:
    for one in data.concepts:
        yield concept_rank(one, call, language=language, model=model, negate=negate)
    if not is_empty(data.image):
        yield make_term("image", {"base64": call.pictures.base64(data.image)}, **_space(model))
    for embedding in data.embeddings:
        yield make_term("embedding", list(embedding.vector), **_space(model))
    if data.text.raw:
        yield _text(data.text.raw, call)


def _space(model: str) -> dict[str, str]:
    return {"space": model} if model else {}


def _text(raw: str, call: Call) -> Query:
    if "text" in call.photos.registry.rankers:
        return make_term("text", raw)
    raise Refused(
        StatusCode.SEARCH_INVALID_REQUEST,
        "a rank by text needs a model that embeds words and pictures into one space, and no plugin here brings "
        "one; rank by a concept's name instead",
    )
