"""Concepts that a few letters may mean, in any language, with how often each is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import or_, select

from ..collection import Collection
from ..errors import ToolkitError
from ..search import TermContext
from ..store.names import fallbacks, fold
from ..store.schema import concept_names, concepts
from ..types import Json

if TYPE_CHECKING:
    from ..snapshot import Snapshot

__all__ = ["complete", "languages"]

MOST = 12
LOOKED_AT = 200  # names beginning alike, of which the likeliest are shown
PRESENT = 0.5


def complete(
    photos: Collection, prefix: str, *, language: str | None = None, most: int = MOST
) -> list[dict[str, Json]]:
    """The concepts a prefix may mean, the most frequent of equals first.

    Parameters
    ----------
    photos : Collection
        Whose concepts.
    prefix : str
        The beginning of a name or of an id; empty for the most frequent concepts.
    language : str, optional
        Names in this language, or a wider one; in all by default.
    most : int
        How many at most.

    Returns
    -------
    list of dict
        ``name`` as one would type it, its ``language``, the ``concept``, its ``gloss`` (the preferred name in the
        collection's language, and the definition) and the ``count`` of rows that show it.
    """
    found = _beginning(photos, fold(prefix), language) or _meant(photos, prefix, language)
    snapshot = photos.snapshot()
    wanted = fold(prefix)
    counted = [(*one, _count(snapshot, one[2])) for one in dict.fromkeys(found)]
    own = photos.settings.language
    # A whole name before a longer one, a name before an id, then by how much there is to find.
    counted.sort(key=lambda one: (fold(one[0]) != wanted, one[1] == "", -one[3], one[1] != own, one[0]))
    return [_suggestion(photos, *one) for one in counted[:most]]


def languages(photos: Collection) -> list[str]:
    """The languages in which anything has a name."""
    with photos._resources.store.read() as connection:
        return sorted(connection.scalars(select(concept_names.c.language).distinct()))


def _beginning(photos: Collection, folded: str, language: str | None) -> list[tuple[str, str, str]]:
    """Names, languages and concept ids; the language of an id is empty."""
    names = (
        select(concept_names.c.name, concept_names.c.language, concepts.c.id)
        .join_from(concept_names, concepts)
        .where(
            or_(
                concept_names.c.folded.startswith(folded, autoescape=True),
                concept_names.c.folded.contains(f" {folded}", autoescape=True),
            )
        )
        .limit(LOOKED_AT)
    )
    if language is not None:
        names = names.where(concept_names.c.language.in_(list(fallbacks(language))))
    ids = select(concepts.c.id).where(concepts.c.id.startswith(folded, autoescape=True)).limit(LOOKED_AT)
    with photos._resources.store.read() as connection:
        named = [(name, tag, id) for name, tag, id in connection.execute(names)]
        spoken = {(fold(name), id) for name, _, id in named}
        bare = [] if language else [id for id in connection.scalars(ids) if (fold(id), id) not in spoken]
    return named + [(id, "", id) for id in bare]


def _meant(photos: Collection, name: str, language: str | None) -> list[tuple[str, str, str]]:
    """What a translator makes of a whole word that nothing begins with."""
    if not name.strip():
        return []
    try:
        meanings = TermContext(photos._resources, photos.snapshot()).meanings(name.strip(), language=language)
    except ToolkitError:
        return []
    return [(meaning.name, meaning.language, meaning.concept) for meaning in meanings]


def _count(snapshot: Snapshot, concept: str) -> int:
    columns = snapshot.columns.of(snapshot.concept_index.get(concept, -1))
    rows = [column.rows[column.values >= PRESENT] for column in columns]
    return len(np.unique(np.concatenate(rows))) if rows else 0


def _suggestion(photos: Collection, name: str, language: str, id: str, count: int) -> dict[str, Json]:
    concept = photos.concepts[id]
    own = concept.name(photos.settings.language)
    gloss = [] if own == name else [own]
    if concept.definition:
        gloss.append(concept.definition)
    return {"name": name, "language": language, "concept": id, "gloss": ": ".join(gloss), "count": count}
