"""The `concept` term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from shlex import quote
from typing import cast

import numpy as np

from toolkit.plugins import (
    AllOf,
    Arguments,
    Column,
    ConceptLookup,
    Context,
    FloatArray,
    IntArray,
    Json,
    Meaning,
    NotIndexedError,
    Parameter,
    Query,
    Remedy,
    Snapshot,
    Term,
    freeze,
)

from .confidence import confidence
from .expansion import expanded_columns

__all__ = ["ConceptRanker"]

_BY_MODELS = (None, "model")  # sources that are no single model or person


class ConceptRanker:
    """Ranks by how confident a concept is, predicted by a model or labeled by people.

    ``concept("dog")`` scores the confidence p of every row that has the concept. ``value=0`` asks for its
    absence and is ``~concept("dog")``: 1 - p, and 1 where no annotation has it; a value v between scores
    1 - |v - p|. Several names in one term must all be there, as with ``&``; ``concept({"people": 1, "cat": 0})``
    gives each its own value.

    A word ranks by all concepts of the collection that it names, whoever said them: the ``dog`` of a detector, that of
    people's labels and WordNet's n02084071 are one. ``exact=True`` takes it as an id, and that concept alone. Senses
    that nothing tells apart count as the likeliest of them to be in the picture (the highest confidence).

    The concepts below a concept count for it: ``concept("dog")`` finds every breed that a model
    knows. ``expand=False`` counts the concept itself, and nothing else.
    """

    name = "concept"
    is_filter = False
    help = "How confident a concept is: a model's prediction or a person's label."
    parameters: Sequence[Parameter] = (
        Parameter("name", "concept", "An id or a name; of several, all must be present.", many=True),
        Parameter("value", "number", "1 asks for presence, 0 for absence.", 1.0, minimum=0, maximum=1),
        Parameter(
            "language", "language", "The language of the name, such as de or ja.", None, shorthand=True
        ),
        Parameter("source", "source", "Which source counts: human, model, or a full source name.", None),
        Parameter("expand", "flag", "Whether concepts below count too: a poodle is a dog.", True),
        Parameter("exact", "flag", "Whether the name is an id, and means that concept alone.", False),
    )

    def expand(self, term: Arguments) -> Query | None:
        """The query of several names, or of absence: one term for each name, joined by ``&`` and ``~``."""
        name = term["name"]
        wanted = _wanted(name, cast("float", term["value"]))
        if isinstance(name, str) and wanted[name] > 0:
            return None
        others = {one.name: term[one.name] for one in self.parameters[2:] if term[one.name] != one.default}
        parts = tuple(_one(name, value, others) for name, value in wanted.items())
        return AllOf(parts) if len(parts) > 1 else parts[0]

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,): 1 - |value - confidence|, of one name."""
        columns = _columns(term, snapshot, context)
        everything = [column for each in columns.values() for column in each]
        if not everything:
            context.examined()  # a model here predicts it, and predicted it for no picture
        for source in {snapshot.sources[column.source] for column in everything}:
            context.examined(source)
        scores = [confidence(snapshot, each) for each in columns.values()] or [confidence(snapshot, [])]
        highest = scores[0]
        for other in scores[1:]:
            np.fmax(highest, other, out=highest)
        value = np.float32(cast("float", term["value"]))
        return highest if value == 1 else np.asarray(1 - np.abs(value - highest), np.float32)

    def best(self, term: Arguments, context: Context, k: int) -> tuple[IntArray, float] | None:
        """The keys of the rows with the k highest values, and the most that any other can have.

        Parameters
        ----------
        term : Arguments
            As of `rank`.
        context : Context
            As of `rank`.
        k : int
            How many values.
        """
        if term["value"] != 1:
            return None
        exact, expand = bool(term["exact"]), bool(term["expand"])
        language = cast("str | None", term["language"])
        counted: dict[str, None] = {}
        adds = 1
        for meaning in context.meanings(cast("str", term["name"]), language=language, exact=exact):
            same, below = _concepts_of(meaning, context.names, exact=exact, expand=expand)
            counted |= dict.fromkeys((*same, *below))
            adds = max(adds, len(same) + len(below))  # as many values of one source may be added up
        regions, most = context.narrowing.best_of(list(counted), k)
        return regions, min(1.0, adds * most)


def _wanted(names: Json, value: float) -> dict[str, float]:
    if isinstance(names, Mapping):
        return {name: float(cast("float", wanted)) for name, wanted in names.items()}
    if isinstance(names, str):
        return {names: value}
    return {str(name): value for name in cast("Sequence[Json]", names)}


def _one(name: str, value: float, others: Mapping[str, Json]) -> Query:
    options = others if value in (0, 1) else {**others, "value": value}
    term = Term(ConceptRanker.name, name, tuple((option, freeze(each)) for option, each in options.items()))
    return term if value > 0 else ~term


