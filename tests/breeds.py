"""A made-up classifier that only knows breeds, and a collection of three plain pictures it has looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL.Image import Image

import toolkit as tk
from toolkit.collection.collection import Collection
from toolkit.plugins.registry import Registry
from toolkit.values.settings import Workflow
from toolkit.values.types import Concept

PICTURES = {"dark": 0, "gray": 128, "light": 255}
# What the classifier is sure of, by how light a picture is.
SAID = {
    0: {"n-poodle": 0.4, "n-husky": 0.5, "n-cat": 0.1},
    128: {"n-poodle": 0.3, "n-cat": 0.6},
    255: {"n-husky": 0.2, "n-crane": 0.7},
}


class Breeds:
    """A softmax over two breeds, a cat and a crane."""

    name, version, exclusive = "breeds", "1", True
    concepts: Sequence[Concept] = (
        Concept("n-poodle", {"en": ("poodle",)}),
        Concept("n-husky", {"en": ("husky",)}),
        Concept("n-cat", {"en": ("cat",), "fr": ("chat",)}),
        Concept("n-crane", {"en": ("crane",)}),
    )

    def __init__(self, argument: str = "") -> None:
        pass

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        return [SAID[int(np.asarray(image).max())] for image in images]


class Detector(Breeds):
    """The same, but each concept is true or not whatever the others are."""

    name, exclusive = "separate", False


ANIMALS = [
    Concept("n-animal", {"en": ("animal",), "ja": ("動物",)}),
    Concept("n-dog", {"en": ("dog",), "fr": ("chien",)}, relations={"hypernym": ("n-animal",)}),
    Concept("n-fellow", {"en": ("dog",), "fr": ("chien",)}, relations={"hypernym": ("n-animal",)}),
    Concept("n-fox", {"en": ("fox",), "ja": ("狐", "キツネ")}, relations={"hypernym": ("n-animal",)}),
    Concept("n-scan", {"en": ("CAT",)}),
    Concept("n-poodle", relations={"hypernym": ("n-dog",)}),
    Concept("n-husky", relations={"hypernym": ("n-dog",)}),
    Concept("n-cat", relations={"hypernym": ("n-animal",)}),
]


def breeds(*, model: type[Breeds] = Breeds, animals: Sequence[Concept] = ANIMALS) -> Collection:
    """The collection, with names and relations stored."""
    registry = Registry.discover()
    registry.add(model, kind="concept_models")
    photos = tk.open(workflow=Workflow(concept_models=(model.name,)), registry=registry)
    photos.add([np.full((8, 8, 3), light, np.uint8) for light in PICTURES.values()], progress=False)
    with photos._resources.store.write() as batch:
        batch.concepts.add(animals)
    return photos


def scores(photos: Collection, query: object) -> list[float]:
    """The score of each picture, in the order they were added; 0 for those that are no hit."""
    found = {hit.input.id: round(hit.score, 4) for hit in photos.search(query)}
    keys = photos.snapshot().inputs.key.tolist()
    return [found.get(one.id, 0.0) for one in photos._resources.store.inputs.by_key(keys)]
