"""What records say of inputs, written: labels that are new, and what an earlier import said and this one does not.

An import remembers in each annotation what it said there (``annotation.info["imports"]``). Importing again compares
three things, as version control does: what the import said before, what it says now, and what is in the collection.
What somebody corrected in the collection since stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeAlias, cast

from ..resources import Resources
from ..store import Batch, NewAnnotation
from ..values.names import plain_name
from ..values.source import Source
from ..values.types import Annotation, Box, Json
from ..words.vocabularies import classifiers
from .job import KnownInput
from .label_counts import LabelCounts

__all__ = ["Written", "write_labels"]

IMPORTS = "imports"

Rows: TypeAlias = Mapping[tuple[int, Box | None], int]
Values: TypeAlias = dict[str, float]


@dataclass(slots=True)
class _Statement:
    """What a source says of a row while a batch is written."""

    concepts: Values = field(default_factory=dict)
    imports: dict[str, Values] = field(default_factory=dict)
    info: dict[str, Json] = field(default_factory=dict)
    id: str | None = None
    has_changed: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.concepts or self.imports or self.info)

    def new(self, row: int) -> NewAnnotation:
        imports = {IMPORTS: cast(Json, self.imports)} if self.imports else {}
        return NewAnnotation(row, concepts=self.concepts, info={**self.info, **imports}, id=self.id)


_Statements: TypeAlias = dict[tuple[int, str], _Statement]


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing labels.

    Parameters
    ----------
    labels : LabelCounts
        Of all of them.
    updated : set of int
        Keys of the inputs whose labels changed.
    """

    labels: LabelCounts
    updated: set[int]


def write_labels(known: Sequence[KnownInput], resources: Resources, writer: Batch) -> Written:
    """Write the labels of records; returns counts, and the inputs whose labels changed.

    Parameters
    ----------
    known : sequence of KnownInput
        Inputs of the store, with the records that name them.
    resources : Resources
        The open collection.
    writer : Batch
        The open transaction.
    """
    known = [one for one in known if one.record.is_labeled or one.placed.dropped]
    if not known:
        return Written(LabelCounts(), set())
    rows = writer.regions.add_many(_boxes(known))
    ids = _ids(known)
    person = Source.human(resources.settings.user)
    statements = _statements({one.key for one in known if not one.is_new}, rows, resources)
    counts, updated = [], set()
    for one in known:
        labels = {
            (rows[one.key, label.box], label.source or person): {
                ids[name]: value for name, value in label.concepts.items()
            }
            for label in one.placed.labels
        }
        count = _merged(labels, one, statements[one.key])
        counts.append(count)
        if count.has_changes:
            updated.add(one.key)
    _write(statements, rows, resources, writer)
    return Written(LabelCounts.of(counts), updated)


def _boxes(known: Iterable[KnownInput]) -> dict[int, dict[Box, None]]:
    boxes: dict[int, dict[Box, None]] = {}
    for one in known:
        boxes.setdefault(one.key, {}).update(dict.fromkeys(one.placed.boxes))
    return boxes


def _ids(known: Iterable[KnownInput]) -> dict[str, str]:
    """The concept of every label: the one whose id is the very word of the file, so that it goes out as it came in."""
    names = {name for one in known for label in one.placed.labels for name in label.concepts}
    return {name: plain_name(name) for name in names}


def _statements(keys: Collection[int], rows: Rows, resources: Resources) -> defaultdict[int, _Statements]:
    """By input, what was said before of it and its boxes, by row and source."""
    found: defaultdict[int, _Statements] = defaultdict(dict)
    key_of = {row: key for (key, _), row in rows.items() if key in keys}
    if not key_of:
        return found
    with resources.store.read():
        annotations = resources.store.annotations.on_regions(key_of)
        if not annotations:  # as of pictures that nobody has labeled yet
            return found
        row_of = {region.id: region.key for region in resources.store.regions.by_key(list(key_of))}
    for one in annotations:
        row = row_of[one.region_id]
        of_input, at = found[key_of[row]], (row, one.source)
        # The latest of a source counts, but one that an import made goes before.
        if at not in of_input or IMPORTS in one.info or not of_input[at].imports:
            of_input[at] = _statement(one)
    return found


