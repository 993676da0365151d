"""A missing extra is one clean sentence that names it: of every command, and of whatever a notebook may call."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import without_extras
from installed import CHECKOUT, environment, install_own

from toolkit.cli import main

EXTRAS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
SENTENCE = re.compile(r"[^\n]+ needs [\w-]+: pip install 'rank-toolkit\[(\w+)\]'")
# What each call is for; every other call works without any extra.
NEEDED = {
    "--embedder timm:": "timm",
    "--concept-model timm:": "timm",
    "--embedder onnx:": "onnx",
    "--embedder clip:": "clip",
    "--embedder open_clip:": "open_clip",
    "efficientnet:lite": "efficientnet",
    "torchvision:": "timm",
    "labels.parquet": "formats",
    "table.parquet": "formats",
    "v.parquet": "formats",
    "postgresql://": "postgres",
    "export-onnx": "timm",
    "lab /": "lab",
    "text:": "text",
    "serve": "wire",
    "wordnet": "wordnet",
    "timm:": "timm",
    "open_clip:": "open_clip",
    "arrow": "formats",
    "postgres": "postgres",
    "heif": "heif",
    "engine qdrant": "qdrant",
    "engine milvus": "milvus",
    "s3://": "s3",
    "gs://": "remote",
    "move_originals": "s3",
    "to_frame": "pandas",
    ".frame": "pandas",
    "to_dataset": "formats",
    "write_table": "formats",
    "add_lexicons": "wordnet",
    "measures": "evaluation",
}
# What each call does all it promises without, only less of it or more slowly; what it says of the extra, if anything.
BETTER_WITH = {
    "demo --out": ("demo", "pip install 'rank-toolkit[demo]'"),
    "search without codes": ("fast", ""),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What every call of `without_extras` came to, where no extra is installed."""
    site = tmp_path_factory.mktemp("site")
    install_own(site)
    program = [sys.executable, str(Path(without_extras.__file__))]
    done = subprocess.run(
        program, env=environment(site, PATH=os.environ["PATH"]), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_command_is_tried(tmp_path):
    assert sorted(without_extras.commands(str(tmp_path))) == main.list_commands(click.Context(main))


REGISTERED = {"dask", "ray", "spark"}  # joblib itself refuses the name of one that nobody has imported


def test_every_extra_for_people_is_missed_by_a_call_and_they_are_all_the_projects_own():
    for_people = EXTRAS.keys() - {"check", "docs", "dev"}
    better = {extra for extra, _ in BETTER_WITH.values()}
    assert set(NEEDED.values()) | better | REGISTERED == for_people
    assert not better & set(NEEDED.values())


def test_what_is_better_with_an_extra_works_without(said):
    for part, (_, hint) in BETTER_WITH.items():
        codes_and_texts = [(code, text) for _, _, call, code, text, _ in said if part in call]
        assert [code for code, _ in codes_and_texts] == [0], part
        assert hint in codes_and_texts[0][1]


def test_nothing_ends_in_a_traceback(said):
    assert [(call, odd) for _, _, call, _, _, odd in said if odd] == []


def test_what_needs_an_extra_names_it_in_one_sentence_and_all_else_works(said):
    for kind, name, call, code, text, _ in said:
        extra = next((extra for part, extra in NEEDED.items() if part in call), None)
        if extra is None:
            assert code == 0, f"{call}: {text}"
            assert text == "" or name == "demo", text  # which shows how far it is
            continue
        assert code == 1, call
        assert len(text.strip().splitlines()) == 1, text
        if extra == "evaluation":
            assert "need the extra 'evaluation'" in text
        else:
            assert (match := SENTENCE.search(text)), f"{call}: {text}"
            assert match[1] == extra, f"{kind} {call}: {text}"
