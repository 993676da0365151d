"""A network in the base install: the default embedder and concept model of a new collection, in NumPy.

Importing this reads no weights; the first picture does.
"""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import ConceptModelFactory, EmbedderFactory, Translator, hookimpl

from .concepts import EfficientNetConcepts
from .embedder import EfficientNetEmbedder
from .facts import ImageNetGraph

__all__ = ["toolkit_concept_models", "toolkit_embedders", "toolkit_translators"]


@hookimpl
def toolkit_embedders() -> Sequence[EmbedderFactory]:
    """The features of EfficientNet-lite."""
    return [EfficientNetEmbedder]


@hookimpl
def toolkit_concept_models() -> Sequence[ConceptModelFactory]:
    """Its 1,000 classes."""
    return [EfficientNetConcepts]


@hookimpl
def toolkit_translators() -> Sequence[Translator]:
    """What lies above the classes of ImageNet."""
    return [ImageNetGraph()]
