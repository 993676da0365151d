"""A collection of pictures of many shapes, as photographs have, without a model to load."""

from __future__ import annotations

import numpy as np
from PIL import Image

import toolkit
from toolkit.plugins.registry import Registry

SHAPES = [(640, 480), (480, 640), (640, 427), (427, 640), (500, 500), (800, 450)]


def many_shapes(count, **options):
    """`count` pictures, each of its own color and of one of six shapes."""
    random = np.random.default_rng(1)
    photos = toolkit.open(None, registry=Registry.discover(), **options)
    shapes = (SHAPES[at % len(SHAPES)] for at in range(count))
    photos.add(
        [np.asarray(Image.new("RGB", size, tuple(map(int, random.integers(20, 235, 3))))) for size in shapes],
        progress=False,
    )
    return photos
