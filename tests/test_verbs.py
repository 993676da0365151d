"""Whatever a collection can do in Python, it can do from the command line; the exceptions have reasons."""

import json

import click
import pytest
from bars import without_bars
from click.testing import CliRunner
from made_up_models import write_pictures

import toolkit
from toolkit.cli import main
from toolkit.cli.main import COMMANDS
from toolkit.cli.options import shown
from toolkit.collection.annotations import Annotations
from toolkit.collection.concepts import Concepts
from toolkit.collection.datasets import Datasets
from toolkit.collection.inputs import Inputs
from toolkit.collection.models import Models
from toolkit.collection.regions import Regions
from toolkit.collection.saved_queries import SavedQueries

NAMESPACES = {
    "": toolkit.Collection,
    "inputs": Inputs,
    "regions": Regions,
    "annotations": Annotations,
    "concepts": Concepts,
    "datasets": Datasets,
    "models": Models,
    "queries": SavedQueries,
}
COMMAND_OF = {
    "add": "add",
    "index": "index",
    "search": "search",
    "annotate": "label",
    "train": "train",
    "delete": "delete",
    "add_region": "regions add",
    "info": "info",
    "check": "check",
    "check_index": "check-index",
    "near_duplicates": "near-duplicates",
    "project": "project",
    "missing": "missing",
    "prune": "prune",
    "relocate": "relocate",
    "move_originals": "originals",
    "copy": "copy",
    "unused_originals": "originals",
    "prune_originals": "originals",
    "reread": "reread",
    "compare": "compare",
    "frame": "inputs list",
    "export_vectors": "vectors",
    "vectors": "vectors",
    "find": "inputs list",
    "inputs.add": "add",
    "inputs.update": "inputs update",
    "inputs.below": "inputs list",
    "inputs.page": "inputs list",
    "inputs.by_ids": "inputs list",
    "regions.of": "regions list",
    "regions.delete": "regions delete",
    "annotations.of": "annotations list",
    "annotations.by_input": "annotations list",
    "annotations.frame": "annotations list",
    "annotations.page": "annotations list",
    "annotations.delete": "annotations delete",
    "annotations.remove_concept": "annotations delete",
    "concepts.add": "names add",
    "concepts.complete": "concepts",
    "concepts.counts": "concepts",
    "concepts.count_of": "concepts",
    "concepts.like": "concepts",
    "concepts.page": "names list",
    "concepts.meanings": "names meanings",
    "concepts.named": "names meanings",
    "concepts.rename": "names rename",
    "concepts.pin": "names pin",
    "concepts.unpin": "names unpin",
    "concepts.relate": "names relate",
    "concepts.unrelate": "names relate",
    "concepts.link": "names link",
    "concepts.read": "names import",
    "concepts.write": "names export",
    "datasets.add": "datasets add",
    "datasets.remove": "datasets remove",
    "datasets.delete": "datasets delete",
    "models.predict": "predict",
    "models.drop": "workflow",
    "models.forget": "models forget",
    "queries.last": "queries last",
    "queries.save": "queries save",
    "queries.pop": "queries delete",
}
FOR_PROGRAMS = {
    "close": "a command opens and closes its collection itself",
    "snapshot": "arrays for rankers",
    "files": "files as Python objects, read wherever they lie; `inputs list` has their paths",
    "follow": "calls a function; a command shows what there is when it runs",
    "image": "a picture in memory; its file is in `inputs list`",
    "open_image": "a picture in memory",
    "thumbnail": "bytes in memory; `search --html` shows them",
    "facets": "counts as Python objects, for a widget; `concepts --counts` and `info` count in a shell",
    "layout": "places on a plane as arrays; `project` makes them",
    "axes": "places on a plane as arrays",
    "matches": "which pictures a query finds, as an array beside a map's",
    "ids_at": "of rows in an array",
    "keep_picture": "a picture in memory; a shell has its path",
    "search_many": "rankings as arrays; `queries run` and `compare` rank for people",
    "tune": "its choices and topics are Python objects; what it found can be saved as a query",
    "learn_cutoff": "what it learned is a Python object, for hits in memory",
    "simulate": "its topics and judgments are Python objects; what it found can be saved, and `compare` shows it",
    "engine": "an engine as a Python object, for programs that go on with it",
    "similarity_index": "a fitted object of scikit-learn; `check-index` says how well it finds",
    "inputs.count_by_status": "`inputs list --csv` has the status of each",
    "inputs.existing": "a set for a program that has ids",
    "inputs.from_uri": "`inputs list PATH` takes paths",
    "inputs.spaces": "`info` lists the spaces",
    "annotations.put": "whole annotations of another tool come by `add`, as files of labels",
    "concepts.put": "whole concepts come by `names import`",
    "concepts.existing": "a mapping for a program that has ids",
    "concepts.id_of": "every command takes names",
    "concepts.title": "one name of many for a caption; `names list` has them all",
    "concepts.titles": "one name of many for a caption; `names list` has them all",
    "concepts.word_for": "what a program writes into a query; `names meanings` says what a word is taken for",
    "concepts.languages": "`names list --csv` has the language of each",
    "concepts.below": "a search for a concept finds what lies below it",
    "concepts.above": "`names export` writes every relation",
    "concepts.top": "`names export` writes every relation",
    "regions.unclassified": "`index --regions` has them classified",
    "queries.keep_last": "written by an explorer, for itself",
    "queries.converted": "of a query that a program keeps; saved ones are converted when they are read",
    "queries.facts": "facts are written by programs that save queries, for themselves",
    **dict.fromkeys(
        [f"{kind}.{verb}" for kind in NAMESPACES if kind for verb in ("get", "items", "keys", "values")],
        "of every mapping; the `list` commands print them",
    ),
    **dict.fromkeys(
        [f"queries.{verb}" for verb in ("clear", "popitem", "setdefault", "update")],
        "of every mapping that can be changed",
    ),
}


