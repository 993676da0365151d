"""What a plugin provides: protocols for everything the registry accepts, by kind."""

from .feedback import Feedback, Marks
from .fusions import Fusion, Norm
from .importers import Importer, Record
from .indexes import Capabilities, SimilarityIndex, SimilarityIndexFactory
from .keyed_indexes import EngineFactory, EngineSite, KeyedIndex
from .models import (
    ConceptModel,
    ConceptModelFactory,
    Detector,
    DetectorFactory,
    Embedder,
    EmbedderFactory,
    Reliability,
    UsualCosines,
)
from .narrowing import BestRanker, Narrowing, NarrowingFilter
from .projections import Progress, Projection
from .rankers import Arguments, BatchRanker, Compound, Context, QueryVector, Ranker, VectorRanker
from .translators import ConceptGraph, ConceptLookup, Dictionary, Meaning, SenseInventory, Translator

__all__ = [
    "Arguments",
    "BatchRanker",
    "BestRanker",
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
    "EngineFactory",
    "EngineSite",
    "Feedback",
    "Fusion",
    "Importer",
    "KeyedIndex",
    "Marks",
    "Meaning",
    "Narrowing",
    "NarrowingFilter",
    "Norm",
    "Progress",
    "Projection",
    "QueryVector",
    "Ranker",
    "Record",
    "Reliability",
    "SenseInventory",
    "SimilarityIndex",
    "SimilarityIndexFactory",
    "Translator",
    "UsualCosines",
    "VectorRanker",
]
