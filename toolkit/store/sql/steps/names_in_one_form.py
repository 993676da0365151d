"""Step 3: the ids of concepts are in Unicode's form NFC, without blanks around them.

Before, "Señal" typed on two keyboards was two concepts. Where several ids become one, the concept whose id is in that
form already stays, else the oldest: it gets the annotations, names and relations of the others. Where both were said of
one thing by one annotation, what was said of the one that stays counts. Saved queries, trained models, pinned names and
the vocabularies of models follow. What a step does never changes, so this file imports nothing of the toolkit.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

__all__ = ["names_in_one_form"]

_UNSEEN = "\ufeff\u200b"


def names_in_one_form(connection: Connection) -> None:
    """Merge concepts whose ids are one name, and rename those whose ids are in another form."""
    concepts = connection.execute(text("SELECT key, id FROM concepts ORDER BY key")).all()
    if all(id == _plain(id) for _, id in concepts):
        return
    staying: dict[str, int] = {id: key for key, id in concepts if id == _plain(id)}
    for key, id in concepts:
        if _plain(id):
            staying.setdefault(_plain(id), key)
    renamed = {id: _plain(id) for _, id in concepts if _plain(id) and id != _plain(id)}
    for key, id in concepts:
        if id in renamed and staying[renamed[id]] != key:
            _merge(connection, key, staying[renamed[id]])
    for key, id in concepts:
        if id in renamed and staying[renamed[id]] == key:
            connection.execute(
                text("UPDATE concepts SET id = :id WHERE key = :key"), {"id": renamed[id], "key": key}
            )
    _follow(connection, renamed)
    # No cache of the store as it was holds any more.
    connection.execute(text("UPDATE revisions SET token = :token"), {"token": secrets.token_hex(8)})


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().strip(_UNSEEN).strip()


def _merge(connection: Connection, gone: int, stays: int) -> None:
    keys = {"gone": gone, "stays": stays}
    for table, owner, others in (
        ("annotation_concepts", "concept_key", ("annotation_key",)),
        ("concept_names", "concept_key", ("language", "name")),
        ("concept_relations", "subject_key", ("predicate", "object_key")),
        ("concept_relations", "object_key", ("predicate", "subject_key")),
    ):
        same = " AND ".join(f"other.{column} = {table}.{column}" for column in others)
        there = f"SELECT 1 FROM {table} AS other WHERE other.{owner} = :stays AND {same}"  # noqa: S608  (names above)
        connection.execute(text(f"DELETE FROM {table} WHERE {owner} = :gone AND EXISTS ({there})"), keys)  # noqa: S608
        connection.execute(text(f"UPDATE {table} SET {owner} = :stays WHERE {owner} = :gone"), keys)  # noqa: S608
    connection.execute(text("DELETE FROM concept_relations WHERE subject_key = object_key"))
    connection.execute(text("DELETE FROM concepts WHERE key = :gone"), keys)


def _follow(connection: Connection, renamed: Mapping[str, str]) -> None:
    """Put the new ids in place of the old ones in JSON that names concepts, and in the names of trained models."""
    for table, name, column in (
        ("queries", "name", "query"),
        ("properties", "name", "value"),
        ("models", "name", "state"),
    ):
        for key, old in connection.execute(text(f"SELECT {name}, {column} FROM {table}")).all():  # noqa: S608
            new = json.dumps(
                _replaced(json.loads(old), renamed), ensure_ascii=False, sort_keys=True, separators=(",", ":")
            )
            change = text(f"UPDATE {table} SET {column} = :new WHERE name = :name")  # noqa: S608
            if json.loads(new) != json.loads(old):
                connection.execute(change, {"new": new, "name": key})
    models = {name for (name,) in connection.execute(text("SELECT name FROM models")).all()}
    for old in sorted(models & renamed.keys()):
        new = renamed[old]
        if new in models:
            connection.execute(text("DELETE FROM models WHERE name = :old"), {"old": old})
        else:
            connection.execute(
                text("UPDATE models SET name = :new WHERE name = :old"), {"new": new, "old": old}
            )
            models.add(new)


def _replaced(value: Any, renamed: Mapping[str, str]) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(value, str):
        return renamed.get(value, value)
    if isinstance(value, list):
        return [_replaced(part, renamed) for part in value]
    if isinstance(value, dict):
        return {renamed.get(key, key): _replaced(part, renamed) for key, part in value.items()}
    return value
