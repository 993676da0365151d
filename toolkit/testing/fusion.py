"""The contracts of what fuses rankings: a method, and a norm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import get_args

import numpy as np

from ..fusion.methods import FusionMethod, Points, combine
from ..plugins.fusions import bind_fusion
from ..plugins.interfaces import Fusion, Norm
from ..plugins.registry import Registry
from ..query import Fuse, Missing, Term

__all__ = ["FusionContract", "NormContract"]

ROWS = 40
SEEDS = 6
MISSING: Sequence[Missing] = get_args(Missing)
EXACT = 1e-9


def _parts(seed: int, *, p: int = 3, complete: bool = False) -> list[Points]:
    """Scores of p parts, with many that are equal, extreme or, unless they are complete, missing."""
    random = np.random.default_rng(seed)
    choice = [0.0, 0.5, 1.0, *random.random(8), *([] if complete else [np.nan, np.nan])]
    return [random.choice(choice, ROWS) for _ in range(p)]


class FusionContract:
    """Tests of what every method of fusion promises; subclass it and set `fusion`.

    Attributes
    ----------
    fusion : Fusion
        What is tested.
    options : mapping of str to Json
        Parameters to test it with; its defaults if left out.
    norm : Norm or None
        Makes the scores comparable first.
    """

    fusion: Fusion
    options: dict[str, float] = {}  # noqa: RUF012  # replaced by a subclass, never changed
    norm: Norm | None = None

    @property
    def method(self) -> FusionMethod:
        """The method, as a query that names it is bound to it."""
        registry = Registry()
        registry.add(self.fusion, kind="fusions")
        if self.norm is not None:
            registry.add(self.norm, kind="norms")
        name = None if self.norm is None else self.norm.name
        query = Fuse((Term("any"),), self.fusion.name, name, "zero", tuple(self.options.items()))
        return bind_fusion(query, registry)

    def _every(self) -> Iterator[tuple[list[Points], Missing]]:
        for seed, missing in product(range(SEEDS), MISSING):
            yield _parts(seed), missing

    def test_it_can_be_registered(self) -> None:
        assert self.method.name == self.fusion.name
        assert self.fusion.help and self.fusion.formula and self.fusion.reference

    def test_scores_are_in_0_to_1_and_missing_where_every_part_is(self) -> None:
        for parts, missing in self._every():
            fused = combine(parts, self.method, weights=[1, 2, 0.5], missing=missing)
            absent = np.isnan(parts)
            lost = absent.any(axis=0) if missing == "drop" else absent.all(axis=0)
            assert np.array_equal(np.isnan(fused), lost)
            assert fused.dtype == np.float64
            assert np.nanmin(fused, initial=0) >= 0
            assert np.nanmax(fused, initial=1) <= 1

    def test_one_ranking_alone_or_fused_with_itself_stays_in_its_order(self) -> None:
        for seed, count in product(range(SEEDS), (1, 2, 3)):
            (part,) = _parts(seed, p=1, complete=True)
            fused = combine([part] * count, self.method, weights=[1] * count)
            order = np.argsort(-part, kind="stable")
            assert np.all(np.diff(fused[order]) <= EXACT), f"of {count}"

    def test_the_order_of_the_parts_and_of_the_rows_is_irrelevant(self) -> None:
        for parts, missing in self._every():
            weights, moved = [1, 2, 0.5], np.random.default_rng(0).permutation(ROWS)
            fused = combine(parts, self.method, weights=weights, missing=missing)
            turned = [part[moved] for part in parts[::-1]]
            other = combine(turned, self.method, weights=weights[::-1], missing=missing)
            np.testing.assert_allclose(other, fused[moved], atol=EXACT)

    def test_a_missing_score_never_beats_a_present_one(self) -> None:
        for parts, missing in self._every():
            for line in parts:  # two rows that are equal but for one score
                line[0] = line[1]
            for value in (0.0, 0.5, 1.0):
                parts[0][:2] = value, np.nan
                fused = combine(parts, self.method, weights=[1, 2, 0.5], missing=missing)
                assert np.isnan(fused[1]) or fused[0] >= fused[1] - EXACT

    def test_a_better_score_makes_no_row_worse(self) -> None:
        for parts, missing in self._every():
            for line in parts:
                line[0] = line[1]
            for better, worse in ((1.0, 0.5), (0.75, 0.25), (0.5, 0.0)):
                parts[0][:2] = better, worse
                fused = combine(parts, self.method, weights=[1, 2, 0.5], missing=missing)
                assert np.isnan(fused[0]) or fused[0] >= fused[1] - EXACT

    def test_ranks_count_from_1_and_rows_equal_in_every_part_are_equal(self) -> None:
        """So that they come in the order of creation, as everywhere."""
        for parts, missing in self._every():
            for line in parts:
                line[ROWS // 2 :] = line[: ROWS // 2]
            fused = combine(parts, self.method, weights=[1, 2, 0.5], missing=missing)
            np.testing.assert_array_equal(fused[ROWS // 2 :], fused[: ROWS // 2])
        best = combine([np.array([0.9, 0.1])] * 2, self.method, weights=[1, 1])
        if self.fusion.by_rank:
            assert best[0] == 1, "first in every part is 1"

    def test_a_weight_counts(self) -> None:
        one, other = np.array([0.875, 0.125]), np.array([0.25, 0.75])
        first = combine([one, other], self.method, weights=[4, 1])
        second = combine([one, other], self.method, weights=[1, 4])
        assert first[0] - first[1] >= second[0] - second[1]

    def test_no_rows_have_no_scores(self) -> None:
        assert len(combine([np.empty(0)] * 2, self.method, weights=[1, 1])) == 0

    def test_rows_that_no_part_has_have_no_scores(self) -> None:
        assert np.isnan(combine([np.full(3, np.nan)] * 2, self.method, weights=[1, 1])).all()

    def test_what_it_is_given_is_left_as_it_was(self) -> None:
        for parts, missing in self._every():
            before = [part.copy() for part in parts]
            combine(parts, self.method, weights=[1, 2, 0.5], missing=missing)
            np.testing.assert_array_equal(parts, before)


class NormContract:
    """Tests of what every norm promises; subclass it and set `norm`.

    Attributes
    ----------
    norm : Norm
        What is tested.
    """

    norm: Norm

    def _every(self) -> Iterator[Points]:
        for seed in range(SEEDS):
            yield _parts(seed, p=1, complete=True)[0]
        yield np.full(5, 0.3)
        yield np.array([0.7])

    def test_it_can_be_registered(self) -> None:
        registry = Registry()
        registry.add(self.norm, kind="norms")
        assert list(registry.norms) == [self.norm.name]
        assert self.norm.help and self.norm.formula and self.norm.reference

    def test_a_higher_score_never_gets_a_lower_number(self) -> None:
        for scores in self._every():
            made = self.norm.normalize(scores)
            assert np.all(np.diff(made[np.argsort(scores, kind="stable")]) >= -EXACT)

    def test_equal_scores_get_equal_numbers(self) -> None:
        for scores in self._every():
            made = self.norm.normalize(scores)
            for value in np.unique(scores):
                assert np.ptp(made[scores == value]) <= EXACT

    def test_numbers_are_finite_and_in_0_to_1_if_it_says_so(self) -> None:
        for scores in self._every():
            made = self.norm.normalize(scores)
            assert made.shape == scores.shape
            assert np.isfinite(made).all()
            assert not self.norm.bounded or (made.min() >= -EXACT and made.max() <= 1 + EXACT)

    def test_the_order_of_the_rows_is_irrelevant(self) -> None:
        for scores in self._every():
            moved = np.random.default_rng(0).permutation(len(scores))
            np.testing.assert_allclose(
                self.norm.normalize(scores[moved]), self.norm.normalize(scores)[moved], atol=EXACT
            )

    def test_what_it_is_given_is_left_as_it_was(self) -> None:
        for scores in self._every():
            before = scores.copy()
            self.norm.normalize(scores)
            np.testing.assert_array_equal(scores, before)
