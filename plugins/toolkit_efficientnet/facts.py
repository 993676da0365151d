"""What the classes mean: ids, English names and is-a relations of WordNet, of the 1,000 classes and all above them.

The tables were made by ``bench/imagenet_concepts.py``; the license of WordNet lies beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from toolkit.plugins import Concept, ConceptLookup, Meaning, fold

__all__ = ["ImageNetGraph", "classes"]

TABLE = Path(__file__).with_name("concepts.tsv")
SENSES = Path(__file__).with_name(
    "senses.tsv"
)  # of names with several senses, in the table or not, the usual one first


class ImageNetGraph:
    """Knows what lies above the classes of ImageNet, whatever network says them: n02110341 is a dog, and an animal.

    Their names reach a collection with them, so it translates nothing by itself.

    References
    ----------
    WordNet 3.0, Princeton University, https://wordnet.princeton.edu
    """

    name = "imagenet"

    def translate(self, name: str, *, language: str | None, names: ConceptLookup) -> Iterable[Meaning]:
        """Nothing: the names that it knows are stored where they are needed."""
        return ()

    def senses(self, words: Sequence[str], *, language: str) -> Mapping[str, Sequence[str]]:
        """The senses of each English word that names a concept of the table, the usual one first."""
        if language.split("-", maxsplit=1)[0] != "en":
            return {}
        named = _named()
        return {word: named[fold(word)] for word in words if fold(word) in named}

    def define(self, concepts: Sequence[str]) -> Iterable[Concept]:
        """The concepts of the table, with their names; it has no definitions."""
        table = _facts()
        return [table[one] for one in concepts if one in table]

    def above(self, concepts: Iterable[str]) -> Iterable[Concept]:
        """The concepts themselves, then all above them, the nearest first; those that are in no table are left out."""
        table = _facts()
        found: dict[str, Concept] = {}
        level = [one for one in concepts if one in table]
        while level:
            fresh = dict.fromkeys(one for one in level if one not in found)
            found |= {one: table[one] for one in fresh}
            level = [above for one in fresh for above in table[one].relations.get("hypernym", ())]
        return list(found.values())


@cache
def classes() -> tuple[Concept, ...]:
    """The 1,000 classes with their names, in the order of a network's outputs."""
    numbered = {int(fields[1]): fields for fields in _rows() if fields[1]}
    return tuple(Concept(numbered[at][0], _names(numbered[at])) for at in range(len(numbered)))


@cache
def _facts() -> Mapping[str, Concept]:
    """Every concept of the table, by id, with its names and what is right above it."""
    return MappingProxyType({fields[0]: _concept(fields) for fields in _rows()})


@cache
def _named() -> Mapping[str, Sequence[str]]:
    """Concepts by folded English name, the usual sense first."""
    named: dict[str, list[str]] = {}
    for id, _, names, _ in _rows():
        for name in names.split(", "):
            named.setdefault(fold(name), []).append(id)
    for line in SENSES.read_text("utf-8").splitlines()[1:]:
        name, ids = line.split("\t")
        named[fold(name)] = ids.split()
    return MappingProxyType(named)


def _rows() -> Iterable[tuple[str, str, str, str]]:
    for line in TABLE.read_text("utf-8").splitlines()[1:]:
        id, number, names, hypernyms = line.split("\t")
        yield id, number, names, hypernyms


def _concept(fields: tuple[str, str, str, str]) -> Concept:
    hypernyms = tuple(fields[3].split())
    return Concept(fields[0], _names(fields), relations={"hypernym": hypernyms} if hypernyms else {})


def _names(fields: tuple[str, str, str, str]) -> dict[str, tuple[str, ...]]:
    return {"en": tuple(fields[2].split(", "))}
