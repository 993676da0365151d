"""What the classes of an ONNX model mean: concepts, from the JSON or from a text file with one name a line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from toolkit.plugins import Concept, InputError

__all__ = ["Labels", "concepts_of", "read_labels"]

Labels: TypeAlias = tuple[Concept | None, ...]

USUAL = "classes.txt"


def read_labels(given: object, folder: Path) -> Labels:
    """What each class means, in the order of the model's outputs; None for a class that is none.

    Parameters
    ----------
    given : list, str or None
        A list of names, of objects ``{"id", "names", "definition"}`` and of nulls; or the name of a text file in
        the folder; or None for its ``classes.txt``, if there is one.

    Raises
    ------
    InputError
        The file named is not there or lies elsewhere, or a label is none of these or there twice.
    """
    if given is None and not (folder / USUAL).is_file():
        return ()
    labels = given if isinstance(given, list) else _lines(folder, str(given or USUAL))
    found = tuple(_label(label, folder) for label in labels)
    ids = [concept.id for concept in concepts_of(found)]
    if twice := sorted({id for id in ids if ids.count(id) > 1}) if len(set(ids)) < len(ids) else []:
        raise InputError(str(folder), f"labels are there twice: {', '.join(twice[:5])}")
    return found


def concepts_of(labels: Labels) -> tuple[Concept, ...]:
    """The concepts among labels."""
    return tuple(label for label in labels if label is not None)


def _lines(folder: Path, name: str) -> list[str]:
    path = folder / name
    if path.resolve().parent != folder.resolve():
        raise InputError(str(path), "labels lie in the folder of their model")
    try:
        return path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(str(path), f"labels cannot be read: {error}") from error


def _label(label: object, folder: Path) -> Concept | None:
    if label is None:
        return None
    if isinstance(label, str) and label.strip():
        return Concept(label.strip(), {"en": (label.strip(),)})
    if isinstance(label, Mapping) and isinstance(label.get("id"), str):
        names = label.get("names") or {"en": [label["id"]]}
        by_language = {str(language): tuple(map(str, some)) for language, some in dict(names).items()}
        return Concept(label["id"], by_language, str(label.get("definition", "")))
    raise InputError(str(folder), f"a label is a name, an object with an id, or null; not {label!r:.60}")
