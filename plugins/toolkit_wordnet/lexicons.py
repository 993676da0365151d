"""The lexicons installed on this machine, as the library ``wn`` keeps them: the only file that uses it.

References
----------
Wn: https://wn.readthedocs.io
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sqlite3
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Never

from toolkit.plugins import InputError, MissingExtraError, UnavailableError

if TYPE_CHECKING:
    from tqdm import tqdm
    from wn import Wordnet

__all__ = ["Lexicon", "add_lexicons", "edition", "installed", "is_installed", "lemmas", "open_lexicons"]

_ALONE = RLock()  # wn has one connection for all threads
# The library asks four questions for each word; a thousand classes in ten languages took it 54,000.
_LEMMAS = """
    SELECT synsets.id, forms.form FROM synsets
      JOIN lexicons ON lexicons.rowid = synsets.lexicon_rowid
      JOIN senses ON senses.synset_rowid = synsets.rowid AND senses.lexicon_rowid = synsets.lexicon_rowid
      JOIN forms ON forms.entry_rowid = senses.entry_rowid AND forms.rank = 0
     WHERE lexicons.specifier = ? AND synsets.id IN (SELECT value FROM json_each(?))
     ORDER BY senses.synset_rank, senses.rowid
"""
PATIENCE = 0.2  # seconds to wait for another process that writes; a search should not take longer


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One lexicon.

    Parameters
    ----------
    name : str
        ``omw-fr:1.4``: its id and its version.
    language : str
        BCP 47 tag.
    title, license : str
        As it calls itself.
    """

    name: str
    language: str
    title: str
    license: str

    @property
    def id(self) -> str:
        """The name without the version."""
        return self.name.partition(":")[0]


def is_installed() -> bool:
    """Whether ``wn`` is there, and any lexicon was ever added; makes nothing."""
    return importlib.util.find_spec("wn") is not None and _database().is_file()


def edition() -> str:
    """A text that changes when a lexicon is added; empty without any. Reads nothing but the date of a file."""
    if importlib.util.find_spec("wn") is None:
        return ""
    try:
        there = _database().stat()
    except OSError:
        return ""
    return f"{there.st_mtime_ns}:{there.st_size}"


def _database() -> Path:
    """Where ``wn`` keeps its lexicons: until somebody imports it and says otherwise, where it does by itself."""
    wn = sys.modules.get("wn")
    return Path(wn.config.database_path) if wn else Path.home() / ".wn_data" / "wn.db"


def installed() -> Sequence[Lexicon]:
    """The lexicons, in the order they were added.

    Raises
    ------
    MissingExtraError
        Without ``wn``.
    UnavailableError
        Another process is writing them, or they are damaged.
    """
    with _wn("the list of lexicons") as wn:
        if not wn.config.database_path.is_file():
            return []
        with (
            warnings.catch_warnings()
        ):  # a lexicon without the one it borrows hypernyms from still has its words
            warnings.simplefilter("ignore", wn.WnWarning)
            found = wn.lexicons()
    return [Lexicon(one.specifier(), one.language, one.label, one.license or "") for one in found]


@contextmanager
def open_lexicons(lexicons: Sequence[Lexicon]) -> Iterator[Wordnet]:
    """Some lexicons as one, for one thread at a time; words are compared letter by letter."""
    with _wn("wordnet") as wn:
        yield wn.Wordnet(lexicon=" ".join(one.name for one in lexicons), expand="")


def lemmas(lexicon: Lexicon, synsets: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The words of some synsets of a lexicon, by id, in its order; what it does not have is left out.

    Parameters
    ----------
    lexicon : Lexicon
        An installed one.
    synsets : sequence of str
        Ids, as the lexicon has them.

    Raises
    ------
    UnavailableError
        Another process is writing the lexicons, or they are damaged.
    """
    with _wn("wordnet") as wn, closing(_read_only(wn.config.database_path)) as database:
        try:
            rows = database.execute(_LEMMAS, (lexicon.name, json.dumps(synsets))).fetchall()
        except sqlite3.OperationalError as error:
            if not str(error).startswith("no such"):
                raise
            rows = list(_one_by_one(lexicon, synsets))  # the tables of another version of the library
    found: defaultdict[str, list[str]] = defaultdict(list)
    for synset, word in rows:
        found[synset].append(word)
    return found


def _one_by_one(lexicon: Lexicon, synsets: Sequence[str]) -> Iterator[tuple[str, str]]:
    from wn import Error

    with open_lexicons([lexicon]) as wordnet:
        for one in synsets:
            try:
                words = wordnet.synset(one).lemmas()
            except Error:  # there is none of that id
                continue
            yield from ((one, word) for word in words)


def add_lexicons(source: str) -> Sequence[Lexicon]:
    """The lexicons that a file, or a name that ``wn`` can download, brought; none if all were there.

    It is one transaction: interrupted, or from half a file, nothing of it stays, and it can be repeated.

    Parameters
    ----------
    source : str
        A WN-LMF file (``.xml``, ``.xml.gz``, ``.xml.xz``), a package of them, or a name such as ``omw-fr:1.4``.

    Raises
    ------
    MissingExtraError
        Without ``wn``.
    InputError
        The file is no lexicon or half of one, or the name cannot be downloaded.
    """
    before = {one.name for one in installed()}
    path = Path(source).expanduser()
    with _wn("toolkit wordnet add") as wn:
        if not path.exists() and ("/" in source or path.suffix):
            raise InputError(source, "there is no such file")
        progress = _progress(wn)
        wn.config.data_directory.mkdir(parents=True, exist_ok=True)
        try:
            if path.exists():
                wn.add(path, progress_handler=progress)
            else:
                wn.download(source, progress_handler=progress)
        except Exception as error:
            raise InputError(
                source, f"not a lexicon that can be read: {error or type(error).__name__}"
            ) from error
    return [one for one in installed() if one.name not in before]


@contextmanager
def _wn(feature: str) -> Iterator[ModuleType]:
    try:
        wn = importlib.import_module("wn")
    except ImportError as error:
        raise MissingExtraError(feature, "wn", "wordnet") from error
    with _ALONE:
        wn.config.allow_multithreading = True  # each use is alone
        path: Path = wn.config.database_path
        try:
            _require_free(path)
            yield wn
        except (wn.DatabaseError, sqlite3.Error) as error:
            raise UnavailableError(f"the lexicons in {path} cannot be read now: {error}") from error


def _require_free(path: Path) -> None:
    """Look whether the database can be read: ``wn`` itself waits five seconds for it, at every question."""
    if path.is_file():
        with closing(_read_only(path)) as database:
            database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)


def _bar(total: int) -> tqdm[Never]:
    from tqdm import tqdm

    return tqdm(total=total, desc="Adding", unit=" entries", delay=1, leave=False)


def _progress(wn: ModuleType) -> type:
    handler: type = wn.util.ProgressHandler

    class Bar(handler):  # type: ignore[misc]  # wn wants a class of its own kind
        """What ``wn`` counts, as a bar on standard error."""

        def __init__(self, **options: object) -> None:
            super().__init__(**options)
            self._bar = _bar(0)

        def update(self, n: int = 1, force: bool = False) -> None:
            """Draw the bar of the counter at hand."""
            self.kwargs["count"] += n
            total, count = self.kwargs["total"], self.kwargs["count"]
            if self._bar.total != total or count < self._bar.n:
                self._bar.close()
                self._bar = _bar(total)
            self._bar.update(count - self._bar.n)

        def close(self) -> None:
            """End the bar."""
            self._bar.close()

    return Bar
