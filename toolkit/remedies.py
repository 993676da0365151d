"""What to type, as data: each remedy in the words of Python and in those of a shell; whoever shows it chooses."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

__all__ = ["ADD_IMAGES", "Advice", "Remedy", "in_shell"]

COLLECTION = "COLLECTION"  # in the words of a shell, where the path of the collection goes


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to type.

    Parameters
    ----------
    python : str
        A call, on a collection ``photos``.
    shell : str
        A command line; ``COLLECTION`` stands for the collection that was asked.

    Examples
    --------
    >>> Remedy("photos.train('dog')", "toolkit train COLLECTION dog").python
    "photos.train('dog')"
    """

    python: str
    shell: str

    def __str__(self) -> str:
        return self.python


ADD_IMAGES = Remedy("photos.add(...)", "toolkit add COLLECTION FOLDER")


class Advice(str):
    """A text with remedies in it: as a `str` in the words of Python, by `shell` in those of a command line.

    Parameters
    ----------
    *parts : str or Remedy
        The text in pieces; a piece may be an advice itself.

    Examples
    --------
    >>> advice = Advice("nothing is embedded: run ", Remedy("photos.index()", "toolkit index COLLECTION"))
    >>> print(advice)
    nothing is embedded: run photos.index()
    >>> print(advice.shell("my photos.db"))
    nothing is embedded: run toolkit index 'my photos.db'
    """

    __slots__ = ("parts",)

    parts: tuple[str | Remedy, ...]

    def __new__(cls, *parts: str | Remedy) -> Advice:
        """The text of all the pieces."""
        made = super().__new__(cls, "".join(map(str, parts)))
        made.parts = parts
        return made

    def __getnewargs__(self) -> tuple[str | Remedy, ...]:  # type: ignore[override]
        # Pickled whole: worker processes send their errors back.
        return self.parts

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What to type, in order."""
        found: list[Remedy] = []
        for part in self.parts:
            found += [part] if isinstance(part, Remedy) else getattr(part, "remedies", ())
        return tuple(found)

    def shell(self, collection: str | None = None) -> str:
        """The text in the words of a shell.

        Parameters
        ----------
        collection : str, optional
            What the command line calls the collection, to be written in place of ``COLLECTION``.
        """
        return "".join(_in_shell(part, collection) for part in self.parts)


def in_shell(text: str, collection: str | None = None) -> str:
    """A text in the words of a shell; as it is, unless it is an `Advice`.

    Parameters
    ----------
    text : str
        With remedies in it or without.
    collection : str, optional
        What the command line calls the collection.
    """
    return text.shell(collection) if isinstance(text, Advice) else text


def _in_shell(part: str | Remedy, collection: str | None) -> str:
    if not isinstance(part, Remedy):
        return in_shell(part, collection)
    return part.shell.replace(COLLECTION, shlex.quote(collection)) if collection else part.shell
