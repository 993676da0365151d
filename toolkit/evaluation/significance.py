"""Whether a difference between two systems is more than chance: tests on paired differences, one a group.

By default signs are flipped: if neither system is better, a group's difference is as likely to be its own negative.
Smucker, Allan, Carterette, A comparison of statistical significance tests for information retrieval evaluation, CIKM
2007.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from ..errors import QueryError

__all__ = ["FEWEST", "TESTS", "Test", "p_values", "sign_flips"]

Floats = npt.NDArray[np.float64]
Test: TypeAlias = Literal["permutation", "t", "wilcoxon", "bootstrap"]

FEWEST: Final = 6  # of five differences of one sign a permutation says p = 2 / 32, whatever their size
RESAMPLES: Final = 20_000
BLOCK: Final = 2**22  # signs held at once
ROUNDING: Final = 1e-12  # two sums of the same numbers in another order are equal


def p_values(differences: Floats, *, test: Test = "permutation", seed: int = 0) -> Floats:
    """Two-sided p of each column: float64 (c,), in [0, 1].

    Parameters
    ----------
    differences : float64 (g, c)
        A row a group, a column a comparison.
    test : {"permutation", "t", "wilcoxon", "bootstrap"}
        All signs are flipped up to 14 groups, 20,000 random ones beyond; the others are scipy's, the bootstrap that of
        Efron and Tibshirani (1993), algorithm 16.2.
    seed : int
        Of random flips and draws.

    Raises
    ------
    QueryError
        There is no such test, or there are fewer than 2 groups.

    Examples
    --------
    >>> p_values(np.array([[0.1], [0.2], [0.1], [0.3], [0.2], [0.1]]))
    array([0.03125])
    """
    if test not in get_args(Test):
        raise QueryError(f"no test {test!r}; there are: {', '.join(get_args(Test))}")
    if len(differences) < 2:
        raise QueryError(f"a test needs 2 groups or more, not {len(differences)}")
    varied = np.abs(differences).max(axis=0) > 0  # no difference at all is no evidence of one
    found = np.ones(differences.shape[1])
    if varied.any():
        found[varied] = TESTS[test](differences[:, varied], seed)
    return found


def sign_flips(differences: Floats, seed: int = 0) -> Floats:
    """The share of sign flips whose mean is as far from 0 as the one observed: float64 (c,).

    Parameters
    ----------
    differences : float64 (g, c)
        A row a group, a column a comparison.
    seed : int
        Of random flips, where there are too many for all.
    """
    groups = len(differences)
    observed = np.abs(differences.sum(axis=0)) * (1 - ROUNDING)
    if 2**groups <= RESAMPLES:
        signs = 1 - 2.0 * (np.arange(2**groups)[:, None] >> np.arange(groups) & 1)
        return np.asarray((np.abs(signs @ differences) >= observed).mean(axis=0))
    random = np.random.default_rng(seed)
    as_far = np.ones(differences.shape[1])  # the one observed is a flip too
    for start in range(0, RESAMPLES, size := max(BLOCK // groups, 1)):
        signs = random.choice([-1.0, 1.0], size=(min(size, RESAMPLES - start), groups))
        as_far += (np.abs(signs @ differences) >= observed).sum(axis=0)
    return as_far / (RESAMPLES + 1)


def _t(differences: Floats, seed: int) -> Floats:
    from scipy.stats import ttest_1samp

    spread = np.ptp(differences, axis=0) > 0
    found = np.zeros(differences.shape[1])  # all the same and not 0
    if spread.any():
        found[spread] = ttest_1samp(differences[:, spread], 0).pvalue
    return found


def _wilcoxon(differences: Floats, seed: int) -> Floats:
    from scipy.stats import wilcoxon

    return np.array([wilcoxon(column).pvalue for column in differences.T])


def _bootstrap(differences: Floats, seed: int) -> Floats:
    random, groups = np.random.default_rng(seed), len(differences)
    mean = differences.mean(axis=0)
    centered, observed = differences - mean, np.abs(mean) * (1 - ROUNDING)
    as_far = np.ones(differences.shape[1])
    for start in range(0, RESAMPLES, size := max(BLOCK // groups, 1)):
        draws = random.multinomial(groups, np.full(groups, 1 / groups), size=min(size, RESAMPLES - start))
        as_far += (np.abs(draws @ centered) / groups >= observed).sum(axis=0)
    return as_far / (RESAMPLES + 1)


TESTS: Final[Mapping[str, Callable[[Floats, int], Floats]]] = {
    "permutation": sign_flips,
    "t": _t,
    "wilcoxon": _wilcoxon,
    "bootstrap": _bootstrap,
}
