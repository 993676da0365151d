"""Run what the API's makers test their own clients with against a server of this project; print what passed.

Nothing of theirs is part of this project: clone one of their public repositories, install it into an environment of
its own, and name its folder. The server is a new one over TLS, with a new collection.

    git clone https://github.com/Clarifai/clarifai-python-grpc
    python -m venv theirs && theirs/bin/pip install -e clarifai-python-grpc pytest pytest-asyncio requests "protobuf<7"
    python tests/wire/official.py grpc clarifai-python-grpc --python theirs/bin/python

    git clone https://github.com/Clarifai/clarifai-python
    python -m venv theirs-sdk && theirs-sdk/bin/pip install -e clarifai-python pytest pytest-asyncio
    python tests/wire/official.py sdk clarifai-python --python theirs-sdk/bin/python

    git clone https://github.com/Clarifai/clarifai-nodejs-grpc && npm install --prefix clarifai-nodejs-grpc
    python tests/wire/official.py node clarifai-nodejs-grpc

It needs this project's extras ``wire`` and ``demo``. Pictures that their tests name by URL are photographs of
scikit-image here, also where a test fetches one by itself. The tests ask for concepts of the API's general model by id
and by name: the collection runs the built-in network, and a stand-in for that model (`General`), which says *dog* of
every picture. What passes shows that requests and answers fit; that the ranking is right is for the tests in
``tests/plugins/test_wire_*.py`` to say.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from toolkit_wire import serve
from toolkit_wire.tls import self_signed

import toolkit
from toolkit.plugins.registry import Registry
from toolkit.values.types import Concept

SEARCH = (
    "annotations_searches",
    "auth",
    "concept_crud",
    "concept_search",
    "image_crud",
    "input_search_legacy",
    "inputs_searches",
)
KEY = "the-servers-token"  # a wrong one is to be refused
PICTURES = {
    "https://samples.clarifai.com/dog2.jpeg": "chelsea",
    "https://samples.clarifai.com/dog.tiff": "chelsea",
    "https://samples.clarifai.com/travel.jpg": "coffee",
    "https://samples.clarifai.com/toddler-flowers.jpeg": "astronaut",
    "https://samples.clarifai.com/red-truck.png": "rocket",
    "https://s3.amazonaws.com/samples.clarifai.com/red-truck.png": "rocket",
}
# What a test fetches by itself comes from the same files: there may be no network.
FETCH = """
import io, json, os, urllib.request
files = json.load(open(os.environ["THEIR_PICTURES"]))
urllib.request.urlopen = lambda url, *_, **__: open(files[url], "rb")
"""
# Their Node tests name the API's own host: the connection is turned to the one that is set, nothing else is touched.
TURN = """
const parse = require(process.env.THEIR_FOLDER + "/node_modules/@grpc/grpc-js/build/src/uri-parser");
const before = parse.parseUri;
const theirs = ["api.clarifai.com", "dns:api.clarifai.com"];
parse.parseUri = text => before(theirs.includes(text) ? process.env.CLARIFAI_GRPC_BASE : text);
"""


class General:
    """Stands in for the API's general model: its ids, a few of its words, and *dog* for every picture."""

    name, version = "general-image-recognition", "1"
    concepts = (
        Concept("ai_8S2Vq3cR", {"en": ("dog",), "ja": ("犬",)}),
        Concept("ai_mFqxrph2", {"en": ("cat",)}),
        Concept("ai_palm", {"en": ("palm",)}),
        Concept("ai_water", {"en": ("water",)}),
    )

    def predict(self, images: Sequence[Image.Image]) -> list[dict[str, float]]:
        """Return the same confidences for each picture."""
        said = {"ai_8S2Vq3cR": 0.99, "ai_mFqxrph2": 0.02, "ai_palm": 0.1, "ai_water": 0.2}
        return [dict(said) for _ in images]


@dataclass(frozen=True)
class Result:
    """What became of one of their tests."""

    test: str
    passed: bool
    skipped: bool = False
    reason: str = ""


