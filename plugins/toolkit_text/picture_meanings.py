"""What pictures mean, as vectors of sentences: the mean of their classes, weighted by how sure the model is.

References
----------
M. Norouzi et al., Zero-Shot Learning by Convex Combination of Semantic Embeddings, ICLR 2014 (ConSE).
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from toolkit.plugins import (
    Context,
    FloatArray,
    NotIndexedError,
    Remedy,
    Snapshot,
)

from .meaning_vectors import concept_vectors
from .sentences import unit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["PictureMeanings", "picture_meanings"]

CHUNK = 8192  # rows whose vectors are made at once
LEAST = 1e-6  # a picture that means just what all mean has no direction


@dataclass(frozen=True, eq=False)
class PictureMeanings:
    """The meaning of every row that an exclusive concept model looked at.

    Vectors of rows are not stored: 512 numbers a row, where 50 classes say the same. They are the product of
    `weights` and `classes`, less `mean`.

    Parameters
    ----------
    weights : float32 (r, c), sparse
        Of each class for a row: the square root of its probability, adding up to 1.
    classes : float32 (c, 512)
        Unit vectors.
    common : float32 (512,)
        The mean of the classes.
    mean : float32 (512,)
        Of all rows: what they have in common tells nothing.
    length : float32 (r,)
        Of each row's vector; 0 where nothing is known of the row.
    """

    weights: csr_matrix
    classes: FloatArray
    common: FloatArray
    mean: FloatArray
    length: FloatArray

    def cosines(self, meaning: FloatArray) -> FloatArray:
        """The cosine float32 (r,) of each row to a meaning (512,); NaN where nothing is known of the row.

        What all classes have in common is taken from the meaning too: it says nothing of any.

        Parameters
        ----------
        meaning : float32 (512,)
            Of a phrase.
        """
        direction = unit(meaning - self.common)
        products = self.weights @ (self.classes @ direction) - np.float32(self.mean @ direction)
        known = self.length > LEAST
        cosines = np.full(len(products), np.nan, np.float32)
        np.divide(products, self.length, out=cosines, where=known)
        return cosines


_made: WeakKeyDictionary[Snapshot, PictureMeanings] = WeakKeyDictionary()
_ALONE = Lock()


def picture_meanings(snapshot: Snapshot, context: Context) -> PictureMeanings:
    """The meanings of a snapshot's rows; made once for a snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        What is ranked.
    context : Context
        Knows what concepts are called.

    Raises
    ------
    NotIndexedError
        No model of the collection tells kinds of things apart.
    """
    with _ALONE:
        if snapshot not in _made:
            _made[snapshot] = _meanings(snapshot, context)
        return _made[snapshot]


def _meanings(snapshot: Snapshot, context: Context) -> PictureMeanings:
    columns = snapshot.columns
    exclusive = [context.is_exclusive(str(source)) for source in snapshot.sources]
    groups = np.flatnonzero(np.array(exclusive, bool)[columns.source]) if exclusive else np.empty(0, np.intp)
    if not len(groups):
        raise NotIndexedError(
            "no model here tells what pictures show, so words cannot be compared with them: run ",
            Remedy(
                "photos.index(concept_model='efficientnet')",
                "toolkit index COLLECTION --concept-model efficientnet",
            ),
            ", or index an embedder with a text side",
        )
    weights = _weights(snapshot, groups)
    ids = [snapshot.concepts[concept] for concept in columns.concept[groups]]
    classes = concept_vectors(context.define(ids))
    known = np.diff(weights.indptr) > 0
    rows_known = max(int(np.count_nonzero(known)), 1)
    mean = np.asarray(weights.sum(axis=0), np.float64).ravel() @ classes / rows_known
    length = np.zeros(len(snapshot.rows), np.float32)
    for start in range(0, len(length), CHUNK):
        rows = slice(start, start + CHUNK)
        length[rows] = np.linalg.norm(weights[rows] @ classes - mean, axis=1)
    return PictureMeanings(
        weights, classes, classes.mean(axis=0), mean.astype(np.float32), np.where(known, length, 0)
    )


def _weights(snapshot: Snapshot, groups: npt.NDArray[np.intp]) -> csr_matrix:
    from scipy.sparse import csc_matrix  # half a second, which only a query in plain words needs

    columns = snapshot.columns
    parts = [slice(columns.start[group], columns.start[group + 1]) for group in groups]
    values = np.sqrt(np.concatenate([columns.values[part] for part in parts]))
    rows = np.concatenate([columns.rows[part] for part in parts])
    starts = np.concatenate([[0], np.cumsum([part.stop - part.start for part in parts])])
    weights = csc_matrix((values, rows, starts), shape=(len(snapshot.rows), len(groups))).tocsr()
    total = np.asarray(weights.sum(axis=1)).ravel()
    weights.data /= np.repeat(np.where(total > 0, total, 1), np.diff(weights.indptr)).astype(np.float32)
    return weights
