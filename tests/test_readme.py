"""The README says what is so: its code runs, its commands are those of the gate, its tables are complete."""

import re
import runpy
import shutil
import subprocess
import tomllib

import pytest
from pages import CHECKOUT, dead_links, make_home, run, written

import toolkit
from toolkit.plugins.registry import Registry

README = written("README.md")
PROJECT = tomllib.loads(written("pyproject.toml"))["project"]


def section(title):
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_column(text):
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return re.findall(r"`(\w+)`", " ".join(row.split(" | ")[0] for row in rows))


@pytest.mark.usefixtures("usual_workflow")
def test_its_blocks_run_in_order(tmp_path, monkeypatch):
    make_home(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {}
    added, searched, *_, plugins = run("README.md", names)
    names["photos"].close()
    assert added == "0 added, 13 skipped\n"
    assert re.match(r"wrote hits.html\n5 of \d+ hits for concept\('bunt', language='de'\) & image", searched)
    assert (tmp_path / "hits.html").read_text().count("<img ") == 5
    assert re.search(r"^visual .* ok$", plugins, re.MULTILINE)


@pytest.mark.parametrize("label", ["Main job", "Tests"])
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_a_command_is_alone_on_its_line_and_the_gate_finds_it(label):
    finder = next(line for line in written(".ci/run").splitlines() if line.startswith("readme()"))
    found = subprocess.run(
        ["bash", "-c", f'{finder}\nreadme "{label}"'],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"\n- **{label}**: `{found.stdout.strip()}`\n" in README
    assert found.stdout.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_its_links_lead_somewhere():
    assert dead_links("README.md") == []


def test_its_picture_is_small():
    assert (CHECKOUT / "docs" / "images" / "hits.png").stat().st_size < 200_000


def test_every_term_it_names_is_registered():
    named = first_column(section("Terms"))
    assert len(named) >= 7
    assert set(named) - {"term"} <= set(Registry.discover().rankers)


def test_every_plugin_is_in_the_table():
    packages = {path.parent.name for path in (CHECKOUT / "plugins").glob("toolkit_*/__init__.py")}
    assert set(first_column(section("Everything is a plugin"))) == packages


def test_every_extra_it_names_exists():
    rows = [row for row in section("Everything is a plugin").splitlines() if row.startswith("| ")]
    extras = {extra for row in rows for extra in re.findall(r"`(\w+)` \|$", row)}
    assert extras
    assert extras <= set(PROJECT["optional-dependencies"])


def test_the_table_of_extras_says_what_each_installs():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section("Extras"), re.MULTILINE)
    declared = PROJECT["optional-dependencies"]
    assert {"dev"} == declared.keys() - dict(rows).keys()
    for extra, installs in rows:
        named = {re.sub(r"[^\w-].*", "", each).lower() for each in declared[extra]} - {PROJECT["name"]}
        assert named <= set(re.split(r"[,;] ", installs.lower())), extra


def test_an_extra_is_what_some_error_asks_to_install_or_what_a_person_types():
    sources = [
        path.read_text() for folder in ("toolkit", "plugins") for path in (CHECKOUT / folder).rglob("*.py")
    ]
    asked = {
        extra
        for text in sources
        for extra in re.findall(r'MissingExtraError\([^)]*"(\w+)"\s*\)', text, re.DOTALL)
    }
    by_joblib = {"dask", "ray", "spark"}  # it says what to install before this code is asked
    assert asked | by_joblib | {"check", "demo", "dev", "docs", "fast"} == set(
        PROJECT["optional-dependencies"]
    )


def test_every_notebook_is_in_the_table():
    assert set(re.findall(r"\(notebooks/([^)]+)\)", README)) == {
        path.name for path in (CHECKOUT / "notebooks").glob("*.ipynb")
    }


def test_on_the_index_its_links_and_pictures_are_absolute():
    hook = runpy.run_path(str(CHECKOUT / "hatch_build.py"))
    source = PROJECT["urls"]["Source"]
    described = hook["absolute"](README, source)
    links = re.findall(r"\]\(([^)\s]+)", described)
    assert len(links) == len(re.findall(r"\]\(([^)\s]+)", README))
    assert [link for link in links if not link.startswith("https://")] == []
    assert f"({source}/raw/main/docs/images/hits.png)" in described
    assert f"({source}/blob/main/docs/plugins/efficientnet.md)" in described


def test_the_package_says_its_version():
    assert toolkit.__version__ == PROJECT["version"]
