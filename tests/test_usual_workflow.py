"""What a person gets who installs the toolkit and chooses nothing; and what becomes of a workflow that cannot run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from made_up_models import Colors, Light, opened, registry, write_pictures
from pages import make_home, run
from PIL import Image
from sklearn.datasets import load_sample_images

import toolkit
from toolkit.cli import main
from toolkit.errors import ContractError, PluginError, UnknownNameError
from toolkit.plugins.registry import PluginWarning, Registry
from toolkit.terms import concept, image
from toolkit.values.settings import WORKFLOWS

SHARED = Path(__file__).parents[1].parent / "shared" / "imagenet-samples-dev"


@pytest.mark.usefixtures("usual_workflow")
class TestUsual:
    def test_a_new_collection_runs_a_network_and_looks_at_pixels(self):
        with toolkit.open() as photos:
            assert photos.workflow == WORKFLOWS["efficientnet"]
            temple, flower = load_sample_images().images
            photos.add([temple, flower], progress=False)
            ids = list(photos)
            assert photos.search(concept("building"))[0].input.id == ids[0]
            assert photos.search(concept("building"))[0].score > 0.5
            assert photos.search(concept("bunt", language="de"))[0].input.id == ids[1]
            assert photos.search(concept("Schloss", language="de"))[0].input.id == ids[0]
            like = photos.search(image(Image.fromarray(flower[100:, 100:])))
            assert [hit.input.id for hit in like] == ids[::-1]
            assert {space.partition("@")[0] for space in photos.snapshot().spaces} == {"efficientnet-lite2"}

    def test_a_word_that_it_does_not_know_is_answered_with_words(self):
        with toolkit.open() as photos:
            photos.add(load_sample_images().images[:1], progress=False)
            with pytest.raises(UnknownNameError) as error:
                photos.search(concept("花", language="ja"))
            assert "no concept named '花'" in str(error.value)
            assert "n0" not in str(error.value)

    @pytest.mark.skipif(not SHARED.is_dir(), reason="the shared photos are not here")
    def test_broad_words_and_other_languages_find_their_classes(self):
        rows = list(csv.DictReader((SHARED / "labels.csv").read_text().splitlines()))
        dogs = {row["wnid"] for row in rows if 151 <= int(row["imagenet1k_index"]) <= 268}
        butterflies = {row["wnid"] for row in rows if 321 <= int(row["imagenet1k_index"]) <= 326}
        some = [row for row in rows if row["wnid"] in dogs | butterflies][::3] + rows[::25]
        with toolkit.open() as photos:
            photos.add([SHARED / row["path"] for row in some], progress=False)

            def first(count, query):
                return {Path(hit.input.uri).stem for hit in photos.search(query, limit=count)}

            assert first(10, concept("dog")) <= dogs
            assert first(10, concept("犬", language="ja")) <= dogs
            assert first(1, concept("Schmetterling", language="de")) <= butterflies
            assert not first(1, concept("vehicle")) & (dogs | butterflies)

    def test_the_block_of_its_page_runs(self, tmp_path, monkeypatch):
        make_home(tmp_path)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))
        names = {"toolkit": toolkit, "concept": concept, "image": image}
        run("docs/plugins/efficientnet.md", names)
        names["photos"].close()

    def test_without_the_plugin_pixels_are_what_is_left_and_it_says_so(self):
        with pytest.warns(
            PluginWarning, match="runs 'pixels', which reads colors and tones only: no embedder named"
        ):
            photos = toolkit.open(registry=registry())
        assert photos.workflow == WORKFLOWS["pixels"]
        photos.close()

    def test_a_collection_that_is_there_keeps_its_workflow(self, tmp_path):
        toolkit.open(tmp_path / "p.db", workflow="pixels").close()
        with toolkit.open(tmp_path / "p.db") as photos:
            assert photos.workflow == WORKFLOWS["pixels"]
        assert "toolkit workflow" in ran("info", tmp_path / "p.db").output


def test_a_variable_names_the_workflow_of_new_collections(monkeypatch):
    monkeypatch.setenv("TOOLKIT_WORKFLOW", "none")
    with toolkit.open() as photos:
        assert photos.workflow == toolkit.Workflow()
    monkeypatch.setenv("TOOLKIT_WORKFLOW", "pixel")
    with pytest.raises(UnknownNameError, match="did you mean 'pixels'"):
        toolkit.open()


# ---- a model is recorded once it has worked


class Broken(Colors):
    """Breaks its contract."""

    name = "broken"

    def embed(self, images):
        return np.zeros((len(images), 3), np.float32)


class Choosy(Colors):
    """Fails on some pictures: on all but the first of the seeded ones, or on all there are."""

    name = "choosy"
    failing = 1

    def embed(self, images):
        if any(np.asarray(one).mean() < self.failing for one in images):
            raise OverflowError("too dark")
        return super().embed(images)


class Hopeless(Choosy):
    name, failing = "hopeless", 1000


@pytest.mark.parametrize("pictures", [0, 2])
def test_a_model_that_breaks_its_contract_is_not_recorded(tmp_path, pictures):
    write_pictures(tmp_path, pictures)
    with opened(None, Broken, Hopeless) as photos:
        photos.add([*tmp_path.glob("*.png")])
        for spec, error in (("broken", ContractError), ("hopeless", PluginError)):
            with pytest.raises(error):
                photos.index(embedder=spec)
        assert photos.workflow.embedders == ("colors",)
        assert list(photos.snapshot().spaces) == ["colors@1"]
        write_pictures(tmp_path, 3)
        assert photos.add(tmp_path).failed == ()


def test_a_model_that_works_on_some_pictures_is_recorded(tmp_path):
    write_pictures(tmp_path, 2)
    Image.new("RGB", (9, 9), "black").save(tmp_path / "000.png")
    with opened(None, Choosy) as photos:
        photos.add(tmp_path)
        report = photos.index(embedder="choosy")
        assert photos.workflow.embedders == ("colors", "choosy")
        assert (report.indexed, len(report.failed)) == (1, 1)


# ---- a model that is gone


def test_what_is_missing_is_left_out_with_a_warning_and_computed_once_it_is_back(tmp_path):
    write_pictures(tmp_path / "a", 2)

    class Extra(Colors):
        name = "extra"

    store = tmp_path / "p.db"
    with opened(store, Extra, embedders=("colors", "extra"), concept_models=("light",)) as photos:
        photos.add(tmp_path / "a")
    write_pictures(tmp_path / "a", 4)
    without = registry()
    with toolkit.open(store, registry=without) as photos:
        with pytest.warns(
            PluginWarning, match=r"embedder 'extra' of the workflow cannot run here .*photos.models.drop"
        ):
            report = photos.add(tmp_path / "a")
        assert (report.added, report.failed) == (2, ())
        assert set(photos.models) == {"colors", "light"}
        assert photos.workflow.embedders == ("colors", "extra")
        assert {name: len(space.rows) for name, space in photos.snapshot().spaces.items()} == {
            "colors@1": 4,
            "extra@1": 2,
        }
    with toolkit.open(store, registry=registry(Extra)) as photos:
        assert photos.index().indexed == 2
        assert len(photos.snapshot().spaces["extra@1"].rows) == 4


def test_one_model_is_dropped_and_what_it_computed_stays(tmp_path):
    write_pictures(tmp_path, 2)
    with opened(concept_models=("light",), detectors=("corner",)) as photos:
        photos.add(tmp_path)
        photos.models.drop(concept_model="light", detector="corner")
        assert photos.workflow == toolkit.Workflow(("colors",))
        assert len(photos.search(concept("bright"))) == 2
        with pytest.raises(UnknownNameError, match="no concept model of the workflow named 'light'"):
            photos.models.drop(embedder="colors", concept_model="light")
        assert photos.workflow.embedders == ("colors",)


def ran(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_the_command_line_shows_and_changes_a_workflow(tmp_path):
    (picture,) = write_pictures(tmp_path / "a", 1)
    store = tmp_path / "p.db"
    ran("add", store, picture)
    assert ran("workflow", store).output == "embedder:pixels, concept_model:pixels\n"
    assert json.loads(ran("workflow", store, "--drop", "embedder:pixels", "--json").output) == {
        "embedders": [],
        "concept_models": ["pixels"],
        "detectors": [],
    }
    wrong = ran("workflow", store, "--drop", "embedder")
    assert (wrong.exit_code, "name one of concept_model:pixels" in wrong.output) == (1, True)
    assert ran("workflow", store, "--use", "regions").output.startswith("detector:proposals, embedder:pixels")
    assert ran("workflow", store, "--use", "none").output == "nothing runs\n"
    assert ran("workflow", tmp_path / "typo.db").exit_code == 1


def test_adding_does_not_replace_a_workflow(tmp_path):
    (picture,) = write_pictures(tmp_path / "a", 1)
    store = tmp_path / "p.db"
    ran("add", store, picture, "--workflow", "regions")
    refused = ran("add", store, picture, "--workflow", "pixels")
    assert refused.exit_code == 2
    assert f"toolkit workflow {store} --use pixels changes it" in " ".join(refused.output.split())
    assert ran("add", store, picture, "--workflow", "regions").exit_code == 0
    assert ran("workflow", store).output.startswith("detector:proposals")


def test_adding_to_a_server_does_not_replace_a_workflow_either(tmp_path, server_url):
    (picture,) = write_pictures(tmp_path / "a", 1)
    assert ran("add", server_url, picture, "--workflow", "regions").exit_code == 0
    refused = ran("add", server_url, picture, "--workflow", "pixels")
    assert (refused.exit_code, "has a workflow: detector:proposals" in refused.output) == (2, True)
    assert ran("workflow", server_url).output.startswith("detector:proposals")


def test_the_discovered_plugins_have_the_network():
    assert "efficientnet" in Registry.discover().embedders
    assert Light.name not in Registry.discover().concept_models
