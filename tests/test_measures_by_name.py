"""Measures by their standard names equal trec_eval's and ir-measures', ties included."""

import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from toolkit.errors import InputError, QueryError, UnknownNameError
from toolkit.evaluation import Judgments, Ranked, Run, measured, parse_measures
from toolkit.evaluation.runs import falling

NAMES = "P@3 P@10 R@4 AP AP@5 nDCG nDCG@4 RR Success@2 Rprec AP(rel=2) P(rel=2)@5 RR(rel=2) R(rel=2)@6"
ITEMS = [f"d{k}" for k in range(9)] + ["é", "日"]

# trec_eval may never come back from a topic whose grades are all below 0.
grades = st.dictionaries(st.sampled_from(ITEMS), st.integers(-1, 3), min_size=1).filter(
    lambda judged: max(judged.values()) >= 0
)
scores = st.dictionaries(
    st.sampled_from(ITEMS), st.sampled_from([0.0, 0.25, 0.5, 0.5 + 1e-9, -1.0]), min_size=1
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of ir-measures itself
@settings(phases=[Phase.generate], max_examples=10, deadline=None)  # to shrink takes minutes
@given(
    st.dictionaries(st.sampled_from("123"), grades, min_size=1),
    st.dictionaries(st.sampled_from("123"), scores),
)
def test_they_equal_those_of_ir_measures_on_every_run_ties_included(judged, ranked):
    ir_measures = pytest.importorskip("ir_measures")
    topics = sorted(judged)
    rows = [
        {"query_id": topic, "doc_id": item, "score": score}
        for topic in ranked
        for item, score in ranked[topic].items()
    ]
    ours = measured(Run.of(rows), Judgments(judged), topics, parse_measures(NAMES))
    asked = [ir_measures.parse_measure(name) for name in NAMES.split()]
    theirs = np.zeros_like(ours)
    for one in ir_measures.iter_calc(asked, judged, {t: ranked[t] for t in ranked if t in judged}):
        theirs[topics.index(one.query_id), asked.index(one.measure)] = one.value
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@settings(deadline=None)
@given(scores, grades)
def test_a_run_that_is_written_measures_the_same_elsewhere(tmp_path_factory, ranked, judged):
    pytrec_eval = pytest.importorskip("pytrec_eval")
    order = sorted(ranked, key=ranked.get, reverse=True)  # ours: ties in another order than trec_eval's
    run = Run({"1": Ranked(tuple(order), tuple(ranked[item] for item in order))}, "a system")
    folder = tmp_path_factory.mktemp("run")
    run.write(folder / "run.txt")
    Judgments({"1": judged}).write(folder / "qrels.txt")
    read, qrels = Run.read(folder / "run.txt"), Judgments.read(folder / "qrels.txt")
    assert read["1"].ids == run["1"].ids
    assert qrels["1"] == judged
    theirs = pytrec_eval.RelevanceEvaluator({"1": judged}, {"map", "ndcg"}).evaluate(
        {"1": dict(zip(read["1"].ids, read["1"].scores, strict=True))}
    )
    ours = measured(run, qrels, ["1"], parse_measures("AP nDCG"))[0]
    assert ours.tolist() == pytest.approx([theirs["1"]["map"], theirs["1"]["ndcg"]], abs=1e-12)


def test_judged_is_the_share_of_what_was_shown_that_someone_judged():
    run = Run({"1": Ranked(tuple("abcd"), (0.9, 0.8, 0.7, 0.6))})
    values = measured(
        run, Judgments({"1": {"a": 0, "c": 2}}), ["1", "2"], parse_measures("Judged@2 Judged@3 Judged@9")
    )
    assert values.tolist() == [[1 / 2, 2 / 3, 2 / 4], [0, 0, 0]]


def test_six_that_tie_score_what_their_order_says_and_not_what_trec_eval_makes_of_it():
    pytrec_eval = pytest.importorskip("pytrec_eval")
    ids = tuple("abcdefghij")
    run = Run({"1": Ranked(ids, (0.5,) * 10)})
    judged = {"a": 1, "b": 1, "c": 1}
    assert measured(run, Judgments({"1": judged}), ["1"], parse_measures("AP"))[0, 0] == 1
    theirs = pytrec_eval.RelevanceEvaluator({"1": judged}, {"map"}).evaluate({"1": dict.fromkeys(ids, 0.5)})
    assert theirs["1"]["map"] == pytest.approx((1 / 8 + 2 / 9 + 3 / 10) / 3)


@settings(deadline=None)
@given(st.lists(st.floats(-1e3, 1e3, width=32), max_size=30))
def test_written_scores_fall_strictly_and_hardly_move(values):
    ordered = sorted(values, reverse=True)
    moved = [float(f"{score:.9g}") for score in falling(ordered)]
    assert all(np.float32(a) > np.float32(b) for a, b in pairwise(moved))
    np.testing.assert_allclose(moved, ordered, atol=1e-2)


def test_a_topic_without_hits_counts_0():
    measures = parse_measures(NAMES)
    assert not measured(Run({}), Judgments({"1": {"a": 1}}), ["1"], measures).any()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ndcg@10", "nDCG@10"),
        ("map", "AP"),
        ("MRR@10", "RR@10"),
        ("ndcg_cut_10", "nDCG@10"),
        ("P_5", "P@5"),
        ("recall@100", "R@100"),
        ("map_cut.100", "AP@100"),
        ("judged@10", "Judged@10"),
        ("latency", "milliseconds"),
        ("AP(rel=2)@7", "AP(rel=2)@7"),
    ],
)
def test_the_field_s_other_names_are_understood(text, name):
    assert [one.name for one in parse_measures(text)] == [name]


