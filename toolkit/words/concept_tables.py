"""Names and relations of concepts, from and to tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from ..errors import InputError
from ..store import AnnotationStore, ConceptName
from ..values.types import Concept

__all__ = ["Table", "read_table", "store_table", "write_names"]

RELATIONS = "hypernym", "hyponym", "synonym"
_ALIASES = {"wnid": "concept", "id": "concept", "subject": "concept", "lang": "language"}
_HEADERS = "a table has the columns concept,language,name; concept,hypernym; or subject,predicate,object"


@dataclass(frozen=True, slots=True)
class Table:
    """The names and relations of a table.

    Parameters
    ----------
    names : mapping of str to mapping of str to list of str
        By concept, then by language.
    relations : sequence of (str, str, str)
        Subject, predicate, object.
    """

    names: Mapping[str, Mapping[str, Sequence[str]]]
    relations: Sequence[tuple[str, str, str]]


def read_table(path: str | Path) -> Table:
    """The names and relations in a CSV file, or a file of tab-separated values.

    Raises
    ------
    InputError
        It cannot be read, has other columns, or a line with a blank.
    """
    names: dict[str, dict[str, list[str]]] = {}
    relations: list[tuple[str, str, str]] = []
    for line, row in _rows(Path(path).expanduser()):
        concept = _given(row, "concept", path, line)
        if "name" in row:
            language, name = (_given(row, column, path, line) for column in ("language", "name"))
            names.setdefault(concept, {}).setdefault(language, []).append(name)
        if "predicate" in row:
            predicate, object = (_given(row, column, path, line) for column in ("predicate", "object"))
            relations.append((concept, predicate, object))
        relations += [(concept, kind, row[kind]) for kind in RELATIONS if row.get(kind)]
    return Table(names, relations)


def store_table(table: Table, store: AnnotationStore) -> int:
    """Store a table, all of it or nothing; returns how many concepts are new.

    Parameters
    ----------
    table : Table
        Names and relations, as `read_table` returns them.
    store : AnnotationStore
        The collection's store.

    Raises
    ------
    QueryError
        A language that is none, a blank name, or a concept that would be its own hypernym.
    """
    before = store.counts()["concepts"]
    ends = (id for subject, _, object in table.relations for id in (subject, object))
    by_concept: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, object in table.relations:
        by_concept.setdefault(subject, {}).setdefault(predicate, []).append(object)
    ids = dict.fromkeys((*table.names, *ends))
    with store.write() as batch:
        batch.concepts.add([_concept(id, table.names.get(id, {}), by_concept.get(id, {})) for id in ids])
    return store.counts()["concepts"] - before


def write_names(names: Iterable[ConceptName], path: str | Path) -> None:
    """Write names as a table that `read_table` reads back.

    Parameters
    ----------
    names : iterable of ConceptName
        Concept names.
    path : str or Path
        The file to write.
    """
    with Path(path).expanduser().open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["concept", "language", "name"])
        writer.writerows((one.concept, one.language, one.name) for one in names)


def _concept(id: str, names: Mapping[str, Sequence[str]], relations: Mapping[str, Sequence[str]]) -> Concept:
    return Concept(
        id,
        {language: tuple(given) for language, given in names.items()},
        relations={predicate: tuple(dict.fromkeys(objects)) for predicate, objects in relations.items()},
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            tabs = "\t" in header
            columns = [
                _column(name) for name in next(csv.reader([header], delimiter="\t" if tabs else ","), [])
            ]
            if not _is_known(columns):
                raise InputError(str(path), f"its columns are {', '.join(columns) or 'none'}; {_HEADERS}")
            # A quotation mark in a table parted by tabs is a letter like any other.
            reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if tabs else csv.reader(file)
            for fields in filter(None, reader):
                given = map(str.strip, fields[: len(columns)])
                yield reader.line_num + 1, dict(zip_longest(columns, given, fillvalue=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(path), f"not a table that can be read: {error}") from error


def _column(name: str) -> str:
    folded = name.strip().lower()
    return _ALIASES.get(folded, folded)


def _is_known(columns: Sequence[str]) -> bool:
    says = {"language", "name"} <= set(columns) or {"predicate", "object"} <= set(columns)
    return "concept" in columns and (says or not set(RELATIONS).isdisjoint(columns))


def _given(row: Mapping[str, str], column: str, path: str | Path, line: int) -> str:
    if not row.get(column):
        raise InputError(str(path), f"line {line} has no {column}")
    return row[column]
