"""The `mislabeled` term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt

from toolkit.plugins import (
    Arguments,
    Context,
    FloatArray,
    IntArray,
    Parameter,
    QueryError,
    Remedy,
    Snapshot,
    Space,
)

from .labels import human_votes

__all__ = ["Mislabeled"]

Reals: TypeAlias = npt.NDArray[np.float64]

DIMENSION = 64  # principal coordinates that are learned from, half-whitened
SAMPLE = 20_000  # rows that the coordinates are fitted to
PENALTY = 3.0  # of the ridge regression, for coordinates of unit mean square length
STEPS = 25  # of Newton's method; it converges in about eight
FEWEST = 10


class Mislabeled:
    """Finds the pictures whose label is probably wrong, by what the other labels say (cross-validated self-confidence).

    For each concept a ridge regression learns people's labels from the embeddings; each row is judged by the
    regression that has not seen it (leave-one-out, in closed form). A logistic over all of these says how likely a
    label is; a row's score is the chance that its least likely label is wrong. A row labeled with other concepts only
    counts as a no for a concept; what nobody labeled is not looked at.

    References
    ----------
    C. Northcutt, L. Jiang, I. Chuang, Confident Learning: Estimating Uncertainty in Dataset Labels, JAIR 2021.
    """

    name = "mislabeled"
    is_filter = False
    needs_all_rows = True
    help = "Pictures whose label, by what the other labels say, is probably wrong."
    parameters: Sequence[Parameter] = (
        Parameter("concept", "concept", "Only labels of this; all by default.", None),
        Parameter("space", "space", "The embedder to learn from; the first by default.", None),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Chances float32 (r,) that a label is wrong; NaN where there is no label, or no embedding.

        Raises
        ------
        QueryError
            Too few labels to learn from.
        """
        space = snapshot.spaces[context.space(cast("str | None", term["space"]))]
        votes, concepts = _votes(snapshot, space)
        rows = np.flatnonzero((votes != 0).any(axis=1) & ~np.isnan(votes).all(axis=1))
        if len(rows) < FEWEST or not (votes[rows] > 0).any():
            raise QueryError(
                f"{len(rows)} labeled rows have embeddings in {space.name!r}; what the others say of a label takes "
                f"{FEWEST} or more: ",
                Remedy("photos.annotate(input, concept=...)", "toolkit label COLLECTION CONCEPT PICTURE..."),
            )
        wrong = _wrong(space.vectors[rows], votes[rows])
        scores = np.full(len(snapshot.rows), np.nan, np.float32)
        if term["concept"] is not None:
            asked = [meaning.concept for meaning in context.meanings(cast("str", term["concept"]))]
            for concept in asked:
                context.matched(concept)
            wrong[:, [snapshot.concepts[one] not in asked for one in concepts]] = np.nan
        stated = ~np.isnan(wrong).all(axis=1)
        scores[space.rows[rows[stated]]] = np.nanmax(wrong[stated], axis=1)
        return scores


def _votes(snapshot: Snapshot, space: Space) -> tuple[Reals, list[int]]:
    """What people say float64 (m, c) of each embedded row, and of which concepts; NaN where they say nothing."""
    concepts = [
        index
        for index in range(len(snapshot.concepts))
        if any(snapshot.is_human(column.source) for column in snapshot.columns.of(index))
    ]
    columns = [human_votes(snapshot, index)[space.rows] for index in concepts]
    return (np.stack(columns, axis=1) if columns else np.empty((len(space.rows), 0))), concepts


def _wrong(vectors: FloatArray, votes: Reals) -> Reals:
    """The chance float64 (k, c) that each label is wrong; NaN where there is none."""
    yes = np.nan_to_num(votes) > 0
    unseen = _leave_one_out(_coordinates(vectors), yes.astype(np.float64))
    likely = _logistic(unseen.ravel(), yes.ravel()).reshape(yes.shape)
    stated = ~np.isnan(votes) & (votes != 0)
    return np.where(stated, np.where(yes, 1 - likely, likely), np.nan)


def _coordinates(vectors: FloatArray) -> Reals:
    """Centered, half-whitened principal coordinates float64 (k, j) of unit mean square length."""
    spread: IntArray = np.linspace(0, len(vectors) - 1, min(SAMPLE, len(vectors))).round().astype(np.intp)
    mean = vectors[spread].mean(axis=0)
    some = vectors[spread] - mean
    values, directions = np.linalg.eigh(some.T @ some)
    kept = np.flatnonzero(values > 1e-6 * max(values[-1], 1e-12))[-DIMENSION:]
    found = (vectors - mean) @ (directions[:, kept] * values[kept] ** -0.25)
    return np.asarray(found / np.sqrt(np.square(found).sum(axis=1).mean()), np.float64)


def _leave_one_out(rows: Reals, targets: Reals) -> Reals:
    """What a ridge regression that has not seen a row says of it: float64 (k, c).

    The residual of a row that was left out is the one with it, over 1 - its leverage.
    """
    design = np.column_stack([rows, np.ones(len(rows))])
    penalty = np.full(design.shape[1], PENALTY)
    penalty[-1] = 0
    hat = np.linalg.solve(design.T @ design + np.diag(penalty), design.T)
    leverage = np.minimum(np.einsum("kj,jk->k", design, hat), 0.99)
    residuals = targets - design @ (hat @ targets)
    return np.asarray(targets - residuals / (1 - leverage)[:, None])


def _logistic(values: Reals, truth: npt.NDArray[np.bool_]) -> Reals:
    """The chance float64 (p,) that goes with each value: logistic regression by Newton's method, slightly damped.

    Yes and no weigh the same in sum: a label that somebody gave is no rarer for being one of many that could be.
    """
    importance = np.where(truth, 1 / max(truth.sum(), 1), 1 / max((~truth).sum(), 1)) * len(truth) / 2
    design = np.column_stack([values, np.ones_like(values)])
    weights = np.zeros(2)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (importance * (truth - chance)) - 1e-3 * weights
        curve = (design * (importance * chance * (1 - chance))[:, None]).T @ design + 1e-3 * np.eye(2)
        weights = weights + np.linalg.solve(curve, slope)
    return np.asarray(1 / (1 + np.exp(-np.clip(design @ weights, -30, 30))))
