"""Who imports whom, and what is not imported at all until it is needed."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from installed import environment, install_own

CHECKOUT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]
PLUGINS = {path.parent.name for path in (CHECKOUT / "plugins").glob("*/__init__.py")}
HEAVY = {
    "IPython",
    "anywidget",
    "clarifai_grpc",
    "grpc",
    "ipywidgets",
    "joblib",
    "onnx",
    "onnxruntime",
    "pandas",
    "pymilvus",
    "scipy",
    "sklearn",
    "starlette",
    "timm",
    "torch",
    "torchvision",
    "traitlets",
    "uvicorn",
    "wn",
}
# What plugins may use besides `toolkit` itself; everything else is the core's own business.
PUBLIC = {"plugins", "testing"}  # what a plugin may import


def modules(code, site):
    """What a process has imported once it has run some code."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        env=environment(site),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(told.stdout.splitlines()[-1].split())


def imported(code, site):
    """The packages of which a process has imported something."""
    return {name.partition(".")[0] for name in modules(code, site)}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    install_own(folder)
    return folder


def test_import_toolkit_imports_next_to_nothing(site):
    assert (
        imported("import toolkit", site) & {*HEAVY, "PIL", "click", "numpy", "pluggy", "sqlalchemy", "tqdm"}
        == set()
    )


@pytest.mark.parametrize(
    "code",
    [
        "from toolkit.cli import main; main(['plugins'], standalone_mode=False)",
        "from toolkit.cli import main; main(['--help'], standalone_mode=False)",
        "import toolkit.terms; toolkit.terms.concept",
        "import toolkit; toolkit.open().close()",
    ],
    ids=["toolkit plugins", "toolkit --help", "terms", "open"],
)
def test_discovery_imports_nothing_heavy(site, code):
    found = imported(code, site)
    assert {"toolkit_visual", "toolkit_sklearn"} <= found
    assert found & HEAVY == set()


def test_one_picture_is_added_and_found_without_anything_heavy(site):
    code = (
        "import toolkit, numpy as np\n"
        "with toolkit.open() as photos:\n"
        "    photos.add(np.zeros((9, 9, 3), np.uint8))\n"
        "    photos.search('where[region=false]').html()\n"
    )
    found = modules(code, site)
    # No server is asked: SQLAlchemy's modules for PostgreSQL are a tenth of what opening imports.
    assert "sqlalchemy.dialects.postgresql" not in found
    # A concept graph is asked, once, what lies above the concepts of a new model.
    assert {name.partition(".")[0] for name in found} & (HEAVY - {"wn"}) == set()


def test_the_contracts_are_kept():
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
        ],
        cwd=CHECKOUT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_contracts_are_about_every_plugin():
    _, core, independence, public = CONTRACTS["contracts"]
    assert set(CONTRACTS["root_packages"]) == {"toolkit", *PLUGINS}
    assert (
        set(core["forbidden_modules"])
        == set(independence["modules"])
        == set(public["source_modules"])
        == PLUGINS
    )


def test_a_plugin_imports_from_one_place():
    rooms = {
        path.stem if path.is_file() else path.name
        for path in (CHECKOUT / "toolkit").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    } - {"__init__", "__main__"}
    private = {name.removeprefix("toolkit.") for name in CONTRACTS["contracts"][3]["forbidden_modules"]}
    assert private & PUBLIC == set()
    assert private | PUBLIC == rooms


def test_every_package_of_the_wheel_says_that_it_is_typed():
    pytest.importorskip("hatchling", reason="what builds the wheel is no dependency of the tests")
    from hatchling.builders.wheel import WheelBuilder

    shipped = {Path(one.distribution_path) for one in WheelBuilder(str(CHECKOUT)).recurse_included_files()}
    packages = {path.parent for path in shipped if path.name == "__init__.py" and len(path.parts) == 2}
    assert packages == {Path("toolkit"), *map(Path, PLUGINS)}
    assert {package for package in packages if package / "py.typed" not in shipped} == set()