def verbs():
    for namespace, kind in NAMESPACES.items():
        for name in dir(kind):
            if not name.startswith("_") and callable(getattr(kind, name)):
                yield f"{namespace}.{name}".lstrip(".")


def commands():
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        yield from (
            [f"{name} {sub}" for sub in command.commands] if isinstance(command, click.Group) else [name]
        )


def test_every_verb_of_python_is_a_command_or_has_a_reason_not_to_be():
    assert sorted({*COMMAND_OF, *FOR_PROGRAMS}) == sorted(verbs())
    assert not COMMAND_OF.keys() & FOR_PROGRAMS.keys()


def test_those_commands_are_there():
    assert set(COMMAND_OF.values()) <= set(commands())


def test_every_command_that_prints_a_table_prints_it_as_csv_and_json():
    context = click.Context(main)
    for line in commands():
        command = context.command
        for name in line.split():
            command = command.get_command(context, name)
        options = {one.name for one in command.params}
        if line.endswith((" list", " run")) or line in ("search", "missing", "plugins", "predict", "compare"):
            assert {"as_json", "as_csv"} <= options, line


@pytest.fixture
def store(tmp_path):
    write_pictures(tmp_path / "pictures", 6)
    with toolkit.open(tmp_path / "photos.db", workflow="pixels") as photos:
        photos.add(tmp_path / "pictures", progress=False)
    return tmp_path / "photos.db"


def run(*arguments, typed=None):
    done = CliRunner().invoke(main, list(map(str, arguments)), input=typed)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def ran(*arguments, typed=None):
    done = run(*arguments, typed=typed)
    assert (done.exit_code, without_bars(done.stderr)) == (0, ""), done.output
    return done.stdout


def space_of(store):
    with toolkit.open(store) as photos:
        return next(iter(photos.snapshot().spaces))


