"""The contract of a detector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from PIL.Image import Image

from ..plugins.interfaces import Detector
from ..values.confidence import is_confidence
from ..values.types import Box, Detection
from .component import Answer, ComponentContract
from .concept_model import assert_concepts
from .pictures import pictures

__all__ = ["DetectorContract"]


class DetectorContract(ComponentContract):
    """Tests of what every detector promises; subclass it and set `detector`.

    Attributes
    ----------
    detector : Detector
        What is tested.
    """

    kind: ClassVar[str] = "detectors"
    detector: Detector

    @property
    def component(self) -> Detector:
        """What is tested."""
        return self.detector

    def answers(self, component: object, images: Sequence[Image]) -> list[Answer]:
        """Sides and scores, numbered from the surest.

        Parameters
        ----------
        component : Detector
            The detector.
        images : sequence of PIL.Image.Image
            Upright RGB.
        """
        found = cast("Detector", component).detect(images)
        return [_numbers(detections) for detections in found]

    def test_its_concepts_have_ids_of_their_own_and_names(self) -> None:
        assert_concepts(self.detector.concepts)

    def test_regions_are_boxes_each_once_the_surest_first(self) -> None:
        for detections in self.detector.detect(pictures(5)):
            boxes = [detection.box for detection in detections]
            assert all(isinstance(box, Box) for box in boxes)
            assert len(set(boxes)) == len(boxes)
            scores = [detection.score for detection in detections]
            assert scores == sorted(scores, reverse=True)

    def test_it_says_only_concepts_it_declares_with_values_from_0_to_1(self) -> None:
        declared = {concept.id for concept in self.detector.concepts}
        for detections in self.detector.detect(pictures(5)):
            for detection in detections:
                assert detection.concepts.keys() <= declared
                assert all(map(is_confidence, [detection.score, *detection.concepts.values()])), detection


def _numbers(detections: Sequence[Detection]) -> Answer:
    numbers: dict[str, float] = {}
    for place, detection in enumerate(detections):
        numbers |= {f"{place} side {side}": value for side, value in enumerate(detection.box)}
        numbers |= {f"{place} {concept}": value for concept, value in detection.concepts.items()}
        numbers[f"{place} score"] = detection.score
    return numbers
