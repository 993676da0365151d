"""A working plugin to start from: what ``toolkit new-plugin`` writes."""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from uuid import uuid4

from ..errors import PluginError
from .registry import default

__all__ = ["write_plugin"]

FILES = ("pyproject.toml", "README.md", "toolkit_template.py", "tests/test_toolkit_template.py")
_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
LONGEST = 40


def write_plugin(name: str, directory: Path | str = ".") -> Path:
    """The new folder of a complete plugin: a ranker, its entry point, a test that passes and a README.

    Parameters
    ----------
    name : str
        Lower-case words joined by ``-`` or ``_``: the ranker's name; the distribution's after ``toolkit-``.
    directory : path
        Where to put the folder; made if it is not there.

    Raises
    ------
    PluginError
        The name is no name or is taken, the folder exists, or it cannot be written. Nothing is left behind.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_plugin("dominant-color", folder).name
    'toolkit-dominant-color'
    """
    word = _checked(name)
    target = Path(directory).expanduser() / f"toolkit-{word.replace('_', '-')}"
    if target.exists() or target.is_symlink():
        raise PluginError(f"{target} exists already; choose another name, or remove it first")
    # Beside the target, so that the finished folder appears at once or not at all.
    unfinished = target.with_name(f".{target.name}-{uuid4().hex[:8]}")
    try:
        for file in FILES:
            _write(_source() / file, unfinished / _named(file, word), word)
        unfinished.rename(target)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise PluginError(f"cannot write {target}: {error.strerror}") from error
    return target


def _checked(name: str) -> str:
    """The name as a word of the query language."""
    word = name.removeprefix("toolkit-").removeprefix("toolkit_")
    if not _NAME.fullmatch(word) or len(word) > LONGEST:
        raise PluginError(
            f"{name!r:.60} is no name for a plugin: lower-case letters and digits in words joined by '-', "
            f"{LONGEST} at most, such as 'dominant-color'"
        )
    word = word.replace("-", "_")
    if iskeyword(word) or word in {"fuse", *default().rankers}:
        raise PluginError(f"{word!r} is a word of the query language already; choose another name")
    if find_spec(f"toolkit_{word}"):
        raise PluginError(f"a module toolkit_{word} is installed already; choose another name")
    return word


def _source() -> Path:
    """The one template: beside this module where the toolkit is installed, else in the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "plugin_template"
    return installed if installed.is_dir() else package.parent / "plugins" / "template"


def _write(source: Path, target: Path, word: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_named(source.read_text(encoding="utf-8"), word), encoding="utf-8")


def _named(text: str, word: str) -> str:
    """A text of the template about another name."""
    camel = "".join(part.capitalize() for part in word.split("_"))
    dashed = text.replace("toolkit-template", f"toolkit-{word.replace('_', '-')}")
    return dashed.replace("Template", camel).replace("template", word)