class TestNamingInputs:
    def test_folders_patterns_and_standard_input(self, store, tmp_path):
        pictures = sorted((tmp_path / "pictures").iterdir())
        assert ran("label", store, "a", tmp_path / "pictures") == "'a' is on 6 inputs\n"
        assert ran("label", store, "a", f"{tmp_path}/pictures/00[0-2].png") == "'a' is on 3 inputs\n"
        assert ran("label", store, "a", f"{tmp_path}/**/*.png") == "'a' is on 6 inputs\n"
        lines = "\n".join(map(str, pictures[:2])) + "\n"
        assert ran("label", store, "a", "-", typed=lines) == "'a' is on 2 inputs\n"

    def test_an_input_named_twice_is_labeled_once(self, store, tmp_path):
        assert ran("label", store, "a", tmp_path / "pictures", tmp_path / "pictures" / "000.png") == (
            "'a' is on 6 inputs\n"
        )

    def test_what_matches_nothing_labels_nothing(self, store, tmp_path):
        done = run("label", store, "a", tmp_path / "pictures" / "000.png", f"{tmp_path}/*.gif")
        assert (done.exit_code, "no folder, pattern or picture named" in done.stderr) == (1, True)
        assert ran("annotations", "list", store, "--source", "human", "--csv").count("\n") == 1
        assert run("label", store, "a", "-", typed="").exit_code == 2


