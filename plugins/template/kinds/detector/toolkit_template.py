"""The `template` detector: finds the left and the right half of a picture."""

from __future__ import annotations

from collections.abc import Sequence

from PIL.Image import Image

from toolkit.plugins import Box, Concept, Detection, DetectorFactory, hookimpl

__all__ = ["TemplateDetector"]


class TemplateDetector:
    """Finds regions, each with a score and, if it knows, concepts."""

    name = "template"
    version = "1"
    concepts: Sequence[Concept] = ()  # what its detections may say

    def __init__(self, argument: str = "") -> None:
        self.argument = argument  # what follows the colon, as in "template:argument"

    def detect(self, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
        """For each upright RGB picture its regions, the surest first; sides are fractions of the picture."""
        left, right = Box(0.0, 0.0, 1.0, 0.5), Box(0.0, 0.5, 1.0, 1.0)
        return [[Detection(left, score=0.6), Detection(right, score=0.5)] for _ in images]


@hookimpl
def toolkit_detectors() -> Sequence[DetectorFactory]:
    """Give the toolkit its detectors."""
    return [TemplateDetector]
