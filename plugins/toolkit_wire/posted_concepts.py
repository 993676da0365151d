"""Concepts of a request that labels: which concept of the collection each one is, and what it is called.

An id is an id: it is the concept of that id, and a new one where there is none; it is never looked up as a word. A name
without an id is the one concept that goes by it, else a new concept, whose id is that word.
"""

from __future__ import annotations

from collections.abc import Iterable

from clarifai_grpc.grpc.api.resources_pb2 import Concept as WireConcept

from toolkit.plugins import Concept, QueryError, fold, language_tag, plain_name

from .calls import Call
from .statuses import Refused

__all__ = ["id_of", "name_concepts", "values_of"]


def values_of(concepts: Iterable[WireConcept], call: Call, *, invalid: int) -> dict[str, float]:
    """Values by concept id, in the order given.

    Parameters
    ----------
    concepts : iterable of WireConcept
        Concepts of the request.
    call : Call
        The collection asked, and who asks.
    invalid : int
        The status code for a request that cannot be answered.

    Raises
    ------
    Refused
        Neither an id nor a name, a name in no language, or a value outside [0, 1].
    """
    values: dict[str, float] = {}
    for one in concepts:
        id = id_of(one, call, invalid=invalid)
        if not 0 <= one.value <= 1:
            raise Refused(invalid, f"concept {id!r} has the value {one.value}; a value is from 0 to 1")
        values[id] = one.value
    return values


def id_of(one: WireConcept, call: Call, *, invalid: int) -> str:
    """The id of the concept that is meant, whether or not the collection has it yet.

    Parameters
    ----------
    one : WireConcept
        A concept of the request.
    call : Call
        The collection asked, and who asks.
    invalid : int
        The status code for a request that cannot be answered.

    Raises
    ------
    Refused
        Neither an id nor a name, or a name in no language.
    """
    own = call.photos.settings.language
    try:
        language = language_tag(one.language or own)
    except QueryError as error:
        raise Refused(invalid, f"concept {one.id or one.name!r}: {error}") from error
    if (one.name and not fold(one.name)) or not fold(one.id or one.name):
        raise Refused(invalid, "a concept needs an id, or a name that can be read")
    if one.id:
        return plain_name(one.id)
    if language == language_tag(own):
        return call.photos.concepts.id_of(one.name)
    found = call.photos.concepts.named(one.name, language=language)
    return found[0].id if len(found) == 1 else plain_name(one.name)


def name_concepts(concepts: Iterable[WireConcept], call: Call, *, invalid: int) -> None:
    """Store the names and definitions that labels of a request brought with their concepts.

    Parameters
    ----------
    concepts : iterable of WireConcept
        Concepts of labels that are stored already.
    call : Call
        The collection asked, and who asks.
    invalid : int
        The status code for a request that cannot be answered.
    """
    own = call.photos.settings.language
    named = [
        Concept(
            id_of(one, call, invalid=invalid),
            {one.language or own: (one.name,)} if one.name else {},
            one.definition,
        )
        for one in concepts
        if one.name or one.definition
    ]
    known = call.photos.concepts.existing({one.id for one in named})
    if new := [one for one in named if one.id in known and not _is_known(one, known[one.id])]:
        call.photos.concepts.put(new)


def _is_known(one: Concept, stored: Concept) -> bool:
    has_names = all(set(names) <= set(stored.names.get(tag, ())) for tag, names in one.names.items())
    return has_names and one.definition in ("", stored.definition)
