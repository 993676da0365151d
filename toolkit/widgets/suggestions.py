"""Concepts that a few letters may mean, in any language, with how often each is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from ..collection.collection import Collection
from ..errors import ToolkitError
from ..languages import fold
from ..values.types import Json

if TYPE_CHECKING:
    from ..snapshot import Snapshot

__all__ = ["complete"]

Named: TypeAlias = tuple[str, str, str]  # a name, its language, the concept; the language of an id is empty

Counted: TypeAlias = tuple[str, str, str, int]  # and how many pictures there are

MOST = 12
LOOKED_AT = 200  # names beginning alike, of which the likeliest are shown


def complete(
    photos: Collection, prefix: str, *, language: str | None = None, limit: int = MOST
) -> list[dict[str, Json]]:
    """The concepts a prefix may mean, the most frequent of equals first.

    Parameters
    ----------
    photos : Collection
        Whose concepts.
    prefix : str
        The beginning of a name, of a word in it, or of an id; empty for the most frequent concepts.
    language : str, optional
        Names in this language, or a wider one; in all by default.
    limit : int
        How many at most.

    Returns
    -------
    list of dict
        ``name`` as one would type it, its ``language``, the ``concept``, its ``gloss`` (the preferred name in the
        collection's language, and the definition) and the ``count`` of pictures that a search for it finds. Names that
        are read as the same concepts are one suggestion.
    """
    snapshot, wanted, own = photos.snapshot(), fold(prefix), photos.settings.language
    found = [*_beginning(photos, prefix, language), *_inside(photos, prefix, language)]
    if language is None:
        found += _ids(snapshot, wanted, {id for name, _, id in found if fold(name) == fold(id)})
    named = list(dict.fromkeys(found or _translated(photos, prefix, language)))
    counts = photos.concepts.counts(list({id for _, _, id in named}))

    def order(one: tuple[str, str, str, int]) -> tuple[object, ...]:
        """A whole name before a longer one, a name before an id, then by how much there is to find."""
        name, tag, _, count = one
        return fold(name) != wanted, tag == "", -count, tag != own, name

    likely = sorted(((*one, counts[one[2]]) for one in named), key=order)
    read = _as_read(photos, _one_of_each(likely)[: 2 * limit])
    shown = sorted(read, key=order)[:limit]
    glosses = _glosses(photos, {id for _, _, id, _ in shown})
    return [
        {
            "name": name,
            "language": tag,
            "concept": id,
            "gloss": _gloss(glosses.get(id, ()), name),
            "count": count,
        }
        for name, tag, id, count in shown
    ]


def _one_of_each(named: Iterable[Counted]) -> list[Counted]:
    """The first name of each concept: the same in five languages is one suggestion."""
    first: dict[str, Counted] = {}
    for one in named:
        first.setdefault(one[2], one)
    return list(first.values())


def _as_read(photos: Collection, named: Iterable[Counted]) -> list[Counted]:
    """The names with what a search for each finds; of those that find the same, the first."""
    first: dict[frozenset[str], Counted] = {}
    for name, tag, id, count in named:
        try:
            meanings = photos.concepts.meanings(name, language=tag or None)
        except ToolkitError:  # a name of something that is not there, which finds nothing
            first.setdefault(frozenset((id,)), (name, tag, id, count))
            continue
        concepts = frozenset(one for meaning in meanings for one in meaning.concepts)
        first.setdefault(concepts, (name, tag, id, photos.concepts.count_of(concepts)))
    return list(first.values())


def _beginning(photos: Collection, prefix: str, language: str | None) -> list[Named]:
    names = photos.concepts.complete(prefix, language=language, limit=LOOKED_AT)
    return [(one.name, one.language, one.concept) for one in names]


def _inside(photos: Collection, prefix: str, language: str | None) -> list[Named]:
    """Names of several words, of which a later one begins so."""
    word = fold(prefix).replace("*", "")
    if not word:
        return []
    concepts = photos.concepts.like(f"* {word}*", language=language, limit=LOOKED_AT)
    return [
        (name, tag, one.id)
        for one in concepts
        for tag, names in one.names.items()
        for name in names
        if f" {word}" in fold(name) and language in (None, tag)
    ]


def _ids(snapshot: Snapshot, wanted: str, named: set[str]) -> list[Named]:
    """Concepts that are there and whose id begins so, but no name that is the same."""
    begin = (
        id for id in snapshot.concepts if id.casefold().startswith(wanted)
    )  # `fold` takes 5 µs: too many
    return [(id, "", id) for id in begin if id not in named]


def _translated(photos: Collection, word: str, language: str | None) -> list[Named]:
    """What a translator makes of a whole word that nothing begins with."""
    if not word.strip():
        return []
    try:
        meanings = photos.concepts.meanings(word.strip(), language=language)
    except ToolkitError:
        return []
    return [(meaning.name, meaning.language, meaning.concept) for meaning in meanings]


def _glosses(photos: Collection, ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """The preferred name in the collection's language, and the definition, of each."""
    own = photos.settings.language
    return {id: (one.name(own), one.definition) for id, one in photos.concepts.existing(ids).items()}


def _gloss(parts: Iterable[str], name: str) -> str:
    return ": ".join(part for part in parts if part not in ("", name))
