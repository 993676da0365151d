"""What is said of the inputs of a collection, as exporters need it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.plugins import Annotation, Box, Input

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["Labeled", "labeled"]

YES = 0.5  # the least value that counts as a label


@dataclass(frozen=True, slots=True)
class Labeled:
    """One input and what it is said to show.

    Parameters
    ----------
    input : Input
        Which.
    concepts : tuple of str
        Concept ids of the whole image.
    regions : tuple of (Box, str)
        Boxes with one concept id each, in the order they were said.
    """

    input: Input
    concepts: tuple[str, ...]
    regions: tuple[tuple[Box, str], ...]


def labeled(photos: Collection, *, source: str = "human") -> Iterator[Labeled]:
    """Every input, in order of creation, with what a source says it shows with a value of 0.5 or more.

    Parameters
    ----------
    source : str
        ``"human"`` for all people, ``"human:ann"`` for one, ``"model:yolox"`` for every version of a model.
    """
    return (_labeled(one, said) for one, said in photos.annotations.by_input(source=source))


def _labeled(one: Input, said: Iterable[Annotation]) -> Labeled:
    pairs = dict.fromkeys(
        (annotation.box, concept)
        for annotation in said
        for concept, value in annotation.concepts.items()
        if value >= YES
    )
    whole = tuple(concept for box, concept in pairs if box is None)
    return Labeled(one, whole, tuple((box, concept) for box, concept in pairs if box is not None))
