"""Visual ranking: terms by likeness, and models that read the pixels alone and need no download."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import ConceptModelFactory, DetectorFactory, EmbedderFactory, Ranker, hookimpl

from .embedder import PixelEmbedder
from .pixel_concepts import PixelConcepts
from .proposals import RegionProposals
from .rankers import EmbeddingRanker, ImageRanker, InputRanker, RegionRanker


@hookimpl
def toolkit_rankers() -> Sequence[Ranker]:
    """The terms `image`, `region`, `input` and `embedding`."""
    return [ImageRanker(), RegionRanker(), InputRanker(), EmbeddingRanker()]


@hookimpl
def toolkit_embedders() -> Sequence[EmbedderFactory]:
    """The pixel embedder."""
    return [PixelEmbedder]


@hookimpl
def toolkit_concept_models() -> Sequence[ConceptModelFactory]:
    """The concept model of pixel properties."""
    return [PixelConcepts]


@hookimpl
def toolkit_detectors() -> Sequence[DetectorFactory]:
    """The class-agnostic region proposer."""
    return [RegionProposals]
