"""A rank of a request as a query."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Data, Image, Rank, Text
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Query

from .calls import Call
from .concept_terms import concept_rank
from .fields import only_fields
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

    Raises
    ------
    Refused
        40002: it says something that cannot be ranked by; left out, it would rank every input alike.
    """
    only_fields(annotation, _ANNOTATION, where="a rank")
    only_fields(annotation.data, _DATA, where="a rank")
    model = annotation.model_version_id
    parts = list(_of_data(annotation.data, call, language=language, model=model, negate=negate))
    if annotation.input_id:
        parts.append(make_term("input", annotation.input_id, by="mean", **_space(model)))
    if not parts and model:
        raise _unserved("model_version_id says which model counts; a rank also needs what to rank by")
    if not parts:
        return None
    whole = reduce(and_, parts)
    return ~whole if negate else whole


def _of_data(data: Data, call: Call, *, language: str, model: str, negate: bool) -> Iterator[Query]:
    for one in data.concepts:
        yield concept_rank(one, call, language=language, model=model, negate=negate)
    if data.HasField("image"):
        yield make_term("image", {"base64": _picture(data.image, call)}, **_space(model))
    for embedding in data.embeddings:
        yield make_term("embedding", list(embedding.vector), **_space(model))
    if data.HasField("text"):
        yield _text(data.text, call, language=language, model=model)


def _space(model: str) -> dict[str, str]:
    return {"space": model} if model else {}


def _picture(image: Image, call: Call) -> str:
    only_fields(image, ("url", "base64", "allow_duplicate_url"), where="a rank's image")
    if not (image.url or image.base64):
        raise _unserved("a rank's image needs a url or base64")
    return call.pictures.base64(image)


def _text(text: Text, call: Call, *, language: str, model: str) -> Query:
    only_fields(text, ("raw",), where="a rank's text")
    if not text.raw.strip():
        raise _unserved("a rank's text needs words in 'raw'")
    if "text" not in call.photos.registry.rankers:
        raise _unserved(
            "a rank by text needs a model that embeds words and pictures into one space, and no plugin here brings "
            "one; rank by a concept's name instead"
        )
    return make_term("text", text.raw, **({"language": language} if language else {}), **_space(model))


def _unserved(details: str) -> Refused:
    return Refused(StatusCode.SEARCH_INVALID_REQUEST, details)
