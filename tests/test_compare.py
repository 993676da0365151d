"""Comparing systems: the table, its statistics, what moved, and a folder that gives the same numbers elsewhere."""

import json

import numpy as np
import pytest
import toolkit_feedback
from click.testing import CliRunner
from made_up_collection import MadeUp
from pages import run

from toolkit.cli import main
from toolkit.errors import InputError, QueryError, UnknownNameError
from toolkit.evaluation import Judgments, Run, Topic, Topics, read_recipe, topics_from_labels
from toolkit.evaluation.leakage import LeakageWarning
from toolkit.query import fuse, topic
from toolkit.terms import concept, input

CLASSES, EACH = 8, 6
GOOD, BAD = input(topic.input, space="good"), input(topic.input, space="bad")
SYSTEMS = {"bad": BAD, "good": GOOD, "both": fuse([GOOD, BAD])}


def fill(made, good="good@1", bad="bad@1", each=EACH):
    """Eight classes; one space tells them apart, the other hardly."""
    random = np.random.default_rng(0)
    names = [f"i{k:02d}" for k in range(CLASSES * each)]
    made.add(*names)
    centers = random.normal(size=(CLASSES, 1, 12))
    for space, spread in ((good, 0.4), (bad, 3.0)):
        vectors = (centers + spread * random.normal(size=(CLASSES, each, 12))).reshape(-1, 12)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        made.embed(dict(zip(names, vectors.tolist(), strict=True)), space)
    for k in range(CLASSES):
        made.photos.annotate(names[k * each : (k + 1) * each], concept=f"class {k}")
    return made


@pytest.fixture(scope="module")
def photos():
    with fill(MadeUp()) as made:
        yield made.photos


@pytest.fixture(scope="module")
def asked(photos):
    return topics_from_labels(photos, per_concept=2, seed=0)


@pytest.fixture(scope="module")
def result(photos, asked):
    return photos.compare(SYSTEMS, *asked, measures="P@5 AP nDCG@5 Judged@5 milliseconds rows", depth=20)


def test_a_topic_asks_with_a_labeled_picture_and_leaves_it_out(photos, asked):
    topics, judgments = asked
    assert len(topics) == 2 * CLASSES
    assert set(topics.groups) == {f"class {k}" for k in range(CLASSES)}
    for one in topics:
        assert one.exclude == (one.values["input"],)
        assert one.values["input"] not in judgments[one.id]
        assert list(judgments[one.id].values()) == [1] * (EACH - 1)


def test_the_draw_follows_the_seed(photos, asked):
    assert topics_from_labels(photos, per_concept=2, seed=0)[0].ids == asked[0].ids
    assert topics_from_labels(photos, per_concept=2, seed=1)[0].ids != asked[0].ids


def test_in_a_complete_collection_what_is_labeled_otherwise_is_judged_too(photos):
    _, judgments = topics_from_labels(photos, concepts=["class 3"], complete=True)
    assert {len(judged) for judged in judgments.values()} == {CLASSES * EACH - 1}


def test_the_better_system_is_called_better_with_a_corrected_p(result):
    found = result.difference("good", "nDCG@5")
    assert found.significant and found.interval.low > 0
    assert (found.baseline, found.better + found.worse <= 2 * CLASSES) == ("bad", True)
    assert result.mean("good", "P@5") > result.mean("both", "P@5") > result.mean("bad", "P@5")


def test_the_picture_that_asks_is_never_ranked(result):
    for one in result.topics:
        assert all(one.exclude[0] not in run[one.id].ids for run in result.runs.values())


def test_comparisons_count_systems_and_measures_that_say_how_good_a_ranking_is(result):
    assert [(one.system, one.measure) for one in result.differences] == [
        (system, measure) for system in ("good", "both") for measure in ("P@5", "AP", "nDCG@5")
    ]
    corrected = sorted(one.corrected for one in result.differences)
    raw = sorted(one.p for one in result.differences)
    assert corrected[0] == pytest.approx(6 * raw[0])


def test_time_and_rows_are_read_as_measures(result):
    assert result.mean("good", "milliseconds") > 0
    assert result.mean("good", "rows") == CLASSES * EACH - 1


