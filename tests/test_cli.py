"""Every command, as text and as JSON; exit codes; what goes to standard error."""

import json
import os
import subprocess
import sys

import pytest
from bars import without_bars
from click.testing import CliRunner
from installed import environment, install_own
from made_up_models import write_pictures

import toolkit
from toolkit.cli import main
from toolkit.indexing import Report
from toolkit.terms import image


def run(*arguments):
    """Exit code, standard output and standard error."""
    result = CliRunner().invoke(main, list(map(str, arguments)))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def ran(*arguments):
    """What a command that succeeds prints."""
    code, out, error = run(*arguments)
    assert (code, error) == (0, "")
    return out


@pytest.fixture
def pictures(tmp_path):
    return write_pictures(tmp_path / "pictures", 8)


@pytest.fixture
def store(tmp_path, pictures):
    store = tmp_path / "photos.db"
    ran("add", store, tmp_path / "pictures")
    return store


class TestAdd:
    def test_as_text(self, tmp_path, pictures):
        assert ran("add", tmp_path / "p.db", tmp_path / "pictures") == "8 added\n"
        assert ran("add", tmp_path / "p.db", *pictures[:3]) == "0 added, 3 skipped\n"

    def test_as_json(self, tmp_path, pictures):
        report = json.loads(ran("add", tmp_path / "p.db", tmp_path / "pictures", "--json"))
        assert report | {"seconds": 0} == Report(added=8).to_dict()

    def test_a_picture_that_fails_is_reported_and_the_exit_code_is_1(self, tmp_path, pictures):
        (tmp_path / "pictures" / "bad.jpg").write_bytes(b"")
        code, out, error = run("add", tmp_path / "p.db", tmp_path / "pictures")
        reason = f"  {tmp_path}/pictures/bad.jpg: the file is empty"
        assert (code, out.splitlines(), error) == (1, ["8 added, 1 failed", reason], "")

    def test_datasets_detector_and_workflow(self, tmp_path, pictures):
        ran("add", tmp_path / "p.db", pictures[0], "--workflow", "none", "--dataset", "a", "--dataset", "b")
        ran("add", tmp_path / "p.db", pictures[1], "--detect", "proposals")
        with toolkit.open(tmp_path / "p.db") as photos:
            assert photos.workflow == toolkit.Workflow(detectors=("proposals",))
            assert photos.find(pictures[0]).datasets == ("a", "b")

    def test_models_run_over_what_is_there_too_and_vectors_are_reduced(self, tmp_path, pictures):
        store = tmp_path / "p.db"
        ran("add", store, *pictures[:4], "--workflow", "none")
        out = ran("add", store, *pictures[4:], "--embedder", "pixels", "--reduce", 4)
        assert out.startswith("4 added, 4 indexed\npixels@1: ")
        assert " numbers reduced to 4, fitted on 8 rows" in out
        assert "reduced, fitted on 8 rows at " in ran("info", store)
        assert "; before, to 4 on 8 rows at " in ran("add", store, "--reduce", 3)
        ran("add", store, "--concept-model", "pixels")
        with toolkit.open(store) as photos:
            assert photos.workflow == toolkit.Workflow(("pixels",), ("pixels",))

    def test_vectors_cannot_be_reduced_to_more_numbers_than_they_have(self, tmp_path, pictures):
        code, _, error = run("add", tmp_path / "p.db", *pictures, "--reduce", 100_000)
        assert (code, "they can be reduced to 1 to" in error) == (1, True)

    def test_nothing_to_add_and_nothing_to_run_is_a_mistake(self, tmp_path):
        code, _, error = run("add", tmp_path / "p.db")
        assert (code, "Name what to add, or a model" in error) == (2, True)

    def test_a_source_that_is_not_there(self, tmp_path):
        code, out, error = run("add", tmp_path / "p.db", tmp_path / "nothing")
        assert (code, out) == (1, "")
        assert error.startswith(f"toolkit: {tmp_path}/nothing: no such file or folder")
        assert len(error.splitlines()) == 1

    def test_an_unknown_detector(self, tmp_path, pictures):
        code, _, error = run("add", tmp_path / "p.db", pictures[0], "--detect", "proposal")
        assert (
            code,
            error.startswith("toolkit: no detector named 'proposal'; did you mean 'proposals'?"),
        ) == (1, True)


