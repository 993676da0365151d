"""What an error says to type is in the words of whoever reads it: Python in a notebook, commands in a shell."""

import ast
import pickle
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_up_models import write_pictures
from shell_words import PYTHON

import toolkit
from toolkit.cli import main
from toolkit.errors import InputError, NotIndexedError, QueryError, UnknownNameError
from toolkit.remedies import Advice, Remedy, in_shell
from toolkit.terms import concept, text

CHECKOUT = Path(__file__).parents[1]
TRAIN = Remedy("photos.train('dog')", "toolkit train COLLECTION dog")
SHELL = re.compile(r"\btoolkit (?!error|needs|itself|already)[a-z-]+ [A-Z]{2}")


def test_an_error_is_read_in_python_and_shown_in_a_shell():
    error = NotIndexedError("no model yet: run ", TRAIN, ".")
    assert str(error) == "no model yet: run photos.train('dog')."
    assert error.advice.shell() == "no model yet: run toolkit train COLLECTION dog."
    assert error.advice.shell("my photos.db") == "no model yet: run toolkit train 'my photos.db' dog."
    assert error.advice.remedies == (TRAIN,)


def test_advice_inside_advice_keeps_its_words():
    outer = Advice("first: ", Advice("run ", TRAIN), "; then rest")
    assert outer == "first: run photos.train('dog'); then rest"
    assert in_shell(outer) == "first: run toolkit train COLLECTION dog; then rest"
    assert in_shell("plain") == "plain"


@pytest.mark.parametrize(
    "error",
    [
        QueryError("no: ", TRAIN),
        InputError("a.jpg", Advice("gone; ", TRAIN)),
        UnknownNameError("concept", "x", ["y"], hint=Advice("run ", TRAIN)),
    ],
)
def test_errors_travel_between_processes_with_their_remedies(error):
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.advice.shell()) == (str(error), error.advice.shell())
    assert "toolkit train" in again.advice.shell()


def strings_outside_remedies(path):
    """The texts of a module that are no docstrings, and not what a Remedy says in Python or in a shell."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Remedy":
            skipped |= {id(one) for part in [*node.args, *node.keywords] for one in ast.walk(part)}
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            skipped.add(id(body[0].value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


MODULES = [
    path
    for room in ("toolkit", "plugins")
    for path in sorted((CHECKOUT / room).rglob("*.py"))
    if "template" not in path.parts and "tests" not in path.parts
]
# What is about Python or about a shell itself: cells of a notebook, widgets, the text of commands.
ONE_TONGUE = ("cli/", "widgets/", "demo/", "toolkit_wire/command.py", "toolkit_wire/searches.py")


def test_no_text_of_the_core_or_a_plugin_says_what_to_type_but_as_a_remedy():
    found = [
        f"{path.relative_to(CHECKOUT)}: {text}"
        for path in MODULES
        if not any(part in path.relative_to(CHECKOUT).as_posix() for part in ONE_TONGUE)
        for text in strings_outside_remedies(path)
        if re.search(r"\bphotos\.\w+\(", text) or SHELL.search(text)
    ]
    assert found == []


@pytest.fixture
def store(tmp_path):
    write_pictures(tmp_path / "pictures", 3)
    with toolkit.open(tmp_path / "photos.db", workflow="pixels") as photos:
        photos.add(tmp_path / "pictures", progress=False)
        photos.concepts.add("porch", names={"en": ["porch"]})
        photos.annotate(list(photos)[:2], concept="shed")
    return tmp_path / "photos.db"


MISTAKES = [
    ("search", "STORE", "concept:porch"),
    ("search", "STORE", "concept:nothing"),
    ("search", "STORE", "concept:shed"),
    ("search", "STORE", "concept:何[language=jp]"),
    ("search", "STORE", "text:'a red car'"),
    ("search", "STORE", "text:' '"),
    ("search", "STORE", "nothing:x"),
    ("search", "STORE", "image:PICTURE[space=timm]"),
    ("search", "STORE", "a red car"),
    ("train", "STORE", "porch"),
    ("train", "STORE", "nothing"),
    ("train", "STORE", "shed", "--space", "nothing"),
    ("index", "STORE", "--embedder", "nothing"),
    ("index", "STORE", "--reduce", "900000"),
    ("vectors", "STORE", "v.npy", "--space", "nothing"),
    ("label", "STORE", "x", "nothing.png"),
    ("label", "STORE", "x", "PICTURE", "--box", "0", "0", "2", "2"),
    ("predict", "STORE", "nothing", "PICTURE"),
    ("workflow", "STORE", "--drop", "embedder:nothing"),
    ("workflow", "STORE", "--drop", "nothing"),
    ("add", "STORE", "nowhere"),
    ("add", "STORE", "PICTURE", "--workflow", "none"),
    ("relocate", "STORE", "/nowhere", "/there"),
    ("queries", "run", "STORE", "nothing"),
    ("datasets", "remove", "STORE", "nothing", "PICTURE"),
    ("names", "pin", "STORE", "x", "nothing"),
    ("regions", "delete", "STORE", "nothing"),
    ("annotations", "delete", "STORE", "nothing"),
    ("inputs", "update", "STORE", "nothing"),
    ("info", "nowhere.db"),
    ("check-index", "STORE", "-k", "0"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=" ".join)
def test_no_error_in_a_shell_has_a_call_of_python(store, tmp_path, monkeypatch, mistake):
    monkeypatch.chdir(tmp_path)
    given = {"STORE": str(store), "PICTURE": str(tmp_path / "pictures" / "000.png")}
    words = [re.sub("STORE|PICTURE", lambda match: given[match[0]], word) for word in mistake]
    done = CliRunner().invoke(main, words)
    assert done.exit_code in (1, 2), done.output
    assert isinstance(done.exception, SystemExit)
    assert done.stderr
    assert not PYTHON.search(done.stderr), done.stderr
    assert "COLLECTION" not in done.stderr or done.exit_code == 2, done.stderr


def test_what_a_shell_says_to_type_is_a_command_that_can_be_typed(store):
    done = CliRunner().invoke(main, ["train", str(store), "porch"])
    assert f"toolkit label {store} porch PICTURE adds one" in done.stderr
    done = CliRunner().invoke(
        main, ["search", str(store), f"image:{store.parent}/pictures/000.png[space=timm]"]
    )
    assert f"run toolkit index {store} --embedder timm" in done.stderr


def test_no_error_in_python_has_a_command(store):
    with toolkit.open(store) as photos:
        asked = [
            lambda: photos.search(concept("porch")),
            lambda: photos.search(concept("nothing")),
            lambda: photos.search(text(" ")),
            lambda: photos.train("porch"),
            lambda: photos.index(embedder="nothing"),
            lambda: photos.vectors(space="nothing"),
        ]
        for ask in asked:
            with pytest.raises(toolkit.ToolkitError) as raised:
                ask()
            assert not re.search(r"\btoolkit [a-z-]+ ", str(raised.value)), raised.value
