"""``toolkit lab``."""

from __future__ import annotations

import json
import os
import re
import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from ..errors import MissingExtraError
from .completing import files
from .options import existing

__all__ = ["command"]

VARIABLE = "TOOLKIT_COLLECTION"  # an address may hold a password: it goes to the kernel, not into a file
INSTALLED = "tutorials"  # the folder of the package that the wheel brings
FIRST = "01_first_query.ipynb"


@click.command("lab")
@click.argument("collection", required=False, shell_complete=files)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--in",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("toolkit-lab"),
    show_default=True,
    help="Where the notebooks are copied to; those that are there stay as they are.",
)
@click.option("--port", type=int, default=8888, show_default=True, help="The first port to try.")
@click.option("--no-browser", is_flag=True, help="Open no browser; print the address.")
def command(
    collection: str | None, arguments: tuple[str, ...], folder: Path, port: int, no_browser: bool
) -> None:
    """Open JupyterLab on the tutorials, and on an explorer of COLLECTION if one is given.

    Only this machine can reach it. ARGUMENTS after -- go to JupyterLab.
    """
    if find_spec("jupyterlab") is None:
        raise MissingExtraError("toolkit lab", "jupyterlab", "lab")
    if collection is not None:
        existing(collection).close()
        os.environ[VARIABLE] = collection
    root = copy_tutorials(folder)
    first = root / FIRST if collection is None else write_notebook(root, collection)
    import_module("jupyterlab.labapp").main(
        [
            str(first),
            *arguments,
            f"--ServerApp.port={port}",
            f"--ServerApp.root_dir={root}",
            "--ServerApp.ip=127.0.0.1",  # another one among the arguments is refused by JupyterLab
            *(["--no-browser"] if no_browser else []),
        ]
    )


def copy_tutorials(folder: Path) -> Path:
    """The folder with a copy of every tutorial; what is there already is not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(_tutorials().glob("[0-9]*.ipynb")):
        if not (folder / notebook.name).exists():
            shutil.copyfile(notebook, folder / notebook.name)
    return folder.resolve()


def write_notebook(folder: Path, collection: str) -> Path:
    """A notebook that opens a collection and shows its explorer; the one that was written before, if it is there.

    Parameters
    ----------
    folder : Path
        Where notebooks are; it must be there.
    collection : str
        A file or a database URL.

    Raises
    ------
    ClickException
        The folder has a thousand notebooks of this name.
    """
    text = notebook(collection)
    stem = "collection" if "://" in collection else Path(collection).stem
    name = re.sub(r"[^\w-]+", "_", stem)[:60]
    for number in range(1, 1000):
        path = folder / (f"00_{name}.ipynb" if number == 1 else f"00_{name}_{number}.ipynb")
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            return path
        if _opening(collection) in _sources(path):
            return path
    raise click.ClickException(f"{folder} is full of notebooks of this name; choose another with --in")


def notebook(collection: str) -> str:
    """The text of a notebook of two cells: what it is, and the explorer."""
    text = (
        "Compose a query by hand, look at the hits, mark them, refine. "
        "The numbered notebooks beside this one are the tutorials."
    )
    code = f"{_opening(collection)}\nphotos.widgets.explorer()"
    cells = [
        {"cell_type": "markdown", "id": "what", "metadata": {}, "source": f"# Your collection\n\n{text}"},
        {
            "cell_type": "code",
            "id": "explorer",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": code,
        },
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _opening(collection: str) -> str:
    if "://" in collection:
        return f'import os\n\nimport toolkit as tk\n\nphotos = tk.open(os.environ["{VARIABLE}"])'
    path = str(Path(collection).expanduser().resolve())
    return f"import toolkit as tk\n\nphotos = tk.open({path!r})"


def _sources(path: Path) -> str:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells)
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _tutorials() -> Path:
    """Beside the package where the toolkit is installed, else in the checkout."""
    package = Path(__file__).parents[1]
    installed = package / INSTALLED
    return installed if installed.is_dir() else package.parent / "notebooks"
