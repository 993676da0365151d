"""A concept of a request as a term that ranks, or as a filter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from clarifai_grpc.grpc.api.resources_pb2 import Concept
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Query
from toolkit.plugins import Source

from .calls import Call
from .make_term import make_term
from .statuses import Refused

__all__ = ["concept_rank", "label_filter"]

Options = dict[str, str | float | bool]


def concept_rank(one: Concept, call: Call, *, language: str, model: str, negate: bool) -> Query:
    """The term that ranks by a concept: 1 asks for its presence, 0 for its absence.

    A gRPC message has the value 0 also where none was written. In a part that is negated it is then read as
    unset, which is what the documentation's own examples of ``negate`` mean.

    Parameters
    ----------
    one : Concept
        A concept of the request.
    call : Call
        The collection asked, and who asks.
    language : str
        The language of names; empty for the collection's own.
    model : str
        The version of the model whose predictions count; empty for all.
    negate : bool
        Whether the part of the request is negated.
    """
    name, options = _named(one, call, language)
    unset = negate and one.value == 0 and not call.caller.value_is_explicit
    value = 1.0 if unset else float(one.value)
    if value != 1:
        options["value"] = _checked(value)
    if model:
        options["source"] = Source.model(model)
    return make_term("concept", name, **options)


def label_filter(
    concepts: Sequence[Concept], call: Call, *, language: str, source: str, negate: bool
) -> Query:
    """The filter for rows that are labeled with any of the concepts.

    Parameters
    ----------
    concepts : sequence of Concept
        Concepts of the request.
    call : Call
        The collection asked, and who asks.
    language : str
        The language of names; empty for the collection's own.
    source : str
        Whose labels count; empty for everybody's.
    negate : bool
        Whether the part of the request is negated.
    """
    return reduce(or_, [_labeled(one, call, language, source, negate=negate) for one in concepts])


def _labeled(one: Concept, call: Call, language: str, source: str, *, negate: bool) -> Query:
    name, options = _named(one, call, language)
    unset = negate and one.value == 0 and not call.caller.value_is_explicit
    value = 1.0 if unset or _checked(one.value) >= 0.5 else 0.0

    def label(value: float, by: str) -> Query:
        return make_term("label", name, **options, value=value, source=by)

    if source:
        return label(value, source)
    # A person's label outweighs a model's, as it does in ranks.
    return label(value, "human") | (label(value, "model") & ~label(1 - value, "human"))


def _named(one: Concept, call: Call, language: str) -> tuple[str, Options]:
    """The concept's id, or its name and the option of its language."""
    if one.id and (not one.name or one.id in call.photos.concepts):
        # By id that concept alone is meant, by name all that it names. An unknown id is refused or looked up as before.
        return one.id, {"exact": True} if one.id in call.photos.concepts else {}
    if not one.name:
        raise Refused(StatusCode.SEARCH_INVALID_REQUEST, "a concept needs an id or a name")
    tag = one.language or language
    return one.name, {"language": tag} if tag else {}


def _checked(value: float) -> float:
    if not 0 <= value <= 1:
        raise Refused(StatusCode.SEARCH_INVALID_REQUEST, f"a concept's value is from 0 to 1, not {value}")
    return float(value)
