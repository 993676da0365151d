"""The concepts of an open collection, as a mapping to look at and verbs to change them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from ..languages import fold, language_tag
from ..plugins.interfaces import Meaning
from ..resources import Resources
from ..store import ConceptName
from ..values.types import Concept, Json
from ..words import concept_tables
from ..words.labels import concept_ids
from ..words.linking import link
from ..words.pictures_with import inputs_with
from ..words.stored_names import PINS
from ..words.titles import titles
from .concept_names import ConceptNames, StoredConcept

__all__ = ["Concepts"]


class Concepts(Mapping[str, StoredConcept]):
    """Concepts by id: ``photos.concepts["dog"].names["ja"] = "犬"``.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._store = resources.store

    def __getitem__(self, id: str) -> StoredConcept:
        return self._stored([id])[0]

    def __iter__(self) -> Iterator[str]:
        return iter([concept.id for concept in self._store.concepts.all()])

    def __len__(self) -> int:
        return self._store.counts()["concepts"]

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and bool(self._store.concepts.known([id]))

    def __repr__(self) -> str:
        return f"<{len(self):,} concepts>"

    def existing(self, ids: Iterable[str]) -> dict[str, StoredConcept]:
        """Some concepts by id, in one read; ids that are not concepts are left out."""
        with self._store.read():
            return {one.id: one for one in self._stored(sorted(self._store.concepts.known(ids)))}

    def page(self, *, offset: int = 0, limit: int = 128) -> list[Concept]:
        """Some of the concepts in order of creation: `limit` of them, after the first `offset`.

        Parameters
        ----------
        offset : int
            How many to leave out before.
        limit : int
            How many to return at most.
        """
        return self._store.concepts.page(offset=offset, limit=limit)

    def add(
        self, id: str, *, names: Mapping[str, Iterable[str]] | None = None, definition: str = ""
    ) -> Concept:
        """Make a concept, or add names and a definition to it; returns it.

        Parameters
        ----------
        id : str
            Such as ``"dog"``.
        names : mapping of str to str or iterable of str, optional
            Names by language, the preferred one first: ``{"de": ["Hund"], "ja": ["犬", "いぬ"]}``.
        definition : str
            One sentence.
        """
        by_language = {
            language: (given,) if isinstance(given, str) else tuple(given)
            for language, given in (names or {}).items()
        }
        self.put([Concept(id, by_language, definition)])
        return self[id]

    def put(self, concepts: Iterable[Concept]) -> None:
        """Make concepts, or add their names, definition and relations to stored ones; all or none.

        Raises
        ------
        QueryError
            A blank id or name, a language tag that is none, or a concept that would be its own hypernym.
        UnknownNameError
            A relation to a concept that is neither there nor among these.
        """
        with self._store.write() as batch:
            batch.concepts.add(list(concepts))

    # ---- looking names up

    def named(self, name: str, *, language: str | None = None) -> list[Concept]:
        """The concepts with a name, the likeliest first.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str, optional
            A BCP 47 tag; None for any language.
        """
        ids = dict.fromkeys(one.concept for one in self._store.concepts.named(name, language=language))
        return list(self._stored(ids))

    def like(
        self, pattern: str, *, language: str | None = None, offset: int = 0, limit: int = 128
    ) -> list[Concept]:
        """A page of the concepts with a name that matches a pattern with ``*``; preferred names first.

        Parameters
        ----------
        pattern : str
            Such as ``"dog"`` or ``"*hund"``; case, width and invisible characters make no difference.
        language : str, optional
            The names' exact tag; any by default.
        offset, limit : int
            How many to leave out before, and how many to return at most.
        """
        return self._store.concepts.like(pattern, language=language, offset=offset, limit=limit)

    def languages(self) -> list[str]:
        """The languages in which any concept has a name, in the order of their tags."""
        return self._store.names.languages()

    def meanings(self, word: str, *, language: str | None = None) -> Sequence[Meaning]:
        """The concepts that a query uses for a word, the likeliest first; translators are asked too.

        Parameters
        ----------
        word : str
            A word, or a concept's id.
        language : str, optional
            A BCP 47 tag; the collection's own language if None.

        Raises
        ------
        UnknownNameError
            No concept has that name; the error lists the languages tried and the nearest names.
        NotIndexedError
            It is a concept, but no model or annotation here has it.
        """
        of = self._resources
        return of.words(of.store.revision()).read(word, language=language).meanings

    def counts(self, ids: Iterable[str]) -> dict[str, int]:
        """How many pictures a search for each concept finds: by itself, by what is the same, and by all below it."""
        of = self._resources
        snapshot = of.snapshots.latest()
        names = of.words(snapshot.revision).names
        return {id: len(inputs_with(id, snapshot, names)) for id in ids}

    def count_of(self, ids: Iterable[str]) -> int:
        """How many pictures a search for a word finds that stands for several concepts: each picture once."""
        of = self._resources
        snapshot = of.snapshots.latest()
        names = of.words(snapshot.revision).names
        found = [inputs_with(id, snapshot, names) for id in ids]
        return len(np.unique(np.concatenate(found))) if found else 0

    def title(self, id: str) -> str:
        """The name of a concept for a person to read: in the collection's language, else in any; else the id."""
        return titles([id], self._store, self._resources.settings.language)[id]

    def word_for(self, id: str, *, language: str | None = None) -> str:
        """What to ask for to have a concept ranked: its name, if that word is taken for it; else the id.

        Parameters
        ----------
        id : str
            A concept's id.
        language : str, optional
            Of the name; the collection's own language if None.
        """
        of = self._resources
        word = self.titles([id], language=language)[id]
        words = of.words(of.store.revision())
        try:
            meanings = words.read(word, language=language).meanings
        except LookupError:
            return id
        taken = {same for one in meanings for concept in one.concepts for same in words.names.same(concept)}
        return word if len(meanings) == 1 and id in taken else id

    def titles(self, ids: Iterable[str], *, language: str | None = None) -> dict[str, str]:
        """The names of some concepts for a person to read, by id.

        Parameters
        ----------
        ids : iterable of str
            Concept ids.
        language : str, optional
            A BCP 47 tag. What has no name in it is named in the collection's own language, else in English.
        """
        own = self._resources.settings.language
        return titles(ids, self._store, *filter(None, (language, own)))

    def id_of(self, word: str) -> str:
        """The concept id for a label: the id itself, else the one concept with that name in the collection's language.

        A word that is neither, or that several concepts have as a name, is the id of a new concept.
        """
        return concept_ids([word], self._store, language=self._resources.settings.language)[word]

    def rename(self, id: str, name: str, *, language: str | None = None) -> None:
        """Make a name the preferred one in a language; the old ones still find the concept, its id stays.

        Parameters
        ----------
        id : str
            The concept's. All names of a language are set with ``photos.concepts[id].names["ja"] = [...]``.
        name : str
            New, or one it has.
        language : str, optional
            Of the name; the collection's own by default.

        Raises
        ------
        UnknownNameError
            No such concept, with the nearest ids.
        """
        with self._store.write() as batch:
            batch.concepts.rename(id, name, language=language or self._resources.settings.language)

    def complete(self, prefix: str, *, language: str | None = None, limit: int = 10) -> list[ConceptName]:
        """Names with a prefix, with their concepts, the likeliest first.

        Parameters
        ----------
        prefix : str
            How the name begins.
        language : str, optional
            A BCP 47 tag; None for any language.
        limit : int
            How many to return at most.
        """
        return self._store.names.starting(prefix, language=language, limit=limit)

    def pin(self, name: str, concept: str, *, language: str | None = None) -> None:
        """Fix the concept that a name stands for, whatever other concepts have that name.

        Parameters
        ----------
        name : str
            As it will be asked for; it becomes a name of the concept, if it is none.
        concept : str
            Concept id.
        language : str, optional
            Of the name; the collection's own by default.

        Raises
        ------
        UnknownNameError
            No such concept, with the nearest ids.
        """
        tag = language_tag(language or self._resources.settings.language)
        names = self[concept].names.get(tag, ())
        pins = self._pins()
        pins[tag] = {**pins.get(tag, {}), fold(name): concept}
        with self._store.write() as batch:
            if fold(name) not in map(fold, names):
                batch.concepts.add([Concept(concept, {tag: (name,)})])
            batch.properties.set(PINS, dict(pins))

    def unpin(self, name: str, *, language: str | None = None) -> None:
        """Remove what `pin` set for a name.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str, optional
            A BCP 47 tag; the collection's own language if None.
        """
        tag = language_tag(language or self._resources.settings.language)
        pins = self._pins()
        pins[tag] = {word: concept for word, concept in pins.get(tag, {}).items() if word != fold(name)}
        with self._store.write() as batch:
            batch.properties.set(PINS, dict(pins))

    # ---- what lies above what

    def relate(self, subject: str, predicate: str, object: str) -> None:
        """Store that the object is a hypernym, hyponym or synonym of the subject, and the inverse relation.

        Parameters
        ----------
        subject : str
            A concept's id.
        predicate : {"hypernym", "hyponym", "synonym"}
            What the object is to the subject.
        object : str
            The id of the other concept.

        Raises
        ------
        UnknownNameError
            No such concept, with the nearest ids.
        QueryError
            Another predicate, or a concept would be its own hypernym; nothing is written.
        """
        with self._store.write() as batch:
            batch.concepts.relate(subject, predicate, object)

    def unrelate(self, subject: str, predicate: str, object: str) -> None:
        """Remove a relation and its inverse.

        Parameters
        ----------
        subject : str
            A concept's id.
        predicate : {"hypernym", "hyponym", "synonym"}
            What the object is to the subject.
        object : str
            The id of the other concept.
        """
        with self._store.write() as batch:
            batch.concepts.unrelate(subject, predicate, object)

    def below(self, id: str) -> tuple[str, ...]:
        """The concept and its synonyms, and all concepts below any of them."""
        return self._store.graph.below(self[id].id)

    def above(self, id: str) -> tuple[str, ...]:
        """All concepts above one, the nearest first."""
        return self._store.graph.above(self[id].id)

    def top(self) -> list[str]:
        """The root concepts: those with hyponyms and without hypernyms."""
        return self._store.graph.top()

    def link(self) -> int:
        """Store what installed graphs such as WordNet know of all concepts; returns how many are new.

        That is what lies above them, their names in every language, and which concept a bare name is: ``dog`` becomes a
        synonym of n02084071. Done by itself when a model brings concepts, and after a lexicon was added.
        """
        return link(list(self), self._resources.store, self._resources.registry).new

    # ---- tables

    def read(self, path: str | Path) -> int:
        """Read a table of names or of relations; returns how many concepts are new.

        Parameters
        ----------
        path : str or Path
            A CSV file with the columns ``concept,language,name``, ``concept,hypernym`` or
            ``subject,predicate,object``; or the same parted by tabs.

        Raises
        ------
        InputError
            Not such a table: with the line.
        QueryError
            A language that is none, or a concept that would be its own hypernym; nothing is written.
        """
        return concept_tables.store_table(concept_tables.read_table(path), self._store)

    def write(self, path: str | Path, *, language: str | None = None) -> None:
        """Write every name, of a language or of all, as a table that `read` reads back.

        Parameters
        ----------
        path : str or Path
            The CSV file to write.
        language : str, optional
            A BCP 47 tag; None for every language.
        """
        tag = None if language is None else language_tag(language)
        concept_tables.write_names(self._store.names.all(language=tag), path)

    def _stored(self, ids: Iterable[str]) -> list[StoredConcept]:
        return [
            StoredConcept(one.id, ConceptNames(one, self._store), one.definition, one.relations)
            for one in self._store.concepts.by_id(ids)
        ]

    def _pins(self) -> dict[str, dict[str, Json]]:
        stored = self._store.properties.get(PINS)
        return {tag: dict(pins) for tag, pins in stored.items()} if isinstance(stored, dict) else {}