def test_the_table_shows_itself_everywhere(result):
    text = repr(result)
    assert text.splitlines()[0].split() == [
        "system",
        "P@5",
        "AP",
        "nDCG@5",
        "Judged@5",
        "milliseconds",
        "rows",
    ]
    assert "16 topics in 8 groups; 95% intervals by group; p by permutation" in text
    assert "<table" in result._repr_html_()
    assert r"\begin{tabular}{lrrrrrr}" in result.latex()
    pytest.importorskip("pandas")
    frame = result.frame()
    assert frame[(frame.system == "good") & (frame.measure == "AP")]["difference"].item() > 0
    assert json.loads(json.dumps(result.to_dict()))["rows"]


def test_names_cannot_become_markup(photos, asked):
    hostile = "<script>alert(1)</script> & $x_1$"
    result = photos.compare({hostile: GOOD, "b": BAD}, *asked)
    shown = result._repr_html_() + result.html() + result.per_topic(hostile, "b", "AP@100")._repr_html_()
    assert "<script>" not in shown + result.moved(hostile, "b").html()
    assert r"\&" in result.latex() and r"\$x\_1\$" in result.latex()


def test_below_six_groups_there_are_intervals_and_a_sentence_and_no_p(photos):
    topics, judgments = topics_from_labels(photos, concepts=[f"class {k}" for k in range(5)])
    result = photos.compare(SYSTEMS, topics, judgments)
    assert all(np.isnan(one.p) and not one.significant for one in result.differences)
    assert np.isfinite(result.differences[0].interval.high)
    assert "fewer than 6 groups" in repr(result)


def test_topics_of_one_group_widen_the_interval(photos, asked):
    topics, judgments = asked
    single = Topics([Topic(one.id, one.values, "", one.exclude) for one in topics])
    grouped, alone = (photos.compare(SYSTEMS, some, judgments, measures="AP") for some in (topics, single))
    assert grouped.values.tolist() == alone.values.tolist()
    assert len(grouped.groups) == CLASSES and len(alone.groups) == 2 * CLASSES


def test_per_topic_and_moved(result):
    bars = result.per_topic("good", "bad", "AP")
    values = [row[4] for row in bars.rows]
    assert values == sorted(values, reverse=True)
    assert sum(values) / len(values) == pytest.approx(result.difference("good", "AP").interval.mean)
    moved = result.moved("good", "bad", top_k=4)
    assert 4 <= len(moved) <= 8
    first = moved.moves[0]
    assert result.runs["good"][moved.topic].ids[0] == first.id
    assert result.runs["bad"][moved.topic].ids[first.before - 1] == first.id
    assert "no picture stored" in moved.html()
    with pytest.raises(UnknownNameError, match="topic"):
        result.moved("good", "bad", topic="nothing")


def test_a_topic_that_differs_opens_on_the_pictures_that_moved(result):
    shown = result.per_topic("good", "bad", "nDCG@5")._repr_html_()
    assert 1 <= shown.count("Topic ") <= 6
    assert "<details>" in shown


def test_moved_says_which_terms_gave_other_scores(result):
    id = result.topics.ids[0]
    moved = result.moved("both", "bad", topic=id, top_k=4)
    own = result.topics[0].values["input"]
    both = next(one for one in moved.moves if one.rank and one.before)
    assert f"now also input('{own}', space='good') " in both.why
    assert "now also input(" in moved.html()
    turned = next(one for one in result.moved("good", "bad", topic=id).moves if one.rank and one.before)
    assert "now also" in turned.why and "no longer" in turned.why


def test_a_run_from_elsewhere_has_no_reasons(photos, asked, result):
    again = photos.compare({"run": result.runs["bad"], "good": GOOD}, *asked, depth=20)
    assert {one.why for one in again.moved("good", "run").moves} == {""}


