"""What a plugin provides: protocols for everything the registry accepts, by kind."""

from .importers import Importer, Record
from .indexes import Capabilities, SimilarityIndex, SimilarityIndexFactory
from .models import (
    ConceptModel,
    ConceptModelFactory,
    Detector,
    DetectorFactory,
    Embedder,
    EmbedderFactory,
    UsualCosines,
)
from .rankers import Arguments, BatchRanker, Compound, Context, QueryVector, Ranker, VectorRanker
from .translators import ConceptGraph, ConceptLookup, Dictionary, Meaning, Translator

__all__ = [
    "Arguments",
    "BatchRanker",
    "Capabilities",
    "Compound",
    "ConceptGraph",
    "ConceptLookup",
    "ConceptModel",
    "ConceptModelFactory",
    "Context",
    "Detector",
    "DetectorFactory",
    "Dictionary",
    "Embedder",
    "EmbedderFactory",
    "Importer",
    "Meaning",
    "QueryVector",
    "Ranker",
    "Record",
    "SimilarityIndex",
    "SimilarityIndexFactory",
    "Translator",
    "UsualCosines",
    "VectorRanker",
]
