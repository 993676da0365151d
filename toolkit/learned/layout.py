"""Where pictures lie on a plane: a projection of one space, as a value that a store can hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import StoreError
from ..snapshot import InputArrays
from ..values.base64_text import from_base64, to_base64
from ..values.packed import packed, unpacked
from ..values.positions import positions
from ..values.types import FloatArray, Json

__all__ = ["Layout", "laid_beside", "made_layout"]

NEIGHBORS = 5
BLOCK = 1024  # vectors compared at once

Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the pictures of one space lie on a plane.

    Parameters
    ----------
    projection : str
        What laid them out.
    space : str
        ``embedder@version`` of their vectors.
    seed : int
        Of what was drawn at random.
    fit : str
        Eight digits that tell what was laid out at once; what is placed beside it later changes nothing else.
    fitted : int
        How many pictures were laid out at once.
    keys : int64 (m,)
        Of the inputs, ascending.
    places : float32 (m, 2)
        About the square from 0 to 1.
    is_stored : bool
        Whether it is stored with the collection; False where that can only be read.
    """

    projection: str
    space: str
    seed: int
    fit: str
    fitted: int
    keys: Keys
    places: FloatArray
    is_stored: bool = True

    def of(self, inputs: InputArrays) -> FloatArray:
        """The places of some inputs, float32 (n, 2); NaN where one has none."""
        found = np.full((len(inputs), 2), np.nan, np.float32)
        at = positions(self.keys, inputs.key)
        found[at >= 0] = self.places[at[at >= 0]]
        return found

    def to_dict(self) -> dict[str, Json]:
        """A JSON object that `from_dict` reads back to the same bits."""
        return {
            "projection": self.projection,
            "space": self.space,
            "seed": self.seed,
            "fit": self.fit,
            "fitted": self.fitted,
            "keys": to_base64(self.keys.astype("<i8").tobytes()),
            "places": packed(self.places),
        }

    @classmethod
    def from_dict(cls, state: Json) -> Layout:
        """The layout a JSON object describes.

        Raises
        ------
        StoreError
            Anything is missing, of the wrong type, or not finite.
        """
        if not isinstance(state, Mapping):
            raise _damaged("it is an object")
        texts = [state.get(name) for name in ("projection", "space", "fit")]
        numbers = [state.get(name) for name in ("seed", "fitted")]
        if not all(isinstance(one, str) for one in texts) or not all(isinstance(one, int) for one in numbers):
            raise _damaged("projection, space and fit are texts, seed and fitted whole numbers")
        try:
            keys = np.frombuffer(from_base64(str(state.get("keys"))), "<i8").astype(np.int64)
        except ValueError as error:
            raise _damaged(f"keys: int64 in base64 is expected ({error})") from error
        places = unpacked(state.get("places"), "places", damaged=_damaged)
        if len(places) != 2 * len(keys) or np.any(np.diff(keys) <= 0):
            raise _damaged(f"{len(keys)} ascending keys have two numbers each, not {len(places)} in all")
        projection, space, fit = map(str, texts)
        seed, fitted = (int(one) for one in numbers if isinstance(one, int))
        return cls(projection, space, seed, fit, fitted, keys, places.reshape(-1, 2))


def made_layout(projection: str, space: str, seed: int, keys: Keys, places: FloatArray) -> Layout:
    """The layout of pictures that were laid out at once, brought to the square from 0 to 1.

    Parameters
    ----------
    projection, space : str
        What laid out which vectors.
    seed : int
        Of what was drawn at random.
    keys : int64 (m,)
        Of the inputs, ascending.
    places : float32 (m, 2)
        Where it put them.
    """
    low, high = places.min(axis=0), places.max(axis=0)
    side = float((high - low).max()) or 1.0
    square = np.asarray((places - (low + high) / 2) / side + 0.5, np.float32)
    fit = hashlib.sha256(keys.tobytes() + square.tobytes()).hexdigest()[:8]
    return Layout(projection, space, seed, fit, len(keys), keys, square)


def laid_beside(fitted: FloatArray, places: FloatArray, vectors: FloatArray) -> FloatArray:
    """Places float32 (k, 2) of further vectors: the mean of their five nearest neighbors', the nearest counting most.

    Parameters
    ----------
    fitted : float32 (m, d)
        Unit vectors that have a place.
    places : float32 (m, 2)
        Theirs.
    vectors : float32 (k, d)
        Unit vectors that have none yet.

    Examples
    --------
    >>> laid_beside(np.eye(2, dtype=np.float32), np.float32([[0, 0], [1, 1]]), np.float32([[0, 1]])).round(2)
    array([[1., 1.]], dtype=float32)
    """
    count = min(NEIGHBORS, len(fitted))
    cosines = vectors @ fitted.T
    nearest = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    near = np.take_along_axis(cosines, nearest, axis=1)
    weights = 1 / (1 - np.minimum(near, 1) + 1e-4)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray((places[nearest] * weights[..., None]).sum(axis=1), np.float32)


def _damaged(rule: str) -> StoreError:
    return StoreError(f"a layout stored with the collection is damaged: {rule}; lay it out again")
