"""The contract of a concept model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, cast

from PIL.Image import Image

from ..plugins.backbones import Passes
from ..plugins.components import predict
from ..plugins.interfaces import ConceptModel
from ..values.confidence import is_confidence
from ..values.types import Concept
from .component import CLOSE, Answer, ComponentContract, assert_close
from .pictures import pictures

__all__ = ["ConceptModelContract", "assert_concepts"]


class ConceptModelContract(ComponentContract):
    """Tests of what every concept model promises; subclass it and set `concept_model`.

    Attributes
    ----------
    concept_model : ConceptModel
        What is tested.
    """

    kind: ClassVar[str] = "concept_models"
    concept_model: ConceptModel

    @property
    def component(self) -> ConceptModel:
        """What is tested."""
        return self.concept_model

    def answers(self, component: object, images: Sequence[Image]) -> list[Answer]:
        """The confidences.

        Parameters
        ----------
        component : ConceptModel
            The model.
        images : sequence of PIL.Image.Image
            Upright RGB.
        """
        return list(cast("ConceptModel", component).predict(images))

    def test_its_concepts_have_ids_of_their_own_and_names(self) -> None:
        assert self.concept_model.concepts
        assert_concepts(self.concept_model.concepts)

    def test_it_says_only_concepts_it_declares_with_values_from_0_to_1(self) -> None:
        declared = {concept.id for concept in self.concept_model.concepts}
        for prediction in self.concept_model.predict(pictures(5)):
            assert prediction.keys() <= declared
            assert all(map(is_confidence, prediction.values())), prediction

    def test_its_features_have_the_values_of_their_pictures(self) -> None:
        if backbone := getattr(self.concept_model, "backbone", ""):
            shared = predict(self.concept_model, pictures(5), passes=Passes([backbone]))
            assert_close(shared, predict(self.concept_model, pictures(5)))

    def test_the_values_of_an_exclusive_one_are_shares_of_one_whole(self) -> None:
        if getattr(self.concept_model, "exclusive", False):
            for prediction in self.concept_model.predict(pictures(5)):
                assert sum(prediction.values()) <= 1 + CLOSE, prediction


def assert_concepts(concepts: Iterable[Concept]) -> None:
    """Check that ids are there once and every concept has a name."""
    ids = [concept.id for concept in concepts]
    assert len(set(ids)) == len(ids), "a concept is there twice"
    assert all(isinstance(concept, Concept) and concept.id.strip() for concept in concepts)
    unnamed = [concept.id for concept in concepts if not any(concept.names.values())]
    assert not unnamed, f"without a name in any language: {unnamed}"
