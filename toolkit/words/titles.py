"""The name of a concept for a person to read. Whatever shows a concept to a person asks here."""

from __future__ import annotations

from collections.abc import Iterable

from ..languages import fallbacks
from ..store import AnnotationStore
from ..values.types import Concept

__all__ = ["full_title", "title", "titles"]


def title(concept: Concept, *languages: str) -> str:
    """The preferred name in a language or a wider one, else in English, else in any; the id of what has no name.

    Parameters
    ----------
    concept : Concept
        With its names.
    *languages : str
        BCP 47 tags; the first in which there is a name counts.

    Examples
    --------
    >>> dog = Concept("n02084071", {"en": ("dog", "domestic dog"), "ja": ("犬",)})
    >>> title(dog, "ja-JP"), title(dog, "fr"), title(Concept("porch"), "ja")
    ('犬', 'dog', 'porch')
    """
    wanted = (tag for language in languages for tag in fallbacks(language))
    tags = [*wanted, "en", *sorted(concept.names)]
    return next((concept.names[tag][0] for tag in tags if concept.names.get(tag)), concept.id)


def full_title(concept: Concept, language: str) -> str:
    """The name, and the id in brackets where it is another: for where a person has to type it.

    Parameters
    ----------
    concept : Concept
        With its names.
    language : str
        A BCP 47 tag.

    Examples
    --------
    >>> full_title(Concept("n02084071", {"en": ("dog",)}), "en"), full_title(Concept("dog"), "en")
    ('dog (n02084071)', 'dog')
    """
    name = title(concept, language)
    return name if name == concept.id else f"{name} ({concept.id})"


def titles(ids: Iterable[str], store: AnnotationStore, *languages: str) -> dict[str, str]:
    """The names of some concepts by id, in one read; an id that is no concept is its own name.

    Parameters
    ----------
    ids : iterable of str
        Concept ids.
    store : AnnotationStore
        The collection's store.
    *languages : str
        BCP 47 tags; the first in which a concept has a name counts.
    """
    asked = list(dict.fromkeys(ids))
    with store.read():
        stored = store.concepts.by_id(sorted(store.concepts.known(asked)))
    return dict(zip(asked, asked, strict=True)) | {one.id: title(one, *languages) for one in stored}
