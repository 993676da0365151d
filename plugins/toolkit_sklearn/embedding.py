"""An embedder as a transformer of scikit-learn, for its pipelines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from PIL import Image
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from toolkit.plugins import (
    FloatArray,
    InputError,
    PictureFile,
    decode,
    embed,
    encode_png,
    from_array,
    load_embedder,
    read_bytes,
    upright,
)

__all__ = ["PictureEmbedder"]

PictureLike: TypeAlias = "str | os.PathLike[str] | bytes | Image.Image | np.ndarray | PictureFile"

_MAX_BYTES = 100 * 2**20
_MAX_PIXELS = 200_000_000


class PictureEmbedder(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # it has no types
    """Turns pictures into unit vectors, as a collection does; there is nothing to fit.

    Parameters
    ----------
    embedder : str
        ``"efficientnet"``, ``"timm:resnet18"``, or whatever else an installed plugin brings.
    working_size : int
        Long side, in pixels, that pictures are decoded to before the embedder sees them.
    batch_size : int
        How many pictures it sees at once.

    Attributes
    ----------
    n_features_out_ : int
        d.

    Examples
    --------
    >>> shades = [np.full((32, 32, 3), shade, np.uint8) for shade in (0, 128, 255)]
    >>> PictureEmbedder("pixels").fit_transform(shades).dtype
    dtype('float32')
    """

    def __init__(
        self, embedder: str = "efficientnet", *, working_size: int = 512, batch_size: int = 32
    ) -> None:
        self.embedder = embedder
        self.working_size = working_size
        self.batch_size = batch_size

    def fit(self, X: Sequence[PictureLike], y: object = None) -> PictureEmbedder:  # noqa: N803  (scikit-learn's name)
        """Itself, with the embedder loaded.

        Parameters
        ----------
        X : sequence of pictures
            Not looked at.
        y : object
            Not looked at.

        Raises
        ------
        UnknownNameError
            No plugin brings such an embedder.
        """
        self.embedder_ = load_embedder(self.embedder)
        self.n_features_out_ = self.embedder_.dimension
        return self

    def transform(self, X: Sequence[PictureLike]) -> FloatArray:  # noqa: N803  (scikit-learn's name)
        """Unit vectors float32 (n, d) of n pictures: paths, encoded files, PIL images, arrays, or `photos.files()`.

        Raises
        ------
        InputError
            One of them cannot be read.
        """
        check_is_fitted(self)
        made = [
            embed(self.embedder_, [self._decoded(one) for one in batch])
            for batch in (X[start : start + self.batch_size] for start in range(0, len(X), self.batch_size))
        ]
        return np.concatenate(made) if made else np.empty((0, self.n_features_out_), np.float32)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """Names of the d numbers.

        Parameters
        ----------
        input_features : object
            Not looked at: pictures have no names of features.
        """
        check_is_fitted(self)
        return np.array([f"{self.embedder}_{index}" for index in range(self.n_features_out_)], object)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "embedder_")

    def _decoded(self, picture: PictureLike) -> Image.Image:
        # Encoded and decoded as a collection does it, so that the vectors are the same.
        encoded, uri = _encoded(picture)
        return decode(encoded, uri=uri, working_size=self.working_size, max_pixels=_MAX_PIXELS).image


def _encoded(picture: PictureLike) -> tuple[bytes, str]:
    if isinstance(picture, PictureFile):
        return picture.read(), picture.uri
    if isinstance(picture, str | os.PathLike):
        return read_bytes(picture, max_bytes=_MAX_BYTES), os.fspath(picture)
    if isinstance(picture, bytes):
        return picture, "<bytes>"
    if isinstance(picture, np.ndarray):
        return encode_png(from_array(picture)), "<array>"
    if isinstance(picture, Image.Image):
        return encode_png(upright(picture)), "<picture>"
    raise InputError(f"{picture!r:.80}", f"a {type(picture).__name__} is no picture")
