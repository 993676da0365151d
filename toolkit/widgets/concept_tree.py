"""What a concept contains, as a tree that is opened step by step, to rank by any branch of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

import traitlets

from ..collection.collection import Collection
from ..collection.concept_names import StoredConcept
from ..errors import QueryError
from ..hits import Hits
from ..hits.markup import Markup, element
from ..query import Query
from ..values.types import Json
from ..words.titles import title
from .message_widget import Answer, MessageWidget, Request

__all__ = ["ConceptTree"]

Acted: TypeAlias = Callable[[str, "Query"], None]

MOST = 500  # concepts listed below one; more are found by typing


class ConceptTree(MessageWidget):
    """The concepts of a collection as a tree of hypernyms and hyponyms.

    Parameters
    ----------
    photos : Collection
        Whose concepts.
    root : str
        The concept to begin at; by default every concept without a hypernym.
    language : str, optional
        Of the names; by default that of the settings.

    Attributes
    ----------
    concept : str
        The id of the one that is chosen; empty for none.
    hits : Hits or None
        What `search` found last.

    Examples
    --------
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     _ = photos.concepts.add("dog"), photos.concepts.add("poodle")
    ...     photos.concepts.relate("poodle", "hypernym", "dog")
    ...     tree = ConceptTree(photos)
    ...     tree.choose("poodle")
    ...     tree.query, tree
    (concept('poodle'), ConceptTree('dog', chosen='poodle'))
    """

    scripts = ("concept_tree.js",)
    asks = {"below": "_below", "choose": "_choose", "act": "_act"}  # noqa: RUF012  # read only
    state_traits = ("root", "language", "concept")

    root = traitlets.Unicode("").tag(sync=True)
    language = traitlets.Unicode("").tag(sync=True)
    concept = traitlets.Unicode("").tag(sync=True)
    top: traitlets.List[Json] = traitlets.List().tag(sync=True)
    can: traitlets.List[str] = traitlets.List(["search"]).tag(sync=True)
    hits = traitlets.Any(None, allow_none=True)

    def __init__(self, photos: Collection, root: str = "", *, language: str | None = None) -> None:
        super().__init__()
        self._photos = photos
        self._acts: list[Acted] = []
        self.observe(lambda _: self.refresh(), ["root", "language"])
        self.set_trait("language", language or photos.settings.language)
        self.set_trait("root", root and photos.concepts[root].id)

    def refresh(self) -> None:
        """Look again at what there is, after concepts or relations were added."""
        self.top = self._nodes([self.root] if self.root else self._photos.concepts.top())

    @traitlets.validate("concept")
    def _a_concept(self, proposal: traitlets.Bunch) -> str:
        chosen = str(proposal["value"])
        return chosen and self._photos.concepts[chosen].id

    def choose(self, concept: str) -> None:
        """Choose a concept by id.

        Raises
        ------
        UnknownNameError
            No concept has that id.
        """
        self.concept = concept

    @property
    def query(self) -> Query:
        """The term of the chosen concept, with all concepts below it.

        Raises
        ------
        QueryError
            None is chosen.
        """
        if not self.concept:
            raise QueryError("no concept yet: choose one in the tree, or call choose(id)")
        photos = self._photos
        language = None if self.language == photos.settings.language else self.language
        word = photos.concepts.word_for(self.concept, language=language)
        return (
            photos.terms.concept(word)
            if word == self.concept
            else photos.terms.concept(word, language=language)
        )

    def search(self, *, limit: int = 20) -> Hits:
        """The hits of the chosen concept; `hits` holds them too."""
        self.drop()
        self.hits = self._photos.search(self.query, limit=limit)
        return self.hits

    def on_act(self, act: Acted, *, verbs: Sequence[str] = ("more", "less")) -> None:
        """Call something with the verb and the term when a person ranks by the chosen concept, or against it.

        Parameters
        ----------
        act : callable
            Called with a verb and a term.
        verbs : sequence of str
            Which verbs the tree offers.
        """
        self._acts.append(act)
        self.can = list(verbs)

    # ---- answers to the page

    def _below(self, asked: Request, _: Sequence[bytes]) -> Answer:
        concept = self._photos.concepts[str(asked["concept"])]
        below = concept.relations.get("hyponym", ())
        return {"nodes": self._nodes(below[:MOST]), "more": max(len(below) - MOST, 0)}, []

    def _choose(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.choose(str(asked["concept"]))
        return {}, []

    def _act(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.choose(str(asked.get("concept", self.concept)))
        query = self.query
        for act in self._acts:
            act(str(asked["verb"]), query)
        if not self._acts:
            self.run(lambda: self._photos.search(query), lambda hits: self._found(cast(Hits, hits)))
        return {}, []

    def _found(self, hits: Hits) -> None:
        self.hits = hits
        self.set_status(f"{hits.total_text} hits: tree.hits")

    def _nodes(self, ids: Sequence[str]) -> list[Json]:
        there = self._photos.concepts.existing(ids)
        pictures = self._photos.concepts.counts(there)
        found = [self._node(one, pictures[one.id]) for one in there.values()]
        return sorted(found, key=lambda node: str(cast("dict[str, Json]", node)["name"]).casefold())

    def _node(self, concept: StoredConcept, pictures: int) -> Json:
        return {
            "id": concept.id,
            "name": title(concept, self.language),
            "gloss": concept.definition,
            "pictures": pictures,
            "kinds": len(self._photos.concepts.below(concept.id)) - 1
            if concept.relations.get("hyponym")
            else 0,
        }

    # ---- without a page

    def static_html(self) -> str:
        """The first two levels."""
        return element("ul", *(self._branch(cast("dict[str, Json]", node)) for node in self.top))

    def _branch(self, node: dict[str, Json]) -> Markup:
        below = self._photos.concepts[str(node["id"])].relations.get("hyponym", ())
        inner = [
            element("li", str(cast("dict[str, Json]", one)["name"])) for one in self._nodes(below[:MOST])
        ]
        return element("li", str(node["name"]), element("ul", *inner) if inner else "")

    def __repr__(self) -> str:
        tops = ", ".join(repr(cast("dict[str, Json]", node)["id"]) for node in self.top[:3])
        rest = f" and {len(self.top) - 3} more" if len(self.top) > 3 else ""
        return f"ConceptTree({tops}{rest}{f', chosen={self.concept!r}' if self.concept else ''})"