class TestCommands:
    def test_pictures_are_laid_out_once(self, store):
        space = space_of(store)
        assert ran("project", store, "pca") == f"6 pictures of {space} laid out by pca\n"
        told = json.loads(ran("project", store, "pca", "--space", space, "--json"))
        assert told == {"projection": "pca", "space": space, "pictures": 6, "stored": True}

    def test_a_dataset_goes_and_its_inputs_stay(self, store, tmp_path):
        assert ran("datasets", "add", store, "some", tmp_path / "pictures") == "some: 6 inputs\n"
        assert ran("datasets", "delete", store, "some") == "deleted some\n"
        assert ran("datasets", "list", store, "--json") == "[]\n"
        assert run("datasets", "delete", store, "some").exit_code == 1

    def test_index_computes_what_a_new_model_lacks(self, store):
        assert ran("index", store).startswith("0 added")
        assert ran("index", store, "--detector", "proposals").startswith("0 added, 6 indexed")
        assert "detector:proposals" in ran("workflow", store)

    def test_delete_asks_first(self, store, tmp_path):
        picture = tmp_path / "pictures" / "000.png"
        assert run("delete", store, picture, typed="n\n").exit_code == 1
        assert ran("delete", store, picture, "--yes") == "1 forgotten\n"
        assert json.loads(ran("info", store, "--json"))["inputs"] == 5

    def test_queries_are_saved_shown_run_and_deleted(self, store):
        assert ran("queries", "save", store, "best", "bright & ~dark") == (
            "best: concept:bright & ~concept:dark\n"
        )
        assert ran("queries", "list", store, "--csv") == "name,query\nbest,concept:bright & ~concept:dark\n"
        assert json.loads(ran("queries", "show", store, "best"))["all"]
        assert ran("queries", "run", store, "best", "--csv") == ran(
            "search", store, "bright & ~dark", "--csv"
        )
        assert ran("queries", "delete", store, "best") == "best deleted\n"
        assert ran("queries", "list", store) == ""

    def test_what_an_explorer_showed_last_is_printed(self, store):
        from toolkit.query import Term

        assert ran("queries", "last", store) == "{}\n"
        with toolkit.open(store) as photos:
            photos.widgets.explorer(Term("concept", "bright"), limit=3).close()
        shown = json.loads(ran("queries", "last", store))
        assert [row["query"] for row in shown["builder"]["rows"]] == [Term("concept", "bright").to_dict()]

    def test_a_trained_concept_is_forgotten_and_its_labels_stay(self, store, tmp_path):
        ran("label", store, "porch", tmp_path / "pictures" / "00[0-2].png")
        run("train", store, "porch")
        rows = json.loads(ran("models", "list", store, "--json"))
        assert {row["name"]: row["kinds"] for row in rows}["trained-porch"] == "trained"
        assert ran("models", "forget", store, "trained-porch") == "trained-porch forgotten\n"
        assert "trained-porch" not in ran("models", "list", store)
        assert ran("annotations", "list", store, "--source", "human").count("porch") == 3
        assert run("models", "forget", store, "trained-porch").exit_code == 1

    def test_an_interrupted_comparison_goes_on_where_it_stopped(self, store, tmp_path, monkeypatch):
        from toolkit.evaluation import Judgments, Topic, Topics, systems

        with toolkit.open(store) as photos:
            judged = Judgments({"t": {id: int(at < 3) for at, id in enumerate(photos)}})
            asked = {"one": "bright", "two": "dark", "three": "bright + dark"}
            recipe = photos.compare(asked, Topics([Topic("t")]), judged).save(tmp_path / "recipe")
        command = ("compare", recipe, "--rank", store, "--resume", tmp_path / "ranked", "--latex")
        real, ranked = systems.search_many, []

        def interrupted(queries, *rest, **options):
            if len(ranked) == 2:
                raise KeyboardInterrupt
            ranked.extend(queries)
            return real(queries, *rest, **options)

        monkeypatch.setattr(systems, "AT_ONCE", 1)
        monkeypatch.setattr(systems, "search_many", interrupted)
        assert run(*command).exit_code == 1
        monkeypatch.setattr(
            systems, "search_many", lambda *asked, **how: ranked.append(1) or real(*asked, **how)
        )
        resumed = ran(*command)
        assert len(ranked) == 3
        assert (ran(*command), len(ranked)) == (resumed, 3)
        assert ran(*command[:4], "--latex") == resumed

    def test_only_what_is_ranked_again_can_be_resumed(self, tmp_path):
        done = run("compare", tmp_path, "--resume", tmp_path / "ranked")
        assert (done.exit_code, "--resume goes with --rank" in done.stderr) == (2, True)
        assert not (tmp_path / "ranked").exists()

    def test_concepts_with_how_many_pictures_a_search_finds(self, store, tmp_path):
        ran("names", "add", store, "porch", "porch")
        ran("label", store, "porch", tmp_path / "pictures" / "00[0-2].png")
        rows = json.loads(ran("concepts", store, "--complete", "porch", "--counts", "--json"))
        assert rows == [{"name": "porch", "language": "en", "concept": "porch", "inputs": 3}]
        assert ran("concepts", store, "--complete", "porch", "--counts") == "porch\ten\tporch\t3\n"
        assert ran("concepts", store, "--complete", "porch") == "porch\ten\tporch\n"

    def test_datasets(self, store, tmp_path):
        pictures = tmp_path / "pictures"
        assert ran("datasets", "add", store, "summer", pictures) == "summer: 6 inputs\n"
        assert ran("datasets", "remove", store, "summer", pictures / "000.png") == "summer: 5 inputs\n"
        assert ran("datasets", "list", store, "--csv") == "name,inputs\nsummer,5\n"

    def test_regions(self, store, tmp_path):
        id = ran("regions", "add", store, tmp_path / "pictures" / "000.png", 0, 0, 0.5, 0.5).strip()
        (region,) = json.loads(ran("regions", "list", store, "--json"))
        assert (region["id"], region["bottom_row"]) == (id, 0.5)
        assert ran("regions", "delete", store, id) == "1 deleted\n"

    def test_inputs(self, store, tmp_path):
        picture = tmp_path / "pictures" / "000.png"
        ran("inputs", "update", store, picture, "--metadata", '{"camera": "=X100"}', "--place", 48, 2)
        (one,) = json.loads(ran("inputs", "list", store, picture, "--json"))
        assert (one["metadata"], one["latitude"], one["longitude"]) == ({"camera": "=X100"}, 48, 2)
        assert run("inputs", "update", store, picture, "--metadata", "[1]").exit_code == 2

    def test_annotations(self, store, tmp_path):
        ran("label", store, "porch", tmp_path / "pictures" / "000.png")
        (row,) = json.loads(ran("annotations", "list", store, "--source", "human", "--json"))
        assert (row["concept"], row["value"], row["source"]) == ("porch", 1.0, "human:me")
        assert ran("annotations", "delete", store, row["id"], "--concept", "porch") == "1 changed\n"
        assert ran("annotations", "list", store, "--source", "human") == ""

    def test_names(self, store):
        ran("names", "add", store, "spaniel", "spaniel")
        ran("names", "add", store, "hound", "hound")
        assert ran("names", "relate", store, "spaniel", "hypernym", "hound") == "spaniel hypernym hound\n"
        assert ran("names", "rename", store, "spaniel", "cocker") == "spaniel: cocker\n"
        assert ran("names", "pin", store, "Hund", "hound", "--language", "de") == "Hund: hound\n"
        rows = json.loads(ran("names", "meanings", store, "Hund", "--language", "de", "--json"))
        assert [row["concept"] for row in rows] == ["hound"]
        assert ran("names", "unpin", store, "Hund", "--language", "de") == "Hund is free\n"
        assert ran("names", "link", store).endswith(" new relations\n")
        assert ran("names", "list", store, "hound", "--csv") == (
            "concept,language,name\nhound,de,Hund\nhound,en,hound\n"
        )

    def test_vectors_missing_reread_predict_and_the_index(self, store, tmp_path):
        ran("label", store, "porch", tmp_path / "pictures")
        assert ran("vectors", store, tmp_path / "v.npy") == f"wrote 6 vectors to {tmp_path}/v.npy\n"
        assert ran("missing", store) == ""
        assert ran("reread", store) == "0 added, 6 skipped\n"
        first = json.loads(ran("predict", store, "pixels", tmp_path / "pictures" / "000.png", "--json"))[0]
        assert 0 <= first["value"] <= 1
        assert ran("check-index", store, "-k", 2) == "recall at 2: 1.0000\n"

    def test_a_cell_that_a_spreadsheet_would_run_is_guarded(self, store):
        ran("names", "add", store, "x", "=HYPERLINK(1)")
        assert "x,en,'=HYPERLINK(1)" in ran("names", "list", store, "--csv")

    def test_search_as_csv_has_a_column_for_each_term(self, store):
        lines = ran("search", store, "bright + dark", "--csv", "-n", 2).splitlines()
        assert lines[0].startswith("rank,score,id,name,uri,region_id")
        assert lines[0].endswith("concept('bright'),concept('dark')")
        assert [line.split(",")[0] for line in lines[1:]] == ["1", "2"]

    def test_one_form_of_output_at_a_time(self, store):
        assert run("search", store, "bright", "--csv", "--json").exit_code == 2
        assert run("datasets", "list", store, "--csv", "--json").exit_code == 2

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            (["serach"], "'search'"),
            (["datasets", "ad"], "'add'"),
            (["queries", "lisst"], "'list'"),
            (["search", "--limt", "3", "a", "b"], "'--limit'"),
        ],
    )
    def test_a_mistyped_word_is_answered_with_the_one_that_was_meant(self, typed, meant):
        done = run(*typed)
        assert (done.exit_code, "Did you mean" in done.stderr, meant in done.stderr) == (2, True, True)


def test_what_is_said_to_type_has_no_password():
    assert shown("postgresql://ann:secret@server/photos") == "postgresql://ann:***@server/photos"
    assert shown("postgresql://server/photos") == "postgresql://server/photos"
    assert shown("my:photos.db") == "my:photos.db"
