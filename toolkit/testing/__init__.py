"""For the tests of a plugin: a contract class per kind to subclass, seeded pictures, a small snapshot.

    from toolkit.testing import RankerContract

    class TestWarmth(RankerContract):
        ranker = Warmth()

Every test of the class then runs against the plugin. pytest finds them; nothing here imports it.
"""

from .concept_model import ConceptModelContract
from .context import StubConceptLookup, StubContext
from .decoder import DecoderContract
from .detector import DetectorContract
from .embedder import EmbedderContract
from .feedback import FeedbackContract
from .fusion import FusionContract, NormContract
from .importer import ImporterContract
from .keyed_index import KeyedIndexContract
from .pictures import pictures
from .projection import ProjectionContract
from .ranker import RankerContract
from .similarity_index import SimilarityIndexContract
from .snapshot import snapshot
from .translator import TranslatorContract

__all__ = [
    "ConceptModelContract",
    "DecoderContract",
    "DetectorContract",
    "EmbedderContract",
    "FeedbackContract",
    "FusionContract",
    "ImporterContract",
    "KeyedIndexContract",
    "NormContract",
    "ProjectionContract",
    "RankerContract",
    "SimilarityIndexContract",
    "StubConceptLookup",
    "StubContext",
    "TranslatorContract",
    "pictures",
    "snapshot",
]
