"""Makes the table of facts of `toolkit_efficientnet`: the 1,000 classes of ImageNet, and everything above them.

From two tables of WordNet 3.0, parted by tabs, with a header, and a list:

- names: ``wnid``, ``lang``, ``name``, ``lexicon``; of these, the English ones of the lexicon ``omw-en``;
- hypernyms: ``wnid``, ``hypernym``;
- classes: one WordNet id a line, in the order of the classes of ImageNet 1k, which is the order of the ids.

    python bench/imagenet_concepts.py names.tsv hypernyms.tsv classes.txt plugins/toolkit_efficientnet/concepts.tsv

Only ids, words and is-a relations are taken, no definitions: they are WordNet's; its license lies beside the table.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

LEXICON = "omw-en"


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("names", "hypernyms", "classes", "table"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    names: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows(arguments.names):
        if row["lexicon"] == LEXICON:
            names[row["wnid"]].append(row["name"])
    above: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows(arguments.hypernyms):
        above[row["wnid"]].append(row["hypernym"])
    classes = arguments.classes.read_text("utf-8").split()
    lines = _lines(names, above, classes)
    arguments.table.write_text("\n".join(["id\tclass\tnames\thypernyms", *lines, ""]), "utf-8")


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _lines(
    names: Mapping[str, Sequence[str]], above: Mapping[str, Sequence[str]], classes: Sequence[str]
) -> Iterable[str]:
    """One line a concept, in the order of their ids."""
    number = {wnid: place for place, wnid in enumerate(classes)}
    for wnid in sorted(_closure(classes, above)):
        fields = (
            wnid,
            str(number.get(wnid, "")),
            ", ".join(names[wnid]),
            " ".join(sorted(above.get(wnid, ()))),
        )
        yield "\t".join(fields)


def _closure(concepts: Iterable[str], above: Mapping[str, Sequence[str]]) -> set[str]:
    """The concepts and everything above them."""
    found: set[str] = set()
    waiting = list(concepts)
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += above.get(one, ())
    return found


if __name__ == "__main__":
    main()