def test_an_interrupted_comparison_goes_on_and_gives_the_same_numbers(photos, asked, tmp_path, monkeypatch):
    from toolkit.evaluation import systems

    ranked = []

    def search_many(queries, *rest, **options):
        ranked.extend(queries)
        if len(ranked) == 20:
            raise KeyboardInterrupt
        return real(queries, *rest, **options)

    real = systems.search_many
    monkeypatch.setattr(systems, "AT_ONCE", 10)
    monkeypatch.setattr(systems, "search_many", search_many)
    with pytest.raises(KeyboardInterrupt):
        photos.compare(SYSTEMS, *asked, resume=tmp_path)
    result = photos.compare(SYSTEMS, *asked, resume=tmp_path)
    assert len(ranked) == 20 + 3 * 2 * CLASSES - 10
    ranked.clear()
    again = photos.compare(SYSTEMS, *asked, resume=tmp_path)
    assert ranked == []
    monkeypatch.setattr(systems, "search_many", real)
    assert again.to_dict() == result.to_dict() == photos.compare(SYSTEMS, *asked).to_dict()


def test_a_line_that_was_cut_off_and_one_of_something_else_are_ranked_again(photos, asked, tmp_path):
    first = photos.compare(SYSTEMS, *asked, resume=tmp_path).to_dict()
    file = tmp_path / "ranked.jsonl"
    file.write_text(file.read_text()[:-30] + '\n{"key": 1}\n[]')
    assert photos.compare(SYSTEMS, *asked, resume=tmp_path).to_dict() == first


def test_what_was_ranked_before_the_collection_changed_is_ranked_again(tmp_path):
    with fill(MadeUp()) as made:
        asked = topics_from_labels(made.photos, per_concept=1, seed=0)
        made.photos.compare(SYSTEMS, *asked, resume=tmp_path)
        made.photos.delete("i00")
        result = made.photos.compare(SYSTEMS, *asked, resume=tmp_path)
        assert all("i00" not in ranked.ids for run in result.runs.values() for ranked in run.values())


def test_a_colleague_gets_the_same_numbers_from_the_folder_in_a_new_process(result, tmp_path):
    import subprocess
    import sys

    from installed import environment

    recipe = result.save(tmp_path / "runs")
    moved = (tmp_path / "runs").rename(tmp_path / "elsewhere")
    command = [sys.executable, "-m", "toolkit", "compare", str(moved / recipe.name), "--json"]
    told = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment(), cwd=tmp_path
    ).stdout
    rows = [row for row in json.loads(told)["rows"] if row["measure"] not in {"milliseconds", "rows"}]
    assert rows == [
        row
        for row in json.loads(json.dumps(result.to_dict()))["rows"]
        if row["measure"] not in {"milliseconds", "rows"}
    ]


def test_a_system_that_is_text_is_saved_as_a_query(photos, asked):
    made = photos.compare({"text": "input:{input}[space=good]", "bad": BAD}, *asked)
    assert set(made.recipe["systems"]) == {"text", "bad"}


def test_a_system_may_be_text_json_a_function_or_a_run(photos, asked, result):
    topics, judgments = asked
    systems = {
        "query": GOOD,
        "text": "input:{input}[space=good]",
        "json": GOOD.to_dict(),
        "function": lambda topic: input(topic.values["input"], space="good"),
        "run": result.runs["good"],
    }
    found = photos.compare(systems, topics, judgments, measures="AP nDCG", depth=20)
    assert all(np.array_equal(found.values[0], values) for values in found.values)


def test_the_folder_gives_the_same_numbers_with_and_without_the_collection(photos, result, tmp_path):
    recipe = result.save(tmp_path / "runs")
    read = read_recipe(recipe.parent)
    again = photos.compare(read.systems, read.topics, read.judgments, **read.options)
    assert np.array_equal(again.values[..., :4], result.values[..., :4])
    assert [one.corrected for one in again.differences] == [one.corrected for one in result.differences]
    answer = CliRunner().invoke(main, ["compare", str(recipe), "--json"])
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)["rows"]
    mine = [row for row in result.to_dict()["rows"] if row["measure"] not in {"milliseconds", "rows"}]
    assert [row for row in rows if row["measure"] not in {"milliseconds", "rows"}] == mine


