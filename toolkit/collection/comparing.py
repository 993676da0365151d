"""Many queries at once, and which way of asking is better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..on_first_use import OnFirstUse
from ..plugins.interfaces import Feedback, SimilarityIndex
from ..query import Query
from ..resources import Resources
from ..values.types import Json, Level

if TYPE_CHECKING:  # imported where it is asked for: opening a collection does not wait for what compares
    from .. import search as searching
    from ..evaluation.comparison import Comparison
    from ..evaluation.corrections import Correction
    from ..evaluation.cutoffs import LearnedCutoff
    from ..evaluation.judgments import Judgments
    from ..evaluation.significance import Test
    from ..evaluation.systems import System
    from ..evaluation.topics import Topics
    from ..evaluation.tune import Tuned
    from ..search import Rankings
else:
    searching = OnFirstUse("toolkit.search")

__all__ = ["Comparing"]


class Comparing:
    """The verbs of a collection that rank for many queries, and say which ranking is better.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def search_many(
        self,
        queries: Iterable[Query | str | Mapping[str, Json]],
        *,
        depth: int = 100,
        level: Level = "input",
        minimum: float = 0.0,
    ) -> Rankings:
        """The rankings of many queries over one snapshot: ids and scores; hits are made when they are looked at.

        Equal terms are scored once, and those of one ranker together, so that scores may differ from those of
        `search` by the rounding of float32.

        Parameters
        ----------
        queries : iterable of Query, str or mapping
            As of `search`.
        depth : int
            How many places of each are ordered, at least 1.
        level : {"input", "region"}
            One place an input, or one a row.
        minimum : float
            The least score of a hit, in [0, 1].

        Raises
        ------
        QueryError
            A query, or another argument, cannot be.
        UnknownNameError
            A name that nothing goes by, with the nearest there are.
        NotIndexedError
            What a term needs was never computed; says which call computes it.

        Examples
        --------
        >>> import numpy as np
        >>> import toolkit
        >>> from toolkit.terms import concept
        >>> with toolkit.open(workflow="pixels") as photos:
        ...     _ = photos.add([np.full((32, 32, 3), color, np.uint8) for color in (0, 128, 255)])
        ...     rankings = photos.search_many([concept("dark"), concept("bright")], depth=2)
        ...     [len(ranking) for ranking in rankings], rankings[0].hits()[0].rank
        ([1, 1], 1)
        """
        asked = [searching.read_query(query, self._resources) for query in queries]
        return searching.search_many(asked, self._resources, depth=depth, level=level, minimum=minimum)

    def compare(
        self,
        systems: Mapping[str, System],
        topics: Topics,
        judgments: Judgments,
        *,
        measures: str | Iterable[str] = "nDCG@10 AP@100 P@10",
        baselines: Sequence[str] | None = None,
        depth: int = 100,
        test: Test = "permutation",
        correction: Correction = "holm",
        confidence: float = 0.95,
        seed: int = 0,
        resume: str | Path | None = None,
        progress: bool = True,
    ) -> Comparison:
        """Several systems on the same topics: a table of means, with the interval and p of each difference.

        Parameters
        ----------
        systems : mapping of str to Query, str, mapping, Run or callable
            By name: a query with slots, its text or JSON; a run from elsewhere; a function from a topic to a query,
            which is not saved.
        topics : Topics
            What is asked about; see `toolkit.evaluation.topics_from_labels`.
        judgments : Judgments
            What is relevant.
        measures : str or iterable of str
            By their standard names; ``milliseconds`` and ``rows`` are read as measures too.
        baselines : sequence of str, optional
            The systems that the others are compared with; the first one by default.
        depth : int
            How many places of each ranking are kept.
        test : {"permutation", "t", "wilcoxon", "bootstrap"}
            What p is of: differences of group means.
        correction : {"holm", "bonferroni", "bh", "none"}
            Over systems, baselines and measures.
        confidence : float
            Of the intervals.
        seed : int
            Of random flips and draws.
        resume : str or Path, optional
            A folder in which rankings are kept as they are made: the same call, interrupted, goes on there. What was
            ranked before the collection changed is ranked again.
        progress : bool
            Whether to show a bar if it takes longer than two seconds.

        Raises
        ------
        QueryError
            A topic leaves a slot empty, nothing is judged, or an argument cannot be.
        UnknownNameError
            No system goes by a baseline's name, or no measure by one of theirs.
        """
        from ..evaluation.compare import compare

        return compare(
            systems,
            topics,
            judgments,
            self._resources,
            measures=measures,
            baselines=baselines,
            depth=depth,
            test=test,
            correction=correction,
            confidence=confidence,
            seed=seed,
            resume=resume,
            progress=progress,
        )

    def tune(
        self,
        query: Query,
        topics: Topics,
        judgments: Judgments,
        *,
        measure: str = "nDCG@10",
        baseline: Query | None = None,
        folds: int = 5,
        depth: int = 100,
        seed: int = 0,
    ) -> Tuned:
        """The query with its choices made on topics, if that is better than the baseline on others.

        Parameters
        ----------
        query : Query
            With parameters left open by `toolkit.query.choose`.
        topics : Topics
            What is asked about.
        judgments : Judgments
            What is relevant.
        measure : str
            What is to be gained.
        baseline : Query, optional
            What stays unless the gain exceeds one standard error; by default the first value of every choice.
        folds : int
            Into how many parts the groups of topics are dealt.
        depth : int
            How many places of each ranking are kept.
        seed : int
            Of the deal.

        Raises
        ------
        QueryError
            There are no choices, too many candidates, or fewer groups than folds.
        """
        from ..evaluation.tune import tune

        return tune(
            query,
            topics,
            judgments,
            self._resources,
            measure=measure,
            baseline=baseline,
            folds=folds,
            depth=depth,
            seed=seed,
        )

    def simulate(
        self,
        feedback: Iterable[str | Feedback],
        topics: Topics,
        judgments: Judgments,
        *,
        rounds: int = 3,
        shown: int = 8,
        measures: str | Iterable[str] | None = None,
        space: str | None = None,
        test: Test = "permutation",
        correction: Correction = "holm",
        seed: int = 0,
        progress: bool = True,
    ) -> Comparison:
        """How much more a user finds who marks what is shown and has it ranked again, against one who scrolls on.

        For each topic the simulated user looks at the first pictures, marks them by the judgments, and is shown the
        next ones that were not seen yet, ranked by the strategy. What was looked at, in this order, is a run in the
        table of `compare`; ``none`` ranks by the query alone.

        Parameters
        ----------
        feedback : iterable of str or Feedback
            Strategies of plugins by name, such as ``"rocchio"``, or your own.
        topics : Topics
            With a column ``input`` or ``image``: the picture that is asked with.
        judgments : Judgments
            How the user marks: a grade above 0 is relevant, everything else is not.
        rounds, shown : int
            How often the user looks, at how many pictures.
        measures : str or iterable of str, optional
            By default the precision of all that was looked at after two rounds, and after all of them.
        space : str, optional
            Whose vectors the strategies get; the default space if None.
        test, correction, seed
            As of `compare`.
        progress : bool
            Whether to show a bar if it takes longer than two seconds.

        Raises
        ------
        QueryError
            More pictures would be shown than are relevant to a topic, so that there would be nothing left to find.
        UnknownNameError
            No strategy goes by that name.
        """
        from ..evaluation.simulate import simulate

        return simulate(
            feedback,
            topics,
            judgments,
            self._resources,
            rounds=rounds,
            shown=shown,
            measures=measures,
            space=space,
            test=test,
            correction=correction,
            seed=seed,
            progress=progress,
        )

    def similarity_index(self, space: str | None = None) -> SimilarityIndex:
        """The index that compares vectors in a space, fitted to them: by default scikit-learn's `NearestNeighbors`.

        Every search by similarity asks this object, so scikit-learn code may go on where a search ends:
        ``photos.similarity_index().kneighbors_graph(photos.search(...).vectors)``. Position i is the i-th vector of
        ``photos.snapshot().spaces[name]``, whose `rows` say what it is of.

        Parameters
        ----------
        space : str, optional
            The space; the default one if None.

        Raises
        ------
        NotIndexedError
            There is no such space.
        """
        return searching.fitted_index(self._resources, space)

    def check_index(self, *, k: int = 10, sample: int = 200, space: str | None = None) -> float:
        """Recall at k of the similarity index against exact neighbors, asked with vectors that it does not hold.

        Parameters
        ----------
        k, sample : int
            How many neighbors are compared, for how many vectors.
        space : str, optional
            The space that is checked; the default space if None.
        """
        return searching.check_index(self._resources, k=k, sample=sample, space=space)

    # ---- labeling and training

    def learn_cutoff(self, query: Query, topics: Topics, judgments: Judgments) -> LearnedCutoff:
        """Where to cut what a query ranks, learned from judged topics: for ``hits.suggest_cutoff(learned, miss=0.3)``.

        Parameters
        ----------
        query : Query
            With slots that the topics fill; what is learned is for queries of this kind.
        topics : Topics
            What is asked; those of a group count as one.
        judgments : Judgments
            What is relevant to them.

        Raises
        ------
        QueryError
            A slot is left empty, or nothing relevant is judged.
        """
        from ..evaluation.cutoffs import learn_cutoff

        return learn_cutoff(query, topics, judgments, self._resources)
