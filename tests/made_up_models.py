"""Models that anybody can check by eye, and collections that run them."""

from __future__ import annotations

import numpy as np
import toolkit_concepts
import toolkit_files
import toolkit_filters
import toolkit_multilingual
import toolkit_sklearn
import toolkit_visual

import toolkit
from toolkit.plugins.registry import Registry
from toolkit.testing import pictures
from toolkit.values.types import Box, Concept, Detection

CORNER = Box(0.0, 0.0, 0.5, 0.5)
RULES = (
    toolkit_concepts,
    toolkit_files,
    toolkit_filters,
    toolkit_multilingual,
    toolkit_sklearn,
    toolkit_visual,
)


class Colors:
    """Embeds the mean color."""

    name, version, dimension = "colors", "1", 3

    def embed(self, images):
        return np.array([np.asarray(image, float).mean((0, 1)) + 1 for image in images], np.float32)


class Size(Colors):
    """Embeds the size."""

    name, dimension = "size", 2

    def embed(self, images):
        return np.array([image.size for image in images], np.float32)


class Light:
    """Says how bright a picture is."""

    name, version = "light", "1"
    concepts = (Concept("bright", {"en": ("bright",), "de": ("hell",)}),)

    def predict(self, images):
        return [{"bright": float(np.asarray(image).mean() / 255)} for image in images]


class Corner:
    """Finds the top left quarter of every picture."""

    name, version = "corner", "1"
    concepts = (Concept("corner"),)

    def detect(self, images):
        return [[Detection(CORNER, {"corner": 0.75}, 0.5)] for _ in images]


def registry(*things):
    """The plugins of this checkout with some models of a test's own."""
    made = Registry()
    for thing in (*RULES, Colors, Size, Light, Corner, *things):
        made.add(thing)
    return made


def opened(target=None, *things, embedders=("colors",), concept_models=(), detectors=(), **settings):
    """An open collection that runs some made-up models."""
    workflow = toolkit.Workflow(tuple(embedders), tuple(concept_models), tuple(detectors))
    return toolkit.open(
        target, workflow=workflow, settings=toolkit.Settings(**settings), registry=registry(*things)
    )


def write_pictures(folder, count, *, seed=0, extension="png"):
    """Paths of seeded pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{index:03}.{extension}" for index in range(count)]
    for path, picture in zip(paths, pictures(count, seed=seed), strict=True):
        picture.save(path)
    return paths


def annotations(photos, id):
    """Everything that was said of an input and its regions."""
    store = photos._resources.store
    regions = store.regions.on_inputs(store.inputs.keys([id]))
    return store.annotations.on_regions(region.key for region in regions)