def _statement(one: Annotation) -> _Statement:
    info = dict(one.info)
    imports = info.pop(IMPORTS, None)
    bases = cast("dict[str, Values]", imports) if isinstance(imports, dict) else {}
    return _Statement(dict(one.concepts), dict(bases), info, one.id)


def _merged(labels: Mapping[tuple[int, str], Values], of: KnownInput, statements: _Statements) -> LabelCounts:
    """Merge what one record says into what is said of its input; counts what became of it."""
    counts: Counter[str] = Counter()
    name = _import_key(of) if of.record.label_file else ""
    for at, now in labels.items():
        if at in statements:
            _say(statements[at], now, name, counts, may_remove=of.may_remove)
        else:
            statements[at] = _Statement(dict(now), {name: now} if name else {}, has_changed=True)
            counts["written"] += max(len(now), 1)
    if of.may_remove:
        for at, statement in statements.items():
            if at not in labels and name in statement.imports:
                _take_back(statement, name, counts)
    read = sum(max(len(now), 1) for now in labels.values()) + sum(of.placed.dropped.values())
    return LabelCounts(read=read, dropped=of.placed.dropped, **counts)


def _import_key(of: KnownInput) -> str:
    """What an import is called in the annotations it made: eight digits for the label file and the picture.

    The picture counts too: of twins in two folders, each has labels of its own, and neither takes the other's back.
    """
    return sha256(f"{of.record.label_file}\n{of.uri}".encode(errors="surrogatepass")).hexdigest()[:8]


def _say(statement: _Statement, now: Values, name: str, counts: Counter[str], *, may_remove: bool) -> None:
    """Merge what an import says of one row with what it said before and with what is in the collection."""
    there, before, old = statement.concepts, statement.imports.get(name, {}), dict(statement.concepts)
    if not now:  # a box that says nothing more
        counts["unchanged"] += 1
    for concept, value in now.items():
        if there.get(concept) == value:
            counts["unchanged"] += 1
        elif concept in there and there[concept] == before.get(concept):
            there[concept] = value
            counts["changed"] += 1
        elif concept in there or concept in before:
            counts["kept"] += 1
        else:
            there[concept] = value
            counts["written"] += 1
    if may_remove:
        _remove(statement, before.keys() - now.keys(), before, counts)
    known = dict(now) if may_remove else {**before, **now}
    statement.has_changed |= there != old or (name != "" and statement.imports.get(name) != known)
    if name:
        statement.imports[name] = known


def _take_back(statement: _Statement, name: str, counts: Counter[str]) -> None:
    before = statement.imports.pop(name)
    _remove(statement, before.keys(), before, counts)
    if not before:
        counts["removed"] += 1
    statement.has_changed = True


def _remove(statement: _Statement, concepts: Iterable[str], before: Values, counts: Counter[str]) -> None:
    for concept in list(concepts):
        if statement.concepts.get(concept) == before[concept]:
            del statement.concepts[concept]
            counts["removed"] += 1


def _write(statements: Mapping[int, _Statements], rows: Rows, resources: Resources, writer: Batch) -> None:
    changed = {at: one for of in statements.values() for at, one in of.items() if one.has_changed}
    by_source: dict[str, list[NewAnnotation]] = {}
    for (row, source), one in changed.items():
        if not (one.is_empty and one.id):
            by_source.setdefault(source, []).append(one.new(row))
    for source, new in by_source.items():
        writer.annotations.add_many(new, source=Source(source))
    gone = {row: one.id for (row, _), one in changed.items() if one.is_empty and one.id}
    if gone:
        writer.annotations.delete(gone.values())
        boxes = {row for (_, box), row in rows.items() if box is not None}
        delete_silent(gone.keys() & boxes, resources, writer)


def delete_silent(rows: Collection[int], resources: Resources, writer: Batch) -> None:
    """Delete those of some boxes of which nothing is said any more.

    What concept models say counts as nothing: they look at any region that is there, and do not make one.

    Parameters
    ----------
    rows : collection of int
        Keys of regions, none of which is a whole picture.
    resources : Resources
        The open collection.
    writer : Batch
        The open transaction.
    """
    regions = resources.store.regions.by_key(sorted(rows))
    looking = classifiers(resources.store) if rows else frozenset[str]()
    spoken = {
        one.region_id
        for one in resources.store.annotations.on_regions(rows)
        if one.source not in looking and not Source(one.source).trained_concept
    }
    writer.regions.delete([region.id for region in regions if region.id not in spoken])
