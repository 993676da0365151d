"""How good a ranking is, and whether another is better: topics, judgments, measures, statistics, experiments."""

from .judgments import Judgments
from .labels import topics_from_labels
from .named import Measure, measured, parse_measures
from .runs import Ranked, Run
from .topics import Topic, Topics

__all__ = [
    "Judgments",
    "Measure",
    "Ranked",
    "Run",
    "Topic",
    "Topics",
    "measured",
    "parse_measures",
    "topics_from_labels",
]
