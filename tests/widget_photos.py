"""A small collection for the tests of widgets: gray and colored squares, from black to white."""

import numpy as np

import toolkit
from toolkit.plugins.registry import Registry

COUNT = 24


def square(level, side=48):
    return np.full((side, side, 3), level, np.uint8)


def photos(**options):
    collection = toolkit.open(None, registry=Registry.discover(), **options)
    collection.add([square(round(255 * at / (COUNT - 1))) for at in range(COUNT)], progress=False)
    collection.concepts.add("dark", names={"de": ["dunkel"], "ja": ["暗い"]})
    return collection


def placed(**options):
    """The same, each a hundredth of a degree farther north and east than the one before."""
    collection = toolkit.open(None, registry=Registry.discover(), **options)
    collection.add(
        [
            {"image": square(round(255 * at / (COUNT - 1))), "lat": 48 + at / 100, "lon": 11 + at / 100}
            for at in range(COUNT)
        ],
        progress=False,
    )
    return collection
