"""The algebra: immutable queries, their operators, and the forms that rebuild them."""

from .choices import Choice, Chosen, choose
from .frozen import FrozenMapping, Value, freeze, literal, thaw
from .fused import Fuse, Missing, fuse
from .leaves import Leaf
from .nodes import AllOf, AnyOf, Comparison, Not, Query, SumOf, Threshold, Weighted
from .normal import normal
from .reranked import Rerank
from .rewriting import rewrite
from .serial import from_dict, from_json
from .slots import Slot, topic
from .term import Term

__all__ = [
    "AllOf",
    "AnyOf",
    "Choice",
    "Chosen",
    "Comparison",
    "FrozenMapping",
    "Fuse",
    "Leaf",
    "Missing",
    "Not",
    "Query",
    "Rerank",
    "Slot",
    "SumOf",
    "Term",
    "Threshold",
    "Value",
    "Weighted",
    "choose",
    "freeze",
    "from_dict",
    "from_json",
    "fuse",
    "literal",
    "normal",
    "rewrite",
    "thaw",
    "topic",
]
