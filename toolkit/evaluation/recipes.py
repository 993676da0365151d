"""An experiment as a folder: runs and judgments as the field writes them, topics, and a recipe that runs it again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import InputError
from ..query import Query, from_dict
from ..values.types import Json
from .judgments import Judgments
from .runs import Run
from .topics import Topics

if TYPE_CHECKING:
    from .comparison import Comparison

__all__ = ["Recipe", "read_recipe", "save"]

RECIPE, TOPICS, QRELS = "recipe.json", "topics.jsonl", "qrels.txt"


class Recipe:
    """What it takes to run an experiment again, read from its folder.

    Parameters
    ----------
    folder : Path
        Where it lies.
    facts : mapping
        The recipe itself.

    Attributes
    ----------
    runs : dict of str to Run
        What every system ranked, by name.
    systems : dict of str to Query or Run
        What ranks again, by name; a system that is no query is its run.
    topics : Topics
        What is asked about.
    judgments : Judgments
        What is relevant.
    options : dict
        The other arguments of ``compare``.
    """

    def __init__(self, folder: Path, facts: Mapping[str, Json]) -> None:
        names = cast("dict[str, str]", facts["runs"])
        queries = cast("dict[str, Json]", facts["systems"])
        self.runs = {name: Run.read(_inside(folder, file)) for name, file in names.items()}
        self.systems: dict[str, Query | Run] = {
            name: from_dict(queries[name]) if name in queries else run for name, run in self.runs.items()
        }
        self.topics = Topics.read(folder / TOPICS)
        self.judgments = Judgments.read(folder / QRELS)
        chosen = ("measures", "baselines", "depth", "test", "correction", "confidence", "seed")
        self.options: dict[str, Json] = {name: facts[name] for name in chosen}


def read_recipe(path: str | Path) -> Recipe:
    """The experiment whose recipe this is.

    Parameters
    ----------
    path : str or Path
        The recipe, or its folder.

    Raises
    ------
    InputError
        It is none.
    QueryError
        One of its queries cannot be read.
    """
    given = Path(path)
    file = given / RECIPE if given.is_dir() else given
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        return Recipe(file.parent, facts)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(file), f"no recipe of a comparison: {error!r}") from error


def save(of: Comparison, folder: Path) -> Path:
    """Write an experiment; the recipe last, so that one that is there is whole.

    Parameters
    ----------
    of : Comparison
        What is saved.
    folder : Path
        Made if it is not there.

    Raises
    ------
    QueryError
        An id has a blank, which TREC files have no form for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    of.judgments.write(folder / QRELS)
    of.topics.write(folder / TOPICS)
    runs: dict[str, Json] = {name: _file_name(number, name) for number, name in enumerate(of.systems, 1)}
    for name, run in of.runs.items():
        run.write(folder / str(runs[name]))
    recipe = folder / RECIPE
    told = {"kind": "toolkit comparison", **of.recipe, "runs": runs}
    recipe.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return recipe


def _file_name(number: int, name: str) -> str:
    """A file name that is safe whatever a system is called, and says which it is."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40]
    return f"{number:02d}-{plain or 'run'}.run.txt"


def _inside(folder: Path, file: str) -> Path:
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise InputError(file, "a recipe's runs lie in its own folder")
    return path
