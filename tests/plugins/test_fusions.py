"""Every shipped method and norm keeps the contract, and measures what ranx does where ranx has it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from toolkit_fusions import toolkit_fusions, toolkit_norms

from toolkit.fusion.methods import combine, ranks_of
from toolkit.plugins.fusions import bind_fusion
from toolkit.plugins.registry import default
from toolkit.query import Fuse, Term
from toolkit.testing import FusionContract, NormContract

METHODS = {one.name: one for one in toolkit_fusions()}
NORMS = {one.name: one for one in toolkit_norms()}


@pytest.mark.parametrize("fusion", METHODS.values(), ids=METHODS)
class TestMethods(FusionContract):
    @pytest.fixture(autouse=True)
    def _tested(self, fusion):
        self.fusion = fusion


@pytest.mark.parametrize("norm", NORMS.values(), ids=NORMS)
class TestNormalizedSums(FusionContract):
    @pytest.fixture(autouse=True)
    def _tested(self, norm):
        self.fusion, self.norm = METHODS["sum"], norm


class TestReciprocalRankWithoutK(FusionContract):
    fusion = METHODS["rrf"]
    options = {"k": 0}  # noqa: RUF012


@pytest.mark.parametrize("norm", NORMS.values(), ids=NORMS)
class TestNorms(NormContract):
    @pytest.fixture(autouse=True)
    def _tested(self, norm):
        self.norm = norm


def fused(parts, method, norm=None, **parameters):
    bound = bind_fusion(Fuse((Term("any"),), method, norm, "zero", tuple(parameters.items())), default())
    return combine(parts, bound, weights=[1] * len(parts))


NAN = np.nan
# Three rankings of five rows without ties, two of them incomplete.
A = np.array([0.9, 0.5, 0.3, NAN, NAN])
B = np.array([0.2, 0.8, NAN, 0.6, NAN])
C = np.array([0.1, 0.4, 0.7, 0.5, 0.3])
D = np.array([0.35, 0.2, 0.6, 0.9, 0.05])  # and another that is complete

# What ranx 0.3.21 gives, to 6 digits: ranx.fusion.comb_sum, comb_mnz, comb_max, rrf (k=60), isr and log_isr of A, B, C;
# comb_min, comb_med, comb_anz and bordafuse of C, D; min_max_norm, zmuv_norm, sum_norm and rank_norm of C.
RANX = {
    "sum": [1.2, 1.7, 1.0, 1.1, 0.3],
    "mnz": [3.6, 5.1, 2.0, 2.2, 0.3],
    "max": [0.9, 0.8, 0.7, 0.6, 0.3],
    "rrf": [0.047651, 0.048395, 0.032266, 0.032258, 0.015625],
    "isr": [3.453333, 4.083333, 2.222222, 1.0, 0.0625],
    "logisr": [1.264625, 1.495333, 0.770164, 0.346574, 0.0],
}
RANX_COMPLETE = {
    "min": [0.1, 0.2, 0.6, 0.5, 0.05],
    "median": [0.225, 0.3, 0.65, 0.7, 0.175],
    "anz": [0.225, 0.3, 0.65, 0.7, 0.175],
    "borda": [4.0, 5.0, 9.0, 9.0, 3.0],
}
RANX_NORMS = {
    "minmax": [0.0, 0.5, 1.0, 0.666667, 0.333333],
    "zscore": [-1.5, 0.0, 1.5, 0.5, -0.5],
    "sum": [0.0, 0.2, 0.4, 0.266667, 0.133333],
    "rank": [0.2, 0.6, 1.0, 0.8, 0.4],
}


@pytest.mark.parametrize("method", RANX)
def test_a_method_gives_what_ranx_gives_times_what_brings_it_into_0_to_1(method):
    ours = fused([A, B, C], method)
    factor = {"sum": 3, "mnz": 9, "rrf": 3 / 61, "isr": 9, "logisr": 3 * np.log(3)}.get(method, 1)
    assert_allclose(ours * factor, RANX[method], atol=1e-6)


@pytest.mark.parametrize("method", RANX_COMPLETE)
def test_a_method_to_which_missing_scores_count_0_gives_what_ranx_gives_without_any(method):
    ours = fused([C, D], method) * {"borda": 10}.get(method, 1)
    assert_allclose(ours, RANX_COMPLETE[method], atol=1e-6)


@pytest.mark.parametrize("norm", RANX_NORMS)
def test_a_norm_gives_what_ranx_gives(norm):
    assert_allclose(NORMS[norm].normalize(C), RANX_NORMS[norm], atol=1e-6)


def test_distribution_based_fusion_takes_three_deviations_to_0_and_1():
    scores = np.array([0.4, 0.5, 0.6])
    sd = np.std(scores)
    assert_allclose(NORMS["dbsf"].normalize(scores), (scores - 0.5 + 3 * sd) / (6 * sd))


def test_what_is_missing_is_the_lowest_score_of_any_part_and_not_left_out_of_the_mean():
    assert_allclose(fused([A, B], "anz"), [0.55, 0.65, (0.3 + 0.2) / 2, (0.6 + 0.2) / 2, NAN])


def test_ranks_count_from_1_and_equal_scores_share_the_better():
    assert ranks_of(np.array([0.5, 0.9, 0.5, 0.1])).tolist() == [2, 1, 2, 4]


PAGE = Path(__file__).parents[2] / "docs" / "plugins" / "fusions.md"


@pytest.mark.parametrize(("name", "things"), [("methods", METHODS), ("norms", NORMS)])
def test_the_page_has_the_table_that_the_plugins_make(name, things):
    lines = [f"| `{name[:-1]}` | What | Formula | Source |", "|---|---|---|---|"]
    for one in things.values():
        options = "".join(f", `{p.name}={p.default:g}`" for p in getattr(one, "parameters", ()))
        lines.append(f"| `{one.name}`{options} | {one.help} | {one.formula} | {one.reference} |")
    table = "\n".join(lines)
    written = (
        PAGE.read_text(encoding="utf-8").partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    )
    assert written.strip() == table