def test_the_command_writes_a_page_and_a_table_for_a_paper(result, tmp_path):
    folder = result.save(tmp_path / "runs").parent
    answer = CliRunner().invoke(main, ["compare", str(folder), "--latex", "--html", str(tmp_path / "a.html")])
    assert answer.stdout.startswith(r"\begin{tabular}")
    assert "default-src" in (tmp_path / "a.html").read_text()


@pytest.mark.parametrize(
    "text", ["{}", "[]", "nonsense", '{"runs": {"a": "../../etc/passwd"}, "systems": {}}']
)
def test_a_recipe_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "recipe.json").write_text(text)
    with pytest.raises(InputError):
        read_recipe(tmp_path)


def test_a_slot_without_a_column_names_the_system_and_what_there_is(photos, asked):
    with pytest.raises(QueryError, match=r"system 'a': no value for topic\.photo; there is input, concept"):
        photos.compare({"a": input(topic.photo)}, *asked)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"baselines": ["best"]}, UnknownNameError),
        ({"measures": "nDGC@10"}, UnknownNameError),
        ({"test": "z"}, QueryError),
        ({"correction": "sidak"}, QueryError),
        ({"confidence": 1.0}, QueryError),
        ({"depth": 0}, QueryError),
    ],
)
def test_what_cannot_be_asked_is_refused(photos, asked, wrong, error):
    with pytest.raises(error):
        photos.compare(SYSTEMS, *asked, **wrong)


def test_a_run_of_other_topics_or_judgments_of_others_are_refused(photos, asked):
    topics, judgments = asked
    with pytest.raises(QueryError, match="ranks none of these topics; it has 7"):
        photos.compare({"run": Run.of([{"topic": 7, "input": "a", "score": 1}])}, topics, judgments)
    with pytest.raises(QueryError, match="nothing is judged"):
        photos.compare(SYSTEMS, topics, Judgments({"7": {"a": 1}}))
    with pytest.raises(QueryError, match="give systems"):
        photos.compare({}, topics, judgments)


def test_a_concept_trained_on_the_judgments_is_a_warning_of_leakage():
    with fill(MadeUp()) as made:
        photos = made.photos
        names = list(photos)
        photos.annotate(names[EACH:], concept="class 0", value=0)
        photos.train("class 0", space="good", progress=False)
        topics, judgments = topics_from_labels(photos)
        with pytest.warns(LeakageWarning, match="'trained' ranks by 'class 0'.*it has seen the answers"):
            result = photos.compare({"like": GOOD, "trained": concept("class 0")}, topics, judgments)
        assert "it has seen the answers" in repr(result)


def test_topics_come_and_go_as_files_and_tables(tmp_path, asked):
    topics, _ = asked
    topics.write(tmp_path / "topics.jsonl")
    assert list(Topics.read(tmp_path / "topics.jsonl")) == list(topics)
    (tmp_path / "plain.tsv").write_text("1\ta dog outside\n2\tnight\n")
    assert Topics.read(tmp_path / "plain.tsv")[0] == Topic("1", {"text": "a dog outside"})
    (tmp_path / "bad").write_text("1 no tab\n")
    with pytest.raises(InputError, match="line 1"):
        Topics.read(tmp_path / "bad")
    with pytest.raises(QueryError, match="twice"):
        Topics([Topic("1"), Topic("1")])
    pandas = pytest.importorskip("pandas")
    made = Topics.of(pandas.DataFrame({"topic": ["1", "2"], "photo": ["a", "b"], "group": ["x", "x"]}))
    assert made.groups == ("x", "x") and made[1].values == {"photo": "b"}
    assert Topics.of(made.frame()).ids == made.ids


def test_the_page_on_comparing_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with fill(MadeUp(), "timm@1", "pixels@1", each=26) as made:
        made.photos.registry.add(toolkit_feedback)
        names = {"photos": made.photos}
        run("docs/comparing.md", names)
        assert names["result"].difference("pixels", "nDCG@10").p < 0.05
        assert names["tuned"].query == names["net"]
    assert (tmp_path / "runs" / "recipe.json").exists()
