"""A working plugin to start from: what ``toolkit new-plugin`` writes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from uuid import uuid4

from ..errors import PluginError, UnknownNameError
from .registry import default

__all__ = ["KINDS", "write_plugin"]

# What there is a template of, as typed, and the kind in the registry whose names it adds to.
KINDS: Mapping[str, str | None] = {
    "ranker": "rankers",
    "embedder": "embedders",
    "concept-model": "concept_models",
    "detector": "detectors",
    "translator": "translators",
    "index": "similarity_indexes",
    "engine": "engines",
    "importer": "importers",
    "decoder": "decoders",
    "fusion": "fusions",
    "norm": "norms",
    "feedback": "feedbacks",
    "projection": "projections",
    "command": "commands",
    "image-opener": None,
    "hit-view": None,
}
_CALLED = {
    "feedback": "a feedback strategy",
    "index": "a similarity index",
    "image-opener": "an opener of addresses",
    "hit-view": "a view of hits",
}
FILES = ("pyproject.toml", "README.md", "toolkit_template.py", "tests/test_toolkit_template.py")
_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
LONGEST = 40


def write_plugin(name: str, directory: Path | str = ".", *, kind: str = "ranker") -> Path:
    """The new folder of a complete plugin: a module, its entry point, tests that pass and a README.

    Parameters
    ----------
    name : str
        Lower-case words joined by ``-`` or ``_``: what is registered is called so, and the distribution, after
        ``toolkit-``.
    directory : path
        Where to put the folder; made if it is not there.
    kind : str
        What it registers: ``"ranker"``, ``"embedder"``, ``"concept-model"``, ``"detector"``, ``"translator"``,
        ``"index"``, ``"engine"``, ``"importer"``, ``"decoder"``, ``"fusion"``, ``"norm"``, ``"feedback"``,
        ``"projection"``, ``"command"``, ``"image-opener"`` or ``"hit-view"``.

    Raises
    ------
    UnknownNameError
        There is no template of that kind.
    PluginError
        The name is no name or is taken, the folder exists, or it cannot be written. Nothing is left behind.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_plugin("dominant-color", folder).name
    'toolkit-dominant-color'
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of plugin", kind, KINDS)
    word = _checked(name, kind)
    target = Path(directory).expanduser() / f"toolkit-{word.replace('_', '-')}"
    if target.exists() or target.is_symlink():
        raise PluginError(f"{target} exists already; choose another name, or remove it first")
    # Beside the target, so that the finished folder appears at once or not at all.
    unfinished = target.with_name(f".{target.name}-{uuid4().hex[:8]}")
    try:
        for file in FILES:
            text = _source(file, kind).read_text(encoding="utf-8")
            _write(unfinished / _named(file, word), _named(_of_kind(text, kind), word))
        unfinished.rename(target)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise PluginError(f"cannot write {target}: {error.strerror}") from error
    return target


def _checked(name: str, kind: str) -> str:
    """The name as a word of the query language."""
    word = name.removeprefix("toolkit-").removeprefix("toolkit_")
    if not _NAME.fullmatch(word) or len(word) > LONGEST:
        raise PluginError(
            f"{name!r:.60} is no name for a plugin: lower-case letters and digits in words joined by '-', "
            f"{LONGEST} at most, such as 'dominant-color'"
        )
    word = word.replace("-", "_")
    if iskeyword(word) or (kind == "ranker" and word in {"fuse", *default().rankers}):
        raise PluginError(f"{word!r} is a word of the query language already; choose another name")
    taken = [name for row in default().plugins() for name in row.provides.get(KINDS[kind] or "", ())]
    if word in taken:
        raise PluginError(f"{_called(kind)} named {word!r} is registered already; choose another name")
    if find_spec(f"toolkit_{word}"):
        raise PluginError(f"a module toolkit_{word} is installed already; choose another name")
    return word


def _source(file: str, kind: str) -> Path:
    """A file of the template: beside this module where the toolkit is installed, else in the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "plugin_template"
    template = installed if installed.is_dir() else package.parent / "plugins" / "template"
    of_kind = template / "kinds" / kind.replace("-", "_") / file
    return of_kind if of_kind.exists() else template / file


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _of_kind(text: str, kind: str) -> str:
    called = _called(kind)
    return text.replace("A ranker for rank-toolkit", f"{called[0].upper()}{called[1:]} for rank-toolkit")


def _called(kind: str) -> str:
    """What a person calls one of a kind."""
    name = kind.replace("-", " ")
    return _CALLED.get(kind, f"{'an' if name[0] in 'aeiou' else 'a'} {name}")


def _named(text: str, word: str) -> str:
    """A text of the template about another name."""
    camel = "".join(part.capitalize() for part in word.split("_"))
    dashed = text.replace("toolkit-template", f"toolkit-{word.replace('_', '-')}")
    return dashed.replace("Template", camel).replace("TEMPLATE", word.upper()).replace("template", word)