class TestSearch:
    def test_as_text(self, store):
        lines = ran("search", store, "concept:bright", "-n", 2).splitlines()
        assert lines[0].endswith(" hits for concept('bright')")
        assert lines[1].split() == ["rank", "score", "id", "name", "region"]
        assert lines[2].split()[0] == "1"
        assert lines[4:] == ["and 1 more: --page 2"]

    def test_as_json(self, store, pictures):
        answer = json.loads(ran("search", store, f"image:'{pictures[0]}'", "-n", 2, "--json"))
        assert (answer["query"].startswith("image('"), answer["total"], len(answer["hits"])) == (True, 8, 2)
        assert toolkit.query.from_dict(answer["expression"]) == image(str(pictures[0]))
        first = answer["hits"][0]
        assert (first["rank"], first["name"], round(first["terms"][0]["cosine"], 4)) == (1, "000.png", 1)

    def test_pages(self, store):
        def ranks(*arguments):
            hits = json.loads(ran("search", store, "where[region=false]", "--json", *arguments))["hits"]
            return [hit["rank"] for hit in hits]

        assert ranks("-n", 3, "--page", 2) == [4, 5, 6]
        assert ranks("-n", 3, "--page", 3) == [7, 8]
        assert ranks("-n", 3, "--page", 9) == []

    def test_level_and_minimum(self, store):
        out = ran("search", store, "concept:bright", "--level", "region", "--minimum", 0.999, "--json")
        assert all(hit["score"] >= 0.999 for hit in json.loads(out)["hits"])

    def test_explained(self, store):
        out = ran("search", store, "concept:bright - concept:colorful", "-n", 2, "--explain")
        assert out.count("rank 1, score") == out.count("rank 2, score") == 1
        assert "concept('colorful')" in out

    def test_a_page_with_pictures(self, store, tmp_path):
        page = tmp_path / "hits.html"
        code, _, error = run("search", store, "concept:bright", "--html", page)
        assert (code, error) == (0, f"wrote {page}\n")
        assert "data:image/jpeg;base64," in page.read_text(encoding="utf-8")

    def test_a_page_that_cannot_be_written(self, store, tmp_path):
        code, _, error = run("search", store, "concept:bright", "--html", tmp_path / "nowhere" / "hits.html")
        assert (code, len(error.splitlines()), "No such file or directory" in error) == (1, 1, True)

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("concept:nothing", "no concept named 'nothing'"),
            ("nothing:x", "no ranker named 'nothing'"),
            ("image:./nothing.jpg", "no such file"),
        ],
    )
    def test_a_query_that_cannot_be_ranked_says_why(self, store, query, message):
        code, out, error = run("search", store, query)
        assert (code, out, message in error.splitlines()[0]) == (1, "", True)

    def test_a_query_that_cannot_be_read_is_shown_with_the_place_marked(self, store):
        code, out, error = run("search", store, "concept:bright and concept:dark")
        assert (code, out) == (1, "")
        assert error.startswith("toolkit: ")
        query, mark = error.splitlines()[-2:]
        assert (query.strip(), mark.strip()[0]) == ("concept:bright and concept:dark", "^")

    def test_a_limit_below_one(self, store):
        assert run("search", store, "concept:bright", "-n", 0)[0] == 1
        assert run("search", store, "concept:bright", "--page", 0)[0] == 2

    def test_help_shows_the_grammar(self):
        out = ran("search", "--help")
        assert "concept:dog - concept:cat + 2*image:./query.jpg" in out
        assert "The query language" not in out
        assert max(map(len, out.splitlines())) <= 80


class TestLabelAndTrain:
    def test_label(self, store, pictures):
        assert ran("label", store, "porch", *pictures[:2]) == "'porch' is on 2 inputs\n"
        assert (
            ran("label", store, "porch", pictures[2], "--no", "--user", "ann")
            == "'porch' is not on 1 input\n"
        )
        with toolkit.open(store) as photos:
            hits = photos.search(photos.terms.concept("porch", source="human"))
            scores = {hit.input.uri: hit.score for hit in hits}
            assert scores == {str(path): float(index < 2) for index, path in enumerate(pictures[:3])}

    def test_label_as_json_by_id_and_box(self, store, pictures):
        with toolkit.open(store) as photos:
            id = photos.find(pictures[0]).id
        told = json.loads(ran("label", store, "porch", id, "--box", 0, 0, 0.5, 0.5, "--json"))
        assert told == {"concept": "porch", "value": 1, "inputs": [id]}
        assert json.loads(ran("info", store, "--json"))["regions"] == 9

    def test_an_unknown_input(self, store):
        code, _, error = run("label", store, "porch", "nothing.png")
        assert (code, "no input named" in error, len(error.splitlines())) == (1, True, 1)

    def test_a_box_that_is_none(self, store, pictures):
        code, _, error = run("label", store, "porch", pictures[0], "--box", 0, 0, 2, 2)
        assert (code, "is not inside the image" in error) == (1, True)

    def test_train(self, store, pictures):
        ran("label", store, "porch", *pictures[:4])
        ran("label", store, "porch", *pictures[4:], "--no")
        assert ran("train", store, "porch").startswith("porch: 4 positives, 4 negatives, 0 unlabeled; ")
        (told,) = json.loads(ran("train", store, "porch", "--json"))["trained"]
        assert (told["concept"], told["source"], told["positives"]) == ("porch", "model:trained-porch@2", 4)

    def test_train_on_too_little(self, store, pictures):
        ran("label", store, "porch", pictures[0])
        code, _, error = run("train", store, "porch")
        assert (code, "there are 1:" in error, len(error.splitlines())) == (1, True, 1)


