"""A concept learned from a few labels: a linear model, with probabilities at the collection's own prevalence.

Pure: vectors and labels in, a small value out. Reading labels and writing predictions back is the
collection's part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from shlex import quote
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from ..remedies import Remedy
from ..values.types import FloatArray
from .copies import group_copies, is_copy
from .mixture import Background, Mixture, fit_mixture
from .trained_concept import TrainedConcept
from .validation import Quality, Validation, estimate_quality
from .weak_negatives import Coordinates, Examples, fit_linear

__all__ = ["FEWEST", "Examples", "TrainedConcept", "Validation", "calibration", "fit_concept"]

Array: TypeAlias = npt.NDArray[np.floating]

FEWEST = 2  # positives: of one picture, image() finds what is like it
MOST_FOLDS = 5
FEW = 50  # unlabeled rows that do not show by themselves what the background is
MOST_UNLABELED = 20_000  # rows that stand for the rest, evenly spread, to bound time and memory
KNOTS = np.arange(-20.0, 60.25, 0.25)  # of the calibration, in units of the background
RISE = 1e-6  # of the log-odds from knot to knot, at least


def fit_concept(
    examples: Examples, *, concept: str, space: str = "", version: int = 1, seed: int = 0
) -> TrainedConcept:
    """A model of a concept, from rows that people marked and rows that nobody did.

    The unlabeled rows are weak evidence against the concept, so no negatives are needed and two positives are
    enough. A row's probability is that of a mixture of two kinds of row, of the background and of the concept, where
    held-out positives say what the second looks like and the unlabeled rows how many of it there are.

    Parameters
    ----------
    examples : Examples
        Labeled rows, and those that nobody labeled; without any of the latter labeled negatives stand for them.
    concept, space, version
        Stored with the model.
    seed : int
        Of the folds and of the bootstrap.

    Raises
    ------
    QueryError
        If there are too few positives, with the call that adds one, or nothing to tell them from.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> vectors = random.normal(size=(200, 8)).astype(np.float32)
    >>> vectors[:20, 0] += 6
    >>> vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    >>> marked = Examples(vectors[:3], np.ones(3, bool), np.arange(3), vectors[3:])
    >>> confidences = fit_concept(marked, concept="porch").predict(vectors)
    >>> bool(np.median(confidences[3:20]) > np.quantile(confidences[20:], 0.95))
    True
    """
    _check(examples, concept)
    examples = _thinned(examples)
    coordinates = Coordinates.of(np.concatenate([examples.unlabeled, examples.vectors]))
    examples = _without_copies(examples, coordinates)
    weights, intercept = fit_linear(examples, coordinates)
    decisions = _rest(examples) @ weights + intercept
    background = Background.of(decisions)
    units = background.units(decisions)
    held_out = _held_out(examples, coordinates, seed)
    mixture = fit_mixture(units, held_out.units)
    kept = weights.astype(np.float32)
    kept.flags.writeable = False
    return TrainedConcept(
        concept=concept,
        space=space,
        version=version,
        weights=kept,
        intercept=intercept,
        calibration=calibration(mixture, background),
        report=_validation(
            examples, held_out.folds, mixture, estimate_quality(mixture, held_out.units, units)
        ),
    )


def _check(examples: Examples, concept: str) -> None:
    vectors, labels, unlabeled = examples.vectors, examples.labels, examples.unlabeled
    fits = vectors.ndim == unlabeled.ndim == 2 and vectors.shape[1] == unlabeled.shape[1]
    if not fits or labels.shape != (len(vectors),) or labels.dtype != bool:
        raise QueryError(
            f"training {concept!r} takes vectors (k, d), bool labels (k,) and unlabeled vectors (u, d), "
            f"not {vectors.shape}, {labels.dtype} {labels.shape} and {unlabeled.shape}"
        )
    bad = sum(int((~np.isfinite(each)).any(axis=1).sum()) for each in (vectors, unlabeled))
    if bad:
        raise QueryError(f"training {concept!r}: {bad} vectors are not finite")
    positives = int(labels.sum())
    if positives < FEWEST:
        raise QueryError(
            f"training {concept!r} needs at least {FEWEST} positive labels; there are {positives}: ",
            Remedy(
                f"photos.annotate(input, concept={concept!r})",
                f"toolkit label COLLECTION {quote(concept)} PICTURE",
            ),
            " adds one",
        )
    if positives == len(labels) and not len(unlabeled):
        raise QueryError(
            f"training {concept!r}: everything is labeled as showing it, so there is nothing to tell it from; "
            "add other images, or ",
            Remedy(
                f"photos.annotate(input, concept={concept!r}, value=0)",
                f"toolkit label COLLECTION {quote(concept)} --no PICTURE",
            ),
            " where it is not there",
        )


def _thinned(examples: Examples) -> Examples:
    """The examples, with as many unlabeled rows as are needed."""
    count = len(examples.unlabeled)
    if count <= MOST_UNLABELED:
        return examples
    some = np.linspace(0, count - 1, MOST_UNLABELED).round().astype(np.intp)
    return replace(examples, unlabeled=examples.unlabeled[some])


def _without_copies(examples: Examples, coordinates: Coordinates) -> Examples:
    """The examples with copies in one group, and without unlabeled copies of positives, no evidence against."""
    labeled = coordinates(examples.vectors)
    grouped = replace(examples, groups=group_copies(labeled, examples.groups))
    other = ~is_copy(coordinates(examples.unlabeled), labeled[examples.labels])
    enough = other.any() or not examples.labels.all()
    return replace(grouped, unlabeled=examples.unlabeled[other]) if enough else grouped


def _rest(examples: Examples) -> FloatArray:
    """The rows that stand for the background: unlabeled ones, and labeled negatives where the others are few."""
    if len(examples.unlabeled) >= FEW:
        return examples.unlabeled
    return np.concatenate([examples.unlabeled, examples.vectors[~examples.labels]])


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """Where held-out positives lie, in units of the background of a model that had not seen them."""

    units: Array
    folds: int


def _held_out(examples: Examples, coordinates: Coordinates, seed: int) -> _HeldOut:
    """A value for each group of positives; for each row if there is a single group, which then validates nothing."""
    groups = np.unique(examples.groups[examples.labels])
    if len(groups) == 1:
        alone = replace(examples, groups=np.arange(len(examples.labels)))
        return _HeldOut(_by_fold(alone, coordinates, seed), 0)
    return _HeldOut(_by_fold(examples, coordinates, seed), min(MOST_FOLDS, len(groups)))


def _by_fold(examples: Examples, coordinates: Coordinates, seed: int) -> Array:
    positives = np.unique(examples.groups[examples.labels])
    folds = min(MOST_FOLDS, len(positives))
    fold = np.random.default_rng(seed).permutation(len(positives)) % folds
    values = np.empty(len(positives))
    for each in range(folds):
        seen = examples.without(positives[fold == each])
        weights, intercept = fit_linear(seen, coordinates)
        background = Background.of(_rest(seen) @ weights + intercept)
        for position in np.flatnonzero(fold == each):
            own = examples.labels & (examples.groups == positives[position])
            decisions = examples.vectors[own] @ weights + intercept
            values[position] = background.units(decisions).mean()
    return values


def calibration(mixture: Mixture, background: Background) -> tuple[tuple[float, float], ...]:
    """Decision values and the log-odds at each, which rise strictly; linear between them.

    Parameters
    ----------
    mixture : Mixture
        Of the background and the concept.
    background : Background
        Where the decision values of most rows lie.
    """
    decisions = background.center + background.deviation * KNOTS
    # Where the densities cancel, the log-odds stay level for a stretch; who scores more is the likelier one still.
    odds = np.maximum.accumulate(mixture.log_odds(KNOTS)) + RISE * np.arange(len(KNOTS))
    return tuple((float(x), float(y)) for x, y in zip(decisions, odds, strict=True))


def _validation(examples: Examples, folds: int, mixture: Mixture, quality: Quality) -> Validation:
    labels = examples.labels
    if not folds:  # one picture says nothing of others
        quality = Quality(*(replace(each, low=0.0, high=1.0) for each in quality.figures))
    return Validation(
        positives=int(labels.sum()),
        negatives=int((~labels).sum()),
        unlabeled=len(examples.unlabeled),
        distinct=len(np.unique(examples.groups[labels])),
        folds=folds,
        share=mixture.share,
        average_precision=quality.average_precision,
        recall=quality.recall,
        precision=quality.precision,
    )
