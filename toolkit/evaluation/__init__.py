"""How good a ranking is, and whether another is better: topics, judgments, measures, statistics, experiments."""

from .comparison import Comparison, Difference
from .cutoffs import LearnedCutoff
from .judgments import Judgments
from .labels import topics_from_labels
from .named import Measure, measured, parse_measures
from .recipes import read_recipe
from .runs import Ranked, Run
from .topics import Topic, Topics

__all__ = [
    "Comparison",
    "Difference",
    "Judgments",
    "LearnedCutoff",
    "Measure",
    "Ranked",
    "Run",
    "Topic",
    "Topics",
    "measured",
    "parse_measures",
    "read_recipe",
    "topics_from_labels",
]
