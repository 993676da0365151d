"""What a comparison found: means, differences, and which pictures moved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import UnknownNameError
from ..resources import Resources
from ..values.types import Json
from .groups import Groups, Interval
from .judgments import Judgments
from .named import Measure
from .other_measures import Other
from .runs import Run
from .significance import FEWEST
from .topics import Topics

if TYPE_CHECKING:
    from pandas import DataFrame

    from .moved import Moved
    from .per_topic import PerTopic
    from .systems import Asked

__all__ = ["Comparison", "Difference", "Floats"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """One system against one baseline by one measure.

    Parameters
    ----------
    system, baseline, measure : str
        What is compared.
    interval : Interval
        Of the mean difference over topics, clustered by group.
    p, corrected : float
        Two-sided, as it is and corrected for the number of comparisons; NaN below 6 groups.
    better, worse : int
        On how many topics.
    """

    system: str
    baseline: str
    measure: str
    interval: Interval
    p: float
    corrected: float
    better: int
    worse: int

    @property
    def significant(self) -> bool:
        """Whether the corrected p is below .05."""
        return self.corrected < 0.05


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison:
    """Several systems measured on the same topics.

    Parameters
    ----------
    systems : tuple of str
        Their names, in order; s of them.
    measures : tuple of Measure
        In order; q of them.
    topics : Topics
        t of them.
    judgments : Judgments
        What is relevant.
    runs : mapping of str to Run
        What each system ranked.
    values : float64 (s, t, q)
        Every measure.
    groups : Groups
        Of the topics.
    differences : tuple of Difference
        Of every system to every baseline.
    confidence : float
        Of the intervals.
    recipe : mapping
        What it takes to run it again, as JSON.
    notes : tuple of str
        What a reader has to know.
    resources : Resources or None
        Of the collection that was ranked, for its pictures.
    asked : mapping of str to system
        The systems that are no runs, by name: what makes the query of a topic, to say why a picture moved.
    """

    systems: tuple[str, ...]
    measures: tuple[Measure | Other, ...]
    topics: Topics
    judgments: Judgments
    runs: Mapping[str, Run]
    values: Floats
    groups: Groups
    differences: tuple[Difference, ...]
    confidence: float
    recipe: Mapping[str, Json]
    notes: tuple[str, ...]
    resources: Resources | None
    asked: Mapping[str, Asked] = field(default_factory=dict)

    def with_differences(self, differences: Sequence[Difference]) -> Comparison:
        """The same with these differences."""
        return replace(self, differences=tuple(differences))

    def showing(self, resources: Resources) -> Comparison:
        """The same, with the pictures of a collection."""
        return replace(self, resources=resources)

    def mean(self, system: str, measure: str) -> float:
        """The mean of a measure over topics; of the ones that have it, where it is a time.

        Parameters
        ----------
        system : str
            Its name.
        measure : str
            Its name.

        Raises
        ------
        UnknownNameError
            There is no such system or measure.
        """
        values = self.of_topics(system, measure)
        known = values[~np.isnan(values)]
        return float(known.mean()) if len(known) else math.nan

    def of_topics(self, system: str, measure: str) -> Floats:
        """A measure of a system for every topic: float64 (t,).

        Parameters
        ----------
        system : str
            Its name.
        measure : str
            Its name.

        Raises
        ------
        UnknownNameError
            There is no such system or measure.
        """
        names = [one.name for one in self.measures]
        if system not in self.systems:
            raise UnknownNameError("system", system, self.systems)
        if measure not in names:
            raise UnknownNameError("measure", measure, names)
        return self.values[self.systems.index(system), :, names.index(measure)]

    def difference(self, system: str, measure: str, baseline: str | None = None) -> Difference | None:
        """The difference of a system to a baseline, the first by default; None for a baseline itself.

        Parameters
        ----------
        system, measure : str
            Their names.
        baseline : str, optional
            Its name.
        """
        for one in self.differences:
            if (one.system, one.measure) == (system, measure) and baseline in {None, one.baseline}:
                return one
        return None

    @property
    def sentence(self) -> str:
        """How many topics, groups and comparisons, and what the p values are worth."""
        topics, groups = len(self.topics), len(self.groups)
        told = f"{topics:,} topics in {groups:,} groups" if groups < topics else f"{topics:,} topics"
        if groups < FEWEST:
            return (
                f"{told}: fewer than {FEWEST} groups, so there are intervals and no p; "
                "with so few, chance alone may look like any difference."
            )
        recipe = self.recipe
        count = len(self.differences)
        return (
            f"{told}; {self.confidence:.0%} intervals by group; p by {recipe['test']} of group means, "
            f"{recipe['correction']} over {count:,} comparison{'' if count == 1 else 's'}."
        )

    def per_topic(self, system: str, baseline: str, measure: str) -> PerTopic:
        """The difference of two systems on every topic, the best first.

        Parameters
        ----------
        system, baseline, measure : str
            Their names.

        Raises
        ------
        UnknownNameError
            There is no such system or measure.
        """
        from .per_topic import PerTopic

        return PerTopic(self, system, baseline, measure)

    def moved(self, system: str, baseline: str, *, top_k: int = 8, topic: str | None = None) -> Moved:
        """Which pictures moved between two systems on one topic, from rank to rank.

        Parameters
        ----------
        system, baseline : str
            Their names.
        top_k : int
            How many of the first ranks of each are shown.
        topic : str, optional
            Its id; by default the one on which the first measure differs most.

        Raises
        ------
        UnknownNameError
            There is no such system or topic.
        """
        from .moved import moved

        return moved(self, system, baseline, top_k=top_k, topic=topic)

    def frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each system and measure.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        from .comparison_table import columns, rows
        from .tables import frame

        return frame(rows(self), columns(self))

    def latex(self) -> str:
        """The table for a paper (booktabs); a star marks a corrected p below .05."""
        from .comparison_table import latex

        return latex(self)

    def to_dict(self) -> dict[str, Json]:
        """The table, the sentence and the notes as a JSON object; a number that is not there is null."""
        from .comparison_table import to_dict

        return to_dict(self)

    def html(self, path: str | Path | None = None) -> str:
        """A self-contained page with the table; also written to `path` if one is given."""
        from .comparison_table import page

        text = page(self)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def save(self, folder: str | Path) -> Path:
        """Write runs and judgments as TREC files, topics, and a JSON recipe that runs it again; the recipe's path.

        Parameters
        ----------
        folder : str or Path
            Made if it is not there.

        Raises
        ------
        QueryError
            An id has a blank, which TREC files have no form for.
        """
        from .recipes import save

        return save(self, Path(folder))

    def __repr__(self) -> str:
        from .comparison_table import text

        return text(self)

    def _repr_html_(self) -> str:
        from .comparison_table import fragment

        return fragment(self)
