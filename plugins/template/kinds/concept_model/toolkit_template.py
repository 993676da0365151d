"""The `template` concept model: says which pictures are panoramas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PIL.Image import Image

from toolkit.plugins import Concept, ConceptModelFactory, hookimpl

__all__ = ["TemplateModel"]


class TemplateModel:
    """Says how wide a picture is, as a concept with a value from 0 to 1."""

    name = "template"
    version = "1"
    concepts: Sequence[Concept] = (Concept("template-panorama", {"en": ("template-panorama",)}),)

    def __init__(self, argument: str = "") -> None:
        self.argument = argument  # what follows the colon, as in "template:argument"

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        """For each upright RGB picture, the concepts it may show with values in [0, 1]."""
        return [{"template-panorama": min(image.width / image.height / 4, 1.0)} for image in images]


@hookimpl
def toolkit_concept_models() -> Sequence[ConceptModelFactory]:
    """Give the toolkit its concept models."""
    return [TemplateModel]