class TestLooking:
    def test_info_as_text(self, store):
        lines = dict(
            line.split(maxsplit=1) for line in ran("info", store).splitlines() if " " in line.strip()
        )
        assert (lines["inputs"], lines["embedders"], lines["spaces"]) == (
            "8",
            "pixels",
            "pixels@1 (468 numbers, 8 rows)",
        )

    def test_info_as_json(self, store):
        told = json.loads(ran("info", store, "--json"))
        assert (told["store"], told["inputs"], told["concept_models"]) == (str(store), 8, ["pixels"])

    def test_plugins_as_text(self):
        out = ran("plugins")
        assert "    importers: file, folder, pattern" in out

    def test_plugins_as_json(self):
        told = {row["name"]: row for row in json.loads(ran("plugins", "--json"))}
        assert (told["files"]["module"], told["files"]["status"]) == ("toolkit_files", "ok")
        assert told["visual"]["provides"]["embedders"] == ["pixels"]

    def test_new_plugin(self, tmp_path):
        out = ran("new-plugin", "sky", "--in", tmp_path)
        assert out.startswith(f"wrote {tmp_path}/toolkit-sky\n")
        assert (tmp_path / "toolkit-sky" / "pyproject.toml").is_file()
        code, _, error = run("new-plugin", "sky", "--in", tmp_path)
        assert (code, "exists already" in error) == (1, True)

    @pytest.mark.parametrize("command", [("search", "x"), ("info",), ("label", "a", "b"), ("train", "a")])
    def test_an_unknown_collection_is_an_error_and_no_new_file(self, tmp_path, command):
        store = tmp_path / "typo.db"
        name, *others = command
        code, out, error = run(name, store, *others)
        assert (code, out) == (1, "")
        assert error.startswith(f"toolkit: there is no collection '{store}'; make one with: toolkit add")
        assert list(tmp_path.iterdir()) == []

    def test_a_file_of_something_else(self, tmp_path):
        other = tmp_path / "notes.txt"
        other.write_text("not a store, but long enough to look at " * 50)
        code, _, error = run("info", other)
        assert (code, "not a store" in error, len(error.splitlines())) == (1, True, 1)

    def test_help_and_version(self):
        out = ran("--help")
        for name in ("add", "demo", "info", "label", "new-plugin", "plugins", "search", "train"):
            assert f"\n  {name} " in out
        assert ran("--version").startswith("toolkit, version ")

    @pytest.mark.parametrize(
        "arguments", [("nothing",), ("add",), ("search", "a.db"), ("info", "--nothing", "a")]
    )
    def test_a_mistyped_command_is_exit_code_2(self, arguments):
        assert run(*arguments)[0] == 2


class TestProcess:
    @pytest.fixture
    def site(self, tmp_path):
        install_own(tmp_path / "site")
        return environment(
            tmp_path / "site", PATH=os.environ["PATH"], OMP_NUM_THREADS="1", TOOLKIT_WORKFLOW="pixels"
        )

    def ran(self, site, *arguments, **others):
        command = [sys.executable, "-m", "toolkit", *map(str, arguments)]
        return subprocess.run(command, env=site, capture_output=True, text=True, timeout=60, **others)

    def test_results_and_errors_are_apart(self, site, tmp_path):
        write_pictures(tmp_path / "pictures", 2)
        done = self.ran(site, "add", tmp_path / "p.db", tmp_path / "pictures")
        assert (done.returncode, done.stdout, without_bars(done.stderr)) == (0, "2 added\n", "")
        failed = self.ran(site, "search", tmp_path / "p.db", "concept:nothing")
        assert (failed.returncode, failed.stdout, len(failed.stderr.splitlines())) == (1, "", 1)

    def test_what_is_piped_away_may_be_cut_off(self, site, tmp_path):
        write_pictures(tmp_path / "pictures", 2)
        self.ran(site, "add", tmp_path / "p.db", tmp_path / "pictures")
        command = f"{sys.executable} -m toolkit search {tmp_path}/p.db where[region=false] --json | head -n 1"
        done = subprocess.run(
            ["/bin/sh", "-c", command], env=site, capture_output=True, text=True, timeout=60
        )
        assert (done.stdout, "Traceback" in done.stderr) == ("{\n", False)

    def test_a_long_run_shows_its_progress_on_standard_error(self, site, tmp_path):
        write_pictures(tmp_path, 6)
        slow = (
            "import time, toolkit_visual.embedder as e\n"
            "embed = e.PixelEmbedder.embed\n"
            "def slow(self, images):\n    time.sleep(0.8 * len(images))\n    return embed(self, images)\n"
            "e.PixelEmbedder.embed = slow\n"
            "from toolkit.indexing import workers\nworkers.BATCH = 1\n"
            "from toolkit.cli import main\nmain()\n"
        )
        command = [sys.executable, "-c", slow, "add", str(tmp_path / "p.db"), str(tmp_path)]
        done = subprocess.run(command, env=site, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout.splitlines()[0].partition(" (")[0]) == (0, "6 added")
        assert "Adding:" in done.stderr and "6/6" in done.stderr
