"""Methods that combine scores. A weight is a factor in a mean, and a power in a product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.plugins import Arguments, FusionParts, Parameter, Points

__all__ = ["CombAnz", "CombMnz", "CombSum", "Largest", "Median", "Product", "Smallest"]

FOX_SHAW = "Fox, Shaw: Combination of multiple searches, TREC-2, 1994"


class ByScore:
    """What the methods by score have in common."""

    parameters: Sequence[Parameter] = ()
    by_rank = False
    reference = FOX_SHAW


class CombSum(ByScore):
    """The mean of the scores; what is missing counts 0."""

    name = "sum"
    help = "combSUM: the weighted mean of the scores."
    formula = "Σ w·s / Σ w"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The mean.

        Parameters
        ----------
        parts : FusionParts
            Scores.
        arguments : Arguments
            None.
        """
        return parts.mean(parts.points)


class CombMnz(ByScore):
    """The mean, times the share of the parts that found the row."""

    name = "mnz"
    help = "combMNZ: combSUM, times how many of the parts have a row among their hits."
    formula = "n/p · Σ w·s / Σ w"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The mean times a share.

        Parameters
        ----------
        parts : FusionParts
            Scores.
        arguments : Arguments
            None.
        """
        fused: Points = parts.mean(parts.points) * parts.present.mean(axis=0)
        return fused


class CombAnz(ByScore):
    """The mean over the parts that found the row, were it not for the rule that a missing score is no gain.

    As published, a row that one part alone found would beat one that another part found as well, with less. So what
    is missing counts as the lowest score of any part.
    """

    name = "anz"
    help = "combANZ: the mean over the parts that have a row; what is missing is not left out, but the lowest score."
    formula = "Σ w·s / Σ w, with the lowest score of any part for what is missing"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The mean.

        Parameters
        ----------
        parts : FusionParts
            Scores.
        arguments : Arguments
            None.
        """
        lowest = parts.points.min(where=parts.present, initial=1)
        return parts.mean(np.where(parts.present, parts.points, lowest))


class Product(ByScore):
    """The product of the scores, each to the power of its weight."""

    name = "product"
    help = "The product of the scores; what one part does not have is 0."
    formula = "Π s^w"
    reference = "Kittler, Hatef, Duin, Matas: On combining classifiers, PAMI 20, 1998"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The product.

        Parameters
        ----------
        parts : FusionParts
            Scores.
        arguments : Arguments
            None.
        """
        powers = parts.points ** parts.weights[:, None]
        product: Points = powers.prod(axis=0)
        return product


class Smallest(ByScore):
    """The lowest score, where a weight scales what a score lacks to 1."""

    name = "min"
    help = "combMIN: the lowest of the scores; what one part does not have is 0."
    formula = "1 - max w·(1 - s)"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The lowest.

        Parameters
        ----------
        parts : FusionParts
            Scores.
        arguments : Arguments
            None.
        """
        lacking = parts.weights[:, None] * (1 - parts.points)
        lowest: Points = 1 - lacking.max(axis=0)
        return lowest


class Largest(ByScore):
    """The highest score, times its weight."""

    name = "max"
    help = "combMAX: the highest of the scores."
    formula = "max w·s"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The highest.

        Parameters
        ----------
        parts : FusionParts
            Scores.
        arguments : Arguments
            None.
        """
        highest: Points = (parts.weights[:, None] * parts.points).max(axis=0)
        return highest


class Median(ByScore):
    """The score with half of the weight below it and half above; what is missing counts 0."""

    name = "median"
    help = "combMED: the weighted median of the scores; what one part does not have is 0."
    formula = "median of s, each w times"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The median.

        Parameters
        ----------
        parts : FusionParts
            Scores.
        arguments : Arguments
            None.
        """
        order = np.argsort(parts.points, axis=0, kind="stable")
        ordered = np.take_along_axis(parts.points, order, axis=0)
        weight = np.cumsum(parts.weights[order], axis=0)
        half = weight[-1] / 2
        # Where the halves meet between two scores the median is in their middle.
        low = np.argmax(weight >= half * (1 - 1e-12), axis=0)
        high = np.argmax(weight > half * (1 + 1e-12), axis=0)
        columns = np.arange(ordered.shape[1])
        middle: Points = (ordered[low, columns] + ordered[high, columns]) / 2
        return middle
