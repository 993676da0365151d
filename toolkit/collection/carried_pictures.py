"""Pictures that saved queries ask by and that lie beside the collection, taken along with a copy of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..files.kept import FOLDER
from ..files.originals import Originals
from ..store import Batch
from ..values.base64_text import to_base64
from ..values.types import Json

__all__ = ["carry_pictures"]


def carry_pictures(before: Originals, queries: Mapping[str, Json], batch: Batch) -> None:
    """Write into saved queries the pictures that lie beside the collection they were saved in, as bytes.

    Parameters
    ----------
    before : Originals
        Of that collection.
    queries : mapping of str to JSON
        All saved queries, by name.
    batch : Batch
        The transaction that writes the copy.
    """
    folder = Path(before.location, FOLDER)
    for name, query in queries.items():
        carried = _carried(query, folder)
        if carried != query:
            batch.queries.save(name, carried)


def _carried(part: Json, folder: Path) -> Json:
    """A part of a query with the bytes of a picture in place of its path in a folder, where it is still there."""
    if isinstance(part, str):
        is_here = part.startswith(str(folder)) and ".." not in Path(part).parts and Path(part).is_file()
        return {"base64": to_base64(Path(part).read_bytes())} if is_here else part
    if isinstance(part, Mapping):
        return {name: _carried(one, folder) for name, one in part.items()}
    return [_carried(one, folder) for one in part] if isinstance(part, list | tuple) else part