@contextmanager
def served(folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which their clients reach a new server, while it runs."""
    from skimage import data

    files = {}
    for url, name in PICTURES.items():
        files[url] = folder / f"{name}{Path(url).suffix}"
        Image.fromarray(np.asarray(getattr(data, name)())).convert("RGB").save(files[url])
    certificate = self_signed(folder / "tls")
    (folder / "files.json").write_text(json.dumps({url: str(file) for url, file in files.items()}))
    (folder / "fetch").mkdir()
    (folder / "fetch" / "fetch_from_files.py").write_text(FETCH)
    registry = Registry.discover()
    registry.add(General)
    workflow = toolkit.Workflow(
        embedders=("efficientnet",), concept_models=("general-image-recognition", "efficientnet")
    )
    with (
        toolkit.open(folder / "photos.db", workflow=workflow, registry=registry) as photos,
        serve(
            photos, grpc_port=0, rest_port=0, token=KEY, certificate=certificate, url_files=files
        ) as server,
    ):
        yield {
            "CLARIFAI_GRPC_BASE": f"localhost:{server.grpc_port}",
            "CLARIFAI_API_BASE": f"https://localhost:{server.rest_port}",
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(certificate.cert),
            "REQUESTS_CA_BUNDLE": str(certificate.cert),
            "CLARIFAI_USER_ID": "me",
            "CLARIFAI_APP_ID": "photos",
            "CLARIFAI_API_KEY": KEY,
            "CLARIFAI_PAT": KEY,
            "THEIR_PICTURES": str(folder / "files.json"),
            "PYTHONPATH": str(folder / "fetch"),
        }


def of_pytest(arguments: list[str], python: str, folder: Path, env: dict[str, str]) -> list[Result]:
    """The results of tests that pytest runs in an environment of their own."""
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        command = [
            python,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "fetch_from_files",
            f"--junitxml={file.name}",
            *arguments,
        ]
        subprocess.run(command, cwd=folder, env=env, check=False, stdout=sys.stderr)
        cases = ElementTree.parse(file.name).iter("testcase")  # written by the line above
        return [_of_case(case) for case in cases]


def _of_case(case: ElementTree.Element) -> Result:
    name = (
        f"{case.get('classname', '').rpartition('.test_')[2]}: {case.get('name', '').removeprefix('test_')}"
    )
    wrong = [found for kind in ("failure", "error") if (found := case.find(kind)) is not None]
    return Result(
        name, not wrong, case.find("skipped") is not None, wrong[0].get("message", "") if wrong else ""
    )


def of_mocha(folder: Path, env: dict[str, str]) -> list[Result]:
    """The results of tests that mocha runs."""
    with tempfile.NamedTemporaryFile("w", suffix=".js") as turn:
        turn.write(TURN)
        turn.flush()
        command = [
            "node_modules/.bin/mocha",
            "--require",
            turn.name,
            "--reporter",
            "json",
            "--timeout",
            "60000",
            "tests/**/*.js",
        ]
        done = subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True)
    found = json.loads(done.stdout[done.stdout.index('{\n  "stats"') :])
    return [
        Result(case["fullTitle"], not case["err"], reason=case["err"].get("message", ""))
        for case in found["tests"]
    ]


def main() -> int:
    """Print a table of one suite; return how many of its tests failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suite", choices=("grpc", "sdk", "node"))
    parser.add_argument("folder", type=Path, help="a clone of their repository")
    parser.add_argument("--python", default=sys.executable, help="the interpreter where it is installed")
    parser.add_argument("tests", nargs="*", help="pytest arguments, instead of what concerns search")
    given = parser.parse_intermixed_args()
    folder, python = given.folder.absolute(), str(Path(given.python).absolute())
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CLARIFAI", "GRPC"))}
    with tempfile.TemporaryDirectory() as place, served(Path(place)) as reached:
        env = clean | reached | {"THEIR_FOLDER": str(folder)}
        if given.suite == "grpc":
            tests = given.tests or [f"tests/client/test_{name}.py" for name in SEARCH]
            results = of_pytest(tests, python, folder, env)
        elif given.suite == "sdk":
            # The SDK speaks gRPC to the address of its API base.
            env |= {"CLARIFAI_API_BASE": f"https://{reached['CLARIFAI_GRPC_BASE']}"}
            results = of_pytest(given.tests or ["tests/test_search.py"], python, folder, env)
        else:
            results = of_mocha(folder, env)
    for result in results:
        word = "skipped" if result.skipped else "passed" if result.passed else "FAILED"
        print(f"{word:8}{result.test}")
        if result.reason:
            print(f"        {' '.join(result.reason.split())[:300]}")
    failed = sum(not result.passed for result in results)
    skipped = sum(result.skipped for result in results)
    print(f"{len(results) - failed} of {len(results)} passed, {skipped} of them skipped by their own marks")
    return failed


if __name__ == "__main__":
    sys.exit(min(main(), 100))
