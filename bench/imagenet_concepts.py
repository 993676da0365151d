"""Makes the table of facts of `toolkit_efficientnet`: the 1,000 classes of ImageNet, and everything above them.

From two tables of WordNet 3.0, parted by tabs, with a header, and a list:

- names: ``wnid``, ``lang``, ``name``, ``lexicon``; of these, the English ones of the lexicon ``omw-en``;
- hypernyms: ``wnid``, ``hypernym``;
- classes: one WordNet id a line, in the order of the classes of ImageNet 1k, which is the order of the ids.

    python bench/imagenet_concepts.py names.tsv hypernyms.tsv classes.txt plugins/toolkit_efficientnet/concepts.tsv \\
        --lexicon omw-en.xml.xz --senses plugins/toolkit_efficientnet/senses.tsv

Only ids, words and is-a relations are taken, no definitions: they are WordNet's; its license lies beside the table.
The second table has the senses of those names that have several, in the order in which a lexicon in the format WN-LMF
lists them; that of Open English WordNet, CC BY 4.0. Senses that are not in the first table are among them: a kite is
not always a hawk.
"""

from __future__ import annotations

import argparse
import csv
import lzma
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

LEXICON = "omw-en"


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("names", "hypernyms", "classes", "table"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--senses", type=Path)
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
    if arguments.lexicon:
        named = _named({one: names[one] for one in _closure(classes, above)})
        ordered = _ordered(named, _listed(arguments.lexicon))
        arguments.senses.write_text("\n".join(["name\tids", *ordered, ""]), "utf-8")


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


def _named(names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The concepts of each name, in lower case."""
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for wnid in sorted(names):
        for name in dict.fromkeys(one.casefold() for one in names[wnid]):
            by_name[name].append(wnid)
    return by_name


def _listed(lexicon: Path) -> Mapping[str, Sequence[str]]:
    """The synsets of each word in lower case, in the order of its senses; of words without capitals first."""
    entries: list[tuple[str, list[str]]] = []
    with lzma.open(lexicon) as file:
        for _, entry in ElementTree.iterparse(file):
            if entry.tag == "LexicalEntry":
                word = entry.find("Lemma").attrib["writtenForm"]
                entries.append(
                    (word, [f"n{one.attrib['synset'].split('-')[-2]}" for one in entry.iter("Sense")])
                )
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for word, synsets in sorted(entries, key=lambda one: one[0] != one[0].lower()):
        listed[word.casefold()] += synsets
    return listed


def _ordered(named: Mapping[str, Sequence[str]], listed: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """One line for each name that has several senses."""
    for name, concepts in sorted(named.items()):
        senses = list(dict.fromkeys([*listed.get(name, ()), *concepts]))
        if len(senses) > 1:
            yield f"{name}\t{' '.join(senses)}"


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
