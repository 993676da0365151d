"""docs/architecture.md names every room of the toolkit, in the order of the layers, and no file that is not there."""

import re
import tomllib

from pages import CHECKOUT, written

PAGE = written("docs/architecture.md")
NAMED = re.findall(r"^\| `([\w.]+?)/?` \|", PAGE, re.MULTILINE)


def test_every_room_has_its_sentence():
    rooms = {
        path.name
        for path in (CHECKOUT / "toolkit").iterdir()
        if (path.suffix == ".py" and not path.stem.startswith("__")) or (path / "__init__.py").exists()
    }
    assert len(NAMED) == len(set(NAMED))
    assert set(NAMED) == rooms


def test_the_rooms_stand_in_the_order_of_the_layers():
    contract = tomllib.loads(written("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]
    layer = {
        name.strip(): number for number, line in enumerate(contract["layers"]) for name in line.split("|")
    }
    order = [layer[name.removesuffix(".py")] for name in NAMED]
    assert order == sorted(order)


def test_every_file_it_names_is_there():
    files = re.findall(r"`((?:toolkit|plugins|tests)/[\w/.-]+)`", PAGE + written("CONTRIBUTING.md"))
    assert len(files) > 30
    assert [file for file in files if not (CHECKOUT / file).exists()] == []


def test_what_a_contributor_types_is_there_and_the_gate_types_it_too():
    scripts = {path.name for path in (CHECKOUT / "scripts").iterdir()}
    assert set(re.findall(r"^\| `scripts/(\w+)` \|", written("CONTRIBUTING.md"), re.MULTILINE)) == scripts
    assert set(re.findall(r"scripts/(\w+)", written(".ci/run"))) == scripts
