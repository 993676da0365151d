"""Every error the toolkit raises on purpose, in one tree.

Each message says what was asked, what there is, and what to type. ``except ToolkitError`` catches them all;
each also derives from the built-in a Python programmer would expect.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from .remedies import Advice, Remedy

__all__ = [
    "ClusterError",
    "ContractError",
    "InputError",
    "MissingExtraError",
    "NotIndexedError",
    "PluginError",
    "PluginWarning",
    "QueryError",
    "StoreError",
    "TooManyRowsError",
    "ToolkitError",
    "UnavailableError",
    "UnknownNameError",
]


class ToolkitError(Exception):
    """The root of the tree.

    Parameters
    ----------
    *message : str or Remedy
        What was asked and what there is, in pieces; a remedy says what to type, in Python and in a shell.

    Examples
    --------
    >>> error = ToolkitError("no model yet: run ", Remedy("photos.train('dog')", "toolkit train COLLECTION dog"))
    >>> print(error)
    no model yet: run photos.train('dog')
    >>> print(error.advice.shell("photos.db"))
    no model yet: run toolkit train photos.db dog
    """

    def __init__(self, *message: str | Remedy) -> None:
        super().__init__(*message)

    def __str__(self) -> str:
        return str(self.advice)

    @property
    def advice(self) -> Advice:
        """The message, with its remedies as data."""
        return Advice(*self.args)


class QueryError(ToolkitError, ValueError):
    """A term, a parameter or an expression that cannot be ranked."""


class InputError(ToolkitError, ValueError):
    """An image or another source that cannot be read.

    Parameters
    ----------
    uri : str
        What was asked for: a path, a URL, or words such as ``"<bytes>"``.
    reason : str
        Why it cannot be read, in a few words; an `Advice` if it says what to type.
    """

    def __init__(self, uri: str, reason: str) -> None:
        super().__init__(f"{uri}: ", reason)
        self.uri = uri
        self.reason = reason

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str]]:
        # Worker processes send their errors back pickled; the default would call __init__ with one argument.
        return type(self), (self.uri, self.reason)


class NotIndexedError(ToolkitError, LookupError):
    """What the query needs was never computed; the message names the call that computes it."""


class StoreError(ToolkitError):
    """The store cannot be opened, read or written: newer schema, closed, locked, damaged."""


class TooManyRowsError(StoreError):
    """A collection of more rows than arrays are made of, asked for what looks at all of them.

    Parameters
    ----------
    rows, most : int
        How many there are, and how many there may be.
    """

    def __init__(self, rows: int, most: int) -> None:
        super().__init__(
            f"{rows:,} rows are more than the {most:,} of Settings.snapshot_rows, and this looks at all of them: "
            "rank by a picture through an engine, such as ",
            Remedy("Settings(engine='pgvector')", "toolkit search COLLECTION QUERY --engine pgvector"),
            ", or take a part, such as ",
            Remedy(
                "photos.snapshot(dataset='name')",
                "toolkit search COLLECTION 'QUERY & where[dataset=NAME]'",
            ),
        )
        self.rows = rows
        self.most = most

    def __reduce__(self) -> tuple[type[TooManyRowsError], tuple[int, int]]:
        return type(self), (self.rows, self.most)


class ClusterError(ToolkitError, RuntimeError):
    """The workers of a cluster are gone or cannot compute; what was done before is stored, and the next run goes on."""


class PluginError(ToolkitError):
    """A plugin could not be loaded or registered."""


class ContractError(PluginError):
    """A plugin broke the rule of its interface.

    Parameters
    ----------
    plugin : str
        The plugin's name, such as ``"ranker 'concept'"``.
    rule : str
        The rule, such as ``"scores must be float32 of shape (r,)"``.
    found : str
        What came instead.
    """

    def __init__(self, plugin: str, rule: str, found: str) -> None:
        super().__init__(f"{plugin}: {rule}; got {found}")
        self.plugin = plugin
        self.rule = rule
        self.found = found

    def __reduce__(self) -> tuple[type[ContractError], tuple[str, str, str]]:
        return type(self), (self.plugin, self.rule, self.found)


class PluginWarning(UserWarning):
    """A plugin does not take part, or failed while it was asked; the others work."""


class UnavailableError(PluginError):
    """Something optional that a plugin reads cannot be read now, such as a lexicon that another process is writing.

    The toolkit goes on without it and says so.
    """


class MissingExtraError(ToolkitError, ImportError):
    """An optional dependency is not installed; the message gives the ``pip install`` line.

    Parameters
    ----------
    feature : str
        What was asked for, such as ``"embedder 'timm'"``.
    package : str
        The import that failed.
    extra : str
        The extra of this distribution that brings it.
    """

    def __init__(self, feature: str, package: str, extra: str) -> None:
        super().__init__(f"{feature} needs {package}: pip install 'rank-toolkit[{extra}]'")
        self.feature = feature
        self.package = package
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str, str]]:
        return type(self), (self.feature, self.package, self.extra)


class UnknownNameError(ToolkitError, KeyError):
    """An unknown name. A `KeyError`, so that ``in`` and ``get`` work on what is looked up by name.

    Parameters
    ----------
    kind : str
        What kind of thing was named: ``"ranker"``, ``"concept"``, ``"input"``.
    name : str
        The name asked for.
    known : iterable of str
        The names there are; the closest are suggested.
    hint : str, optional
        One more sentence: what to type; an `Advice` if that differs in a shell.
    near : iterable of str, optional
        The closest names, where they were looked for among too many to list.

    Examples
    --------
    >>> print(UnknownNameError("ranker", "concpet", ["concept", "image"]))
    no ranker named 'concpet'; did you mean 'concept'? There are: concept, image.
    """

    MOST_LISTED = 12

    def __init__(
        self, kind: str, name: str, known: Iterable[str] = (), hint: str = "", near: Iterable[str] = ()
    ) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        self.hint = hint
        self.near = tuple(near)
        super().__init__(*self._parts())

    def __reduce__(
        self,
    ) -> tuple[type[UnknownNameError], tuple[str, str, tuple[str, ...], str, tuple[str, ...]]]:
        return type(self), (self.kind, self.name, self.known, self.hint, self.near)

    def _parts(self) -> list[str]:
        parts = [f"no {self.kind} named {self.name!r}"]
        if close := self.closest():
            parts.append(f"; did you mean {' or '.join(map(repr, close))}?")
        elif self.known:
            parts.append(".")
        if self.known:
            listed = ", ".join(self.known[: self.MOST_LISTED])
            more = len(self.known) - self.MOST_LISTED
            parts.append(f" There are: {listed}{f' and {more} more' if more > 0 else ''}.")
        if self.hint:
            parts += ["" if self.known or close else ".", " ", self.hint]
        return parts

    def closest(self, limit: int = 3) -> list[str]:
        """Names spelled most like the one asked for, best first."""
        if self.near:
            return list(self.near[:limit])
        by_fold = {name.casefold(): name for name in self.known}
        return [by_fold[key] for key in get_close_matches(self.name.casefold(), by_fold, n=limit)]
