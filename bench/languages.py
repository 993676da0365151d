"""One question in several languages on real photos: how well each ranks, and which of its senses a word is given.

Skipped where the photos, the names or the extras are not there. Names and hypernyms come from flat tables, so no
lexicon is loaded; classes of the photos that no model class lies at or below are not counted, only said.
"""

from __future__ import annotations

import csv
import importlib.util
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

import toolkit
from toolkit.errors import NotIndexedError, UnknownNameError
from toolkit.evaluation.measures import average_precision
from toolkit.terms import concept

from .figure import Figure
from .models import FOLDER, MODEL, SHARED

__all__ = ["run"]

PHOTOS, WORDNET = SHARED / "photos-dev", SHARED / "wordnet"
LANGUAGES = ("ja", "de", "fr", "es", "zh")
BROAD = {"animal": ("n00015388", 0.97), "vehicle": ("n04524313", 0.92), "bird": ("n01503061", 0.88),
         "container": ("n03094503", 0.67)}  # fmt: skip
SENSES = {"en": 0.92, "fr": 0.81}  # the share of right senses that is asked for

Names = Mapping[str, Mapping[str, Sequence[str]]]  # by language, by concept: the preferred one first


def run(rows: int) -> list[Figure]:
    missing = [name for name in ("torch", "timm") if importlib.util.find_spec(name) is None]
    missing += [str(folder) for folder in (FOLDER, PHOTOS, WORDNET) if not folder.is_dir()]
    if missing:
        print(f"skipped: {', '.join(missing)} not here")
        return []
    labels = _table(PHOTOS / "labels.csv")[:: 1 if rows >= 100_000 else 24]
    with toolkit.open(workflow=toolkit.Workflow(concept_models=(f"timm:{MODEL}",))) as photos:
        photos.add([PHOTOS / row["path"] for row in labels])
        for table in ("names", "hypernyms"):
            photos.concepts.read(WORDNET / f"concept-{table}.tsv")
        truth = {photos.find(PHOTOS / row["path"]).id: row["wnid"] for row in labels}
        names = _names()
        return [
            *_by_language(photos, truth, names),
            *_broad(photos, truth),
            *_senses(photos, names),
        ]


def _by_language(photos: toolkit.Collection, truth: Mapping[str, str], names: Names) -> Iterator[Figure]:
    classes = set(truth.values())
    found = {
        language: {
            one: precision
            for one in classes
            if one in names[language]
            and (precision := _precision(photos, truth, names[language][one][0], language, {one})) is not None
        }
        for language in ("en", *LANGUAGES)
    }
    english = found.pop("en")
    yield Figure(
        f"en: mAP of {len(english)} of {len(classes)} classes", float(np.mean([*english.values()])), ""
    )
    for language, precisions in found.items():
        both = sorted(precisions.keys() & english.keys())
        loss = np.mean([english[one] - precisions[one] for one in both])
        yield Figure(
            f"{language}: points lost to English, {len(both)} classes", float(100 * loss), "", goal="<= 3"
        )


def _broad(photos: toolkit.Collection, truth: Mapping[str, str]) -> Iterator[Figure]:
    for name, (id, goal) in BROAD.items():
        below = set(photos.concepts.below(id))
        precision = _precision(photos, truth, name, "en", below)
        yield Figure(f"{name}: AP", precision or 0.0, "", goal=f">= {goal}")


def _precision(
    photos: toolkit.Collection, truth: Mapping[str, str], name: str, language: str, wanted: set[str]
) -> float | None:
    """The average precision of a name; None if nothing here says what it means."""
    try:
        hits = photos.search(concept(name, language=language), limit=len(truth))
    except (NotIndexedError, UnknownNameError):
        return None
    total = sum(one in wanted for one in truth.values())
    return average_precision([truth[id] in wanted for id in hits.ids], total=total)


def _senses(photos: toolkit.Collection, names: Names) -> Iterator[Figure]:
    """How often a name is given the concept it was listed for: of the model's classes and all that lies above them."""
    from toolkit_timm.concepts import TimmConcepts

    said = {one.id for one in TimmConcepts(MODEL).concepts}
    above = said.union(*(photos.concepts.above(id) for id in said))
    for language, goal in SENSES.items():
        listed = {id: of[0] for id, of in names[language].items() if id in above}
        taken = [
            (id, [one.concept for one in photos.concepts.meanings(name, language=language)])
            for id, name in listed.items()
        ]
        first = float(np.mean([concepts[0] == id for id, concepts in taken]))
        alone = float(np.mean([concepts == [id] for id, concepts in taken]))
        yield Figure(
            f"{language}: right sense of {len(taken)} names, the first taken", first, "", goal=f">= {goal}"
        )
        yield Figure(f"{language}: right sense, and no other taken with it", alone, "")


def _names() -> Names:
    names: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for row in _table(WORDNET / "concept-names.tsv", delimiter="\t"):
        names[row["lang"]].setdefault(row["wnid"], []).append(row["name"])
    return names


def _table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
        return list(csv.DictReader(file, delimiter=delimiter, quoting=quoting))