def _columns(term: Arguments, snapshot: Snapshot, context: Context) -> dict[str, list[Column]]:
    """The columns of values for each sense of the name, by concept id."""
    name, source = cast("str", term["name"]), cast("str | None", term["source"])
    exact, expand = bool(term["exact"]), bool(term["expand"])
    meanings = context.meanings(name, language=cast("str | None", term["language"]), exact=exact)
    by_sense: dict[str, list[Column]] = {}
    labeled: dict[str, list[Column]] = {}
    for meaning in meanings:
        same, below = _concepts_of(meaning, context.names, exact=exact, expand=expand)
        columns = expanded_columns(same, below, snapshot, exclusive=context.is_exclusive)
        if by_people := [column for column in columns if snapshot.is_human(column.source)]:
            labeled[meaning.concept] = by_people
        if counted := [column for column in columns if snapshot.is_from(column.source, source)]:
            by_sense[meaning.concept] = counted
            for concept in (*same, *below):
                context.matched(concept)
        if meaning.origin != "id" or below or len(same) > 1:  # else the word says it
            context.note(_said(meaning, same, below, columns, snapshot, context))
    everything = [column for columns in by_sense.values() for column in columns]
    if labeled and source in _BY_MODELS and all(snapshot.is_human(column.source) for column in everything):
        rows = sum(len(column.rows) for columns in labeled.values() for column in columns)
        raise _untrained(next(iter(labeled)), rows, context.names)
    if not everything:
        _refuse_unless_predictable(meanings, term, snapshot, context)
    return by_sense


def _concepts_of(
    meaning: Meaning, names: ConceptLookup, *, exact: bool, expand: bool
) -> tuple[Sequence[str], Sequence[str]]:
    """The concepts that are what is asked for, and those below them."""
    if exact or not expand:
        exactly = (meaning.concept,) if exact else meaning.concepts
        below = names.below(meaning.concept, exact=True) if expand else ()
        return exactly, [one for one in below if one not in exactly]
    if not meaning.also:
        same, every = names.same(meaning.concept), names.below(meaning.concept)
        return same, () if len(every) == len(same) else [one for one in every if one not in same]
    same = tuple(dict.fromkeys(one for concept in meaning.concepts for one in names.same(concept)))
    joined = dict.fromkeys(one for concept in meaning.concepts for one in names.below(concept))
    return same, [one for one in joined if one not in same]


def _refuse_unless_predictable(
    meanings: Sequence[Meaning], term: Arguments, snapshot: Snapshot, context: Context
) -> None:
    name, source = cast("str", term["name"]), cast("str | None", term["source"])
    titles = " or ".join(dict.fromkeys(context.names.title(one.concept) for one in meanings))
    concepts = [concept for one in meanings for concept in one.concepts]
    in_use = any(context.names.count_in_use(concept) for concept in concepts)
    if source not in _BY_MODELS:
        known = ", ".join(snapshot.sources) or "none"
        raise NotIndexedError(f"source {source!r} has no annotation of {titles!r}; the sources here: {known}")
    if not in_use:
        raise context.absent(meanings, name)
    if not term["expand"]:
        raise NotIndexedError(
            f"no annotation mentions {titles!r} itself; without ",
            Remedy("expand=False", "[expand=false]"),
            " what lies below it counts",
        )
    context.note("a model here can predict it, and predicted it for no picture")


def _said(
    meaning: Meaning,
    same: Sequence[str],
    below: Sequence[str],
    columns: Sequence[Column],
    snapshot: Snapshot,
    context: Context,
) -> str:
    """What a word was taken for, and by which models, in names."""
    title = context.names.title
    sources: dict[str, set[int]] = {}
    for column in columns:
        who = "people" if snapshot.is_human(column.source) else snapshot.sources[column.source]
        sources.setdefault(who, set()).add(column.source)
    by = [f"{who}: {_listed(of, same, below, snapshot, title)}" for who, of in sorted(sources.items())]
    how = f" ({meaning.language})" if meaning.language else ""
    return "; ".join([f"{meaning.name!r}{how} means {title(meaning.concept)}, by {meaning.origin}", *by])


def _listed(
    sources: Set[int],
    same: Sequence[str],
    below: Sequence[str],
    snapshot: Snapshot,
    title: Callable[[str], str],
) -> str:
    """The concepts of some sources that count."""

    def has(concept: str) -> bool:
        columns = snapshot.columns.of(snapshot.concept_index.get(concept, -1))
        return any(column.source in sources for column in columns)

    own, kinds = [one for one in same if has(one)], sum(map(has, below))
    times = Counter(map(title, own))
    named = [
        title(one) if times[title(one)] == 1 or title(one) == one else f"{title(one)} ({one})" for one in own
    ]
    of_it = f"{kinds:,} kinds of it" if kinds > 1 else "one kind of it"
    return ", ".join([*named, *([of_it] if kinds else [])])


def _untrained(concept: str, labels: int, names: ConceptLookup) -> NotIndexedError:
    title = names.title(concept)
    return NotIndexedError(
        f"concept {title!r} has {labels} labels and no model yet: run ",
        Remedy(f"photos.train({title!r})", f"toolkit train COLLECTION {quote(title)}"),
        ", or rank by the labels alone with ",
        Remedy(f"concept({title!r}, source='human')", f"concept:{title!r}[source=human]"),
    )
