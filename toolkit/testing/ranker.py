"""The contract of a ranker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np

from ..errors import ToolkitError
from ..fusion.scales import ScaleName
from ..fusion.scores import RANGES, TOLERANCE
from ..plugins.interfaces import Arguments, BatchRanker, Embedder, Ranker, VectorRanker
from ..plugins.parameters import Kind, bind, describe
from ..plugins.registry import Registry
from ..query import Term, from_json
from ..similarity.background import scale_of
from ..snapshot import Snapshot
from ..terms import constructor
from ..values.types import FloatArray
from .context import StubContext
from .snapshot import snapshot

__all__ = ["RankerContract"]

# What a term may be about on the small snapshot, by the kind of its subject.
EXAMPLES: Mapping[Kind, object] = {
    "text": "a",
    "number": 0.5,
    "integer": 1,
    "flag": True,
    "time": 1_700_000_000,
    "json": {"camera": "a"},
    "concept": "dog",
    "language": "de",
    "image": {"input": "input-3"},
    "input": "input-3",
    "region": "row-1",
    "box": [0.25, 0.25, 0.75, 0.75],
    "vector": [1.0] + [0.0] * 15,
    "source": "model",
    "space": "stub",
    "geo": [10.0, 20.0, 5000.0],
}

# What nothing on the small snapshot is called.
UNKNOWN: Mapping[Kind, object] = {
    "text": "qxzvkjw",
    "concept": "qxzvkjw",
    "language": "tlh",
    "image": {"input": "qxzvkjw"},
    "input": "qxzvkjw",
    "region": "qxzvkjw",
    "source": "model:qxzvkjw",
    "space": "qxzvkjw",
}


class RankerContract:
    """Tests of what every ranker promises; subclass it and set `ranker`.

    Attributes
    ----------
    ranker : Ranker
        What is tested.
    subject : object
        What a term is about; an example for the kind of the first parameter if it is left out.
    options : mapping of str to object
        The other options of the term.
    embedder : Embedder or None
        For a ranker of words: one with ``embed_text``, of 16 numbers, the dimension of the small space.

    Examples
    --------
    A whole test module::

        class TestWarmth(RankerContract):
            ranker = Warmth()
            subject = "red"
    """

    ranker: Ranker
    subject: object = None
    options: Mapping[str, object] = {}
    embedder: Embedder | None = None

    def term(self, subject: object = None) -> Term:
        """A term about a subject, by default about the one that all tests rank."""
        for example in (subject, self.subject, self._example()):
            if example is not None:
                return cast("Term", constructor(self.ranker)(example, **self.options))
        return cast("Term", constructor(self.ranker)(**self.options))

    def _example(self) -> object:
        first = next(iter(self.ranker.parameters), None)
        if first is None:
            return None
        return first.choices[0] if first.choices else EXAMPLES[first.kind]

    def rank(self, on: Snapshot, subject: object = None) -> FloatArray:
        """The scores of `term` on a snapshot.

        Parameters
        ----------
        on : Snapshot
            What is ranked.
        subject : object, optional
            The subject of the term; by default the contract's own.
        """
        return self.ranker.rank(
            self._arguments(self.term(subject)), on, StubContext(on, embedder=self.embedder)
        )

    def _arguments(self, term: Term) -> Arguments:
        bound = bind(self.ranker.parameters, term.subject, dict(term.options), ranker=term.ranker)
        return Arguments(term.ranker, bound)

    def test_it_can_be_registered(self) -> None:
        registry = Registry()
        registry.add(self.ranker, kind="rankers")
        assert list(registry.rankers) == [self.ranker.name]

    def test_it_says_what_it_does_and_whether_it_is_a_filter(self) -> None:
        assert isinstance(self.ranker.help, str)
        assert self.ranker.help.strip()
        assert isinstance(self.ranker.is_filter, bool)

    def test_every_parameter_has_a_sentence_of_help(self) -> None:
        assert all(parameter.help.strip() for parameter in self.ranker.parameters)
        assert describe(self.ranker.parameters) in (constructor(self.ranker).__doc__ or "")

    def test_its_terms_survive_json(self) -> None:
        again = from_json(self.term().to_json())
        assert again == self.term()
        assert isinstance(again, Term)
        assert self._arguments(again) == self._arguments(self.term())

    def test_scores_are_one_float32_per_row(self) -> None:
        small = snapshot()
        scores = self.rank(small)
        assert isinstance(scores, np.ndarray)
        assert (str(scores.dtype), scores.shape) == ("float32", (len(small.rows),))

    @property
    def scale(self) -> ScaleName:
        """What the ranker says its numbers are; probabilities, if it says nothing."""
        scale: ScaleName = getattr(self.ranker, "scale", "probability")
        return scale

    def test_its_scale_is_a_known_one(self) -> None:
        assert self.scale in RANGES, f"scale is one of {', '.join(RANGES)}, not {self.scale!r}"
        assert not self.ranker.is_filter or self.scale == "probability", "a filter needs no scale"

    def test_values_are_in_the_range_of_the_scale_or_nan(self) -> None:
        hits = _hits(self.rank(snapshot()))
        least, most, rule = RANGES[self.scale]
        outside = (hits < least - TOLERANCE) | (hits > most + TOLERANCE) | np.isinf(hits)
        assert not outside.any(), f"{rule}: {hits[outside]}"

    def test_scores_are_from_0_to_1_in_the_order_of_the_values(self) -> None:
        small = snapshot()
        context = StubContext(small, embedder=self.embedder)
        values = self.ranker.rank(self._arguments(self.term()), small, context)
        scores = np.asarray(scale_of(self.scale, values, context.background)(values), np.float64)
        np.testing.assert_array_equal(np.isnan(scores), np.isnan(values))
        best_first = np.argsort(-_hits(values), kind="stable")
        ordered = scores[~np.isnan(scores)][best_first]
        assert ((ordered >= 0) & (ordered <= 1)).all(), f"scores outside [0, 1]: {ordered}"
        assert (np.diff(ordered) <= 0).all(), f"a higher value scores less: {ordered}"

    def test_a_filter_says_1_or_nan(self) -> None:
        hits = _hits(self.rank(snapshot()))
        assert not self.ranker.is_filter or (hits == 1).all(), f"a filter that scores: {hits}"

    def test_the_example_has_a_hit(self) -> None:
        assert len(_hits(self.rank(snapshot()))), (
            "no row is a hit: set `subject` to something the snapshot has"
        )

    def test_the_same_term_gives_the_same_scores_though_the_first_were_overwritten(self) -> None:
        small = snapshot()
        scores = self.rank(small)
        expected = scores.copy()
        scores[:] = 0.123
        np.testing.assert_array_equal(self.rank(small), expected)

    def test_it_ranks_on_many_threads_at_once(self) -> None:
        small = snapshot()
        expected = self.rank(small)
        with ThreadPoolExecutor(8) as pool:
            for scores in pool.map(lambda _: self.rank(small), range(16)):
                np.testing.assert_array_equal(scores, expected)

    def test_many_terms_at_once_score_as_one_after_the_other(self) -> None:
        if not isinstance(self.ranker, BatchRanker):
            return
        small, terms = snapshot(), [self._arguments(self.term())] * 3
        many = self.ranker.rank_many(terms, small, StubContext(small, embedder=self.embedder))
        assert (str(many.dtype), many.shape) == ("float32", (3, len(small.rows)))
        for scores in many:
            np.testing.assert_allclose(scores, self.rank(small), atol=1e-6)

    def test_the_vector_it_gives_has_the_cosines_that_it_ranks_by(self) -> None:
        if not isinstance(self.ranker, VectorRanker):
            return
        small = snapshot()
        context = StubContext(small, embedder=self.embedder)
        query = self.ranker.query_vector(self._arguments(self.term()), small, context)
        assert abs(float(np.linalg.norm(query.vector)) - 1) < 1e-3, "a query vector is of unit length"
        expected = context.similarities(query.vector, space=query.space)
        np.testing.assert_allclose(self.rank(small), expected, atol=1e-6)

    def test_what_is_not_here_has_no_hit_or_a_clear_error(self) -> None:
        first, *others = self.ranker.parameters or (None,)
        if first is not None and first.kind in UNKNOWN and not first.choices:
            self._scores_or_clear_error(lambda: self.term(UNKNOWN[first.kind]))
        for other in others:
            if other is not None and other.kind in UNKNOWN and not other.choices:
                option = {other.name: UNKNOWN[other.kind]}
                self._scores_or_clear_error(partial(self._with, option))

    def _with(self, option: Mapping[str, object]) -> Term:
        term = self.term()
        given = {**self.options, **option}
        build = constructor(self.ranker)
        return cast("Term", build(**given) if term.subject is None else build(term.subject, **given))

    def _scores_or_clear_error(self, make: Callable[[], Term]) -> None:
        small = snapshot()
        try:
            context = StubContext(small, embedder=self.embedder)
            scores = self.ranker.rank(self._arguments(make()), small, context)
        except ToolkitError as error:  # a bare KeyError says nothing to a person
            assert str(error)
        else:
            assert (str(scores.dtype), scores.shape) == ("float32", (len(small.rows),))

    def test_a_collection_without_embeddings_has_scores_or_a_clear_error(self) -> None:
        bare = replace(snapshot(), spaces={})
        try:
            scores = self.rank(bare)
        except ToolkitError as error:
            assert str(error)
        else:
            assert (str(scores.dtype), scores.shape) == ("float32", (len(bare.rows),))

    def test_an_empty_collection_has_no_scores_or_a_clear_error(self) -> None:
        try:
            scores = self.rank(Snapshot.empty())
        except ToolkitError as error:
            assert str(error)
        else:
            assert (str(scores.dtype), scores.shape) == ("float32", (0,))


def _hits(scores: FloatArray) -> FloatArray:
    return scores[~np.isnan(scores)]
