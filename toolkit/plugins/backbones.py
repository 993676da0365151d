"""One pass of a network for all components that are made from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from PIL.Image import Image

from ..errors import ContractError
from ..values.types import FloatArray

__all__ = ["Passes", "shared_backbones"]


def shared_backbones(components: Iterable[object]) -> frozenset[str]:
    """The backbones that more than one of some components is made from."""
    named = Counter(getattr(one, "backbone", "") for one in components)
    return frozenset(name for name, count in named.items() if name and count > 1)


class Passes:
    """What shared networks found in some pictures: each looks at a picture once, whoever asks.

    Parameters
    ----------
    shared : set of str
        The backbones whose features are used more than once; `shared_backbones` finds them.
    """

    def __init__(self, shared: Iterable[str] = ()) -> None:
        self._shared = frozenset(shared)
        # With its picture, which else might be gone, and its place in memory be another's.
        self._found: dict[tuple[str, int], tuple[Image, FloatArray]] = {}

    def features(self, component: object, images: Sequence[Image]) -> FloatArray | None:
        """Features (b, ...) of some whole pictures; None where the component shares no network.

        Parameters
        ----------
        component : embedder or concept model
            With a `backbone` and `features`, if it shares one.
        images : sequence of b pictures
            Upright, RGB.

        Raises
        ------
        ContractError
            There are not as many features as pictures.
        """
        backbone = getattr(component, "backbone", "")
        if backbone not in self._shared or not images:
            return None
        fresh = [one for one in images if (backbone, id(one)) not in self._found]
        for image, row in zip(fresh, _rows(component, fresh), strict=True):
            self._found[backbone, id(image)] = image, row
        return np.stack([self._found[backbone, id(one)][1] for one in images])


def _rows(component: object, images: Sequence[Image]) -> FloatArray:
    if not images:
        return np.empty((0, 0), np.float32)
    found: FloatArray = np.asarray(getattr(component, "features")(images))  # noqa: B009  (an optional method)
    if found.shape[:1] != (len(images),):
        who = f"{type(component).__name__} {getattr(component, 'name', '')!r}"
        raise ContractError(who, f"features() returns one row a picture, {len(images)}", str(found.shape))
    return found
