"""A concept of a request as a term that ranks, or as a filter.

A rank is what models are confident of, a filter is what is labeled. By its id a concept is that concept alone, by its
name every concept of that name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import product
from operator import or_

from clarifai_grpc.grpc.api.resources_pb2 import Concept
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Query
from toolkit.plugins import Source

from .calls import Call
from .make_term import make_term
from .sources import trained_sources
from .statuses import Refused

__all__ = ["concept_rank", "label_filter"]

Options = dict[str, str | float | bool]
ANY_MODEL, ANYBODY = "model", "any"


def concept_rank(one: Concept, call: Call, *, language: str, model: str, negate: bool) -> Query:
    """The term that ranks by a concept: 1 asks for its presence, 0 for its absence.

    Parameters
    ----------
    one : Concept
        A concept of the request.
    call : Call
        The collection asked, and who asks.
    language : str
        The language of names; empty for the collection's own.
    model : str
        The version of the model whose predictions count; empty for the one that was trained for the concept here, else
        for all.
    negate : bool
        Whether the part of the request is negated.

    Raises
    ------
    Refused
        40002: no concept has the id, a client's version does not predict it, or a value outside [0, 1].
    """
    if one.id and one.id not in call.photos.concepts:
        details = f"no concept has the id {one.id!r}; a word is looked up where it is sent as 'name'"
        raise Refused(StatusCode.SEARCH_INVALID_REQUEST, details)
    name, options = _named(one, language)
    value = _value(one, negate=negate)
    if value != 1:
        options["value"] = value
    trained = trained_sources(model, call) if model else None
    if trained is not None:
        options = {"exact": True, **({} if value == 1 else {"value": value})}
        meant = _of_version(one, model, trained, call)
        return reduce(or_, [make_term("concept", id, **options, source=trained[id]) for id in meant])
    options["source"] = Source.model(model) if model else _trained(one.id, call) or ANY_MODEL
    return make_term("concept", name, **options)


def _of_version(one: Concept, version: str, trained: Mapping[str, Source], call: Call) -> list[str]:
    """The concepts that are meant, of those that a client's version predicts."""
    ids = [one.id] if one.id else [one.name, *(each.id for each in call.photos.concepts.named(one.name))]
    meant = [id for id in dict.fromkeys(ids) if id in trained]
    if not meant:
        known = ", ".join(trained) or "nothing, as it is not trained"
        details = f"{version!r} does not predict {one.id or one.name!r}; it predicts: {known}"
        raise Refused(StatusCode.SEARCH_INVALID_REQUEST, details)
    return meant


def label_filter(
    concepts: Sequence[Concept], *, language: str, sources: Sequence[str], negate: bool
) -> Query:
    """The filter for rows that are labeled with any of the concepts; of an unknown one there are none.

    Where a concept is to be absent, the whole picture is judged: a tie is not without a person where the picture
    shows one.

    Parameters
    ----------
    concepts : sequence of Concept
        Concepts of the request.
    language : str
        The language of names; empty for the collection's own.
    sources : sequence of str
        Whose labels count, any of them; empty for those of people and, where people say nothing, of models.
    negate : bool
        Whether the part of the request is negated.
    """
    wanted = product(concepts, sources or [ANYBODY])
    return reduce(or_, [_labeled(one, language, source, negate=negate) for one, source in wanted])


def _labeled(one: Concept, language: str, source: str, *, negate: bool) -> Query:
    name, options = _named(one, language)
    wanted = _value(one, negate=negate) >= 0.5
    if not wanted:
        options["value"] = 0.0
    if negate or not wanted:
        options["picture"] = True
    return make_term("label", name, **options, source=source, missing_ok=True)


def _named(one: Concept, language: str) -> tuple[str, Options]:
    """The concept's id, or its name and the option of its language."""
    if one.id:
        return one.id, {"exact": True}
    if not one.name:
        raise Refused(StatusCode.SEARCH_INVALID_REQUEST, "a concept needs an id or a name")
    tag = one.language or language
    return one.name, {"language": tag} if tag else {}


def _value(one: Concept, *, negate: bool) -> float:
    """1 for presence, 0 for absence.

    A message has the value 0 also where none was written, over gRPC and where a client makes its JSON of a message. In
    a part that is negated it is therefore read as unset, on every channel, which is what the documentation's own
    examples of ``negate`` mean.
    """
    if not 0 <= one.value <= 1:
        raise Refused(StatusCode.SEARCH_INVALID_REQUEST, f"a concept's value is from 0 to 1, not {one.value}")
    return 1.0 if negate and one.value == 0 else float(one.value)


def _trained(concept: str, call: Call) -> Source | None:
    """The model that was trained for a concept here."""
    sources = map(Source, call.photos.snapshot().sources) if concept else ()
    return next((one for one in sources if one.trained_concept == concept), None)