def test_one_that_is_not_known_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"no measure named 'nDGC@20'; did you mean 'nDCG@20'"):
        parse_measures("nDGC@20")


@pytest.mark.parametrize("text", ["P", "", "Rprec@5", "P@0", "nDCG(rel=2)@5"])
def test_a_measure_without_what_it_needs_is_refused(text):
    with pytest.raises(QueryError):
        parse_measures(text)


def test_what_only_ir_measures_knows_is_asked_of_it():
    pytest.importorskip("ir_measures")
    run = Run({"1": Ranked(("a", "b"), (0.5, 0.5))})
    judgments = Judgments({"1": {"b": 1, "a": 0}})
    assert measured(run, judgments, ["1", "2"], parse_measures("IPrec@0.5"))[:, 0].tolist() == [0.5, 0]
    with pytest.raises(QueryError, match="ir-measures cannot compute RBP"):
        measured(run, judgments, ["1"], parse_measures("RBP(p=0.5)"))


def test_a_topic_of_which_all_grades_are_below_0_counts_0_and_ends():
    pytest.importorskip("ir_measures")
    run = Run({"1": Ranked(("a", "b"), (0.5, 0.25))})
    values = measured(run, Judgments({"1": {"a": -1}}), ["1"], parse_measures("AP nDCG P@1 IPrec@0.5"))
    assert values.tolist() == [[0, 0, 0, 0]]


def test_without_ir_measures_the_common_ones_are_there_and_the_others_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    assert len(parse_measures(NAMES)) == 14
    with pytest.raises(UnknownNameError, match="extra 'evaluation'"):
        parse_measures("RBP(p=0.5)")


def test_each_measure_is_there_once():
    assert [one.name for one in parse_measures("ndcg@10, nDCG@10 AP")] == ["nDCG@10", "AP"]


@pytest.mark.parametrize("text", ["1 0 a", "1 0 a b", "1 0 a 1 2"])
def test_a_bad_line_of_judgments_is_named(tmp_path, text):
    (tmp_path / "qrels").write_text("1 0 x 1\n" + text + "\n")
    with pytest.raises(InputError, match="qrels, line 2"):
        Judgments.read(tmp_path / "qrels")


@pytest.mark.parametrize("text", ["1 Q0 a 1 0.5", "1 Q0 a 1 high me"])
def test_a_bad_line_of_a_run_is_named(tmp_path, text):
    (tmp_path / "run").write_text(text + "\n")
    with pytest.raises(InputError, match="run, line 1"):
        Run.read(tmp_path / "run")


def test_an_id_that_trec_has_no_form_for_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(QueryError, match="'a b'"):
        Judgments({"1": {"c": 1, "a b": 1}}).write(tmp_path / "qrels")
    assert not (tmp_path / "qrels").exists()


def test_an_item_ranked_twice_is_refused():
    with pytest.raises(QueryError, match="twice"):
        Run.of([{"topic": "1", "input": "a", "score": 1}] * 2)


def test_data_frames_come_and_go():
    pandas = pytest.importorskip("pandas")
    judgments = Judgments.of(
        pandas.DataFrame({"query_id": [1, 1], "doc_id": ["a", "b"], "relevance": [1, 0]})
    )
    assert judgments["1"] == {"a": 1, "b": 0}
    assert Judgments.of(judgments.frame()).grades == judgments.grades
    run = Run({"1": Ranked(("b", "a"), (0.5, 0.5))})
    assert Run.of(run.frame())["1"].ids == ("b", "a")
