"""The source of an annotation: a person, or a version of a model."""

from __future__ import annotations

import re
from typing import Final

from ..errors import QueryError

__all__ = ["HUMAN", "MODEL", "Source"]

HUMAN: Final = "human"
MODEL: Final = "model"
_TRAINED: Final = "trained-"
_WRITTEN = re.compile(rf"({HUMAN}|{MODEL}):\S.*")


class Source(str):
    """``human:<user>`` or ``model:<name>@<version>``: the text that a store, JSON and the wire hold, with its parts.

    An empty source is that of an annotation that is not stored yet.

    Parameters
    ----------
    text : str
        The whole.

    Raises
    ------
    QueryError
        It is none of these.

    Examples
    --------
    >>> source = Source("model:yolox@2")
    >>> source.kind, source.name, source.version, source == "model:yolox@2"
    ('model', 'yolox', '2', True)
    >>> Source.human("ann@uni.example").name
    'ann@uni.example'
    """

    __slots__ = ()

    def __new__(cls, text: str = "") -> Source:
        """The source; itself if it is one already."""
        if type(text) is cls:
            return text
        if text and not _WRITTEN.fullmatch(text):
            raise _refusal(text)
        return super().__new__(cls, text)

    @classmethod
    def human(cls, user: str) -> Source:
        """The source that a person is."""
        return cls(f"{HUMAN}:{user}")

    @classmethod
    def model(cls, name: str, version: str | int | None = None) -> Source:
        """The source that a version of a model is.

        Parameters
        ----------
        name : str
            Of the model; without a version, this may be its full name, ``yolox@2``.
        version : str or int, optional
            Which version.
        """
        return cls(f"{MODEL}:{name}" if version is None else f"{MODEL}:{name}@{version}")

    @classmethod
    def trained(cls, concept: str, version: int) -> Source:
        """The source that a concept trained from labels is.

        Parameters
        ----------
        concept : str
            The concept's id.
        version : int
            How many times it was trained.
        """
        return cls.model(f"{_TRAINED}{concept}", version)

    @property
    def trained_concept(self) -> str:
        """The concept that it was trained for from labels; empty of every other source."""
        return "" if self.is_human or not self.name.startswith(_TRAINED) else self.name.removeprefix(_TRAINED)

    @property
    def kind(self) -> str:
        """``"human"`` or ``"model"``; empty of an empty source."""
        return self.partition(":")[0]

    @property
    def is_human(self) -> bool:
        """Whether it is a person."""
        return self.startswith(f"{HUMAN}:")

    @property
    def full_name(self) -> str:
        """The user, or the model with its version: ``yolox@2``."""
        return self.partition(":")[2]

    @property
    def name(self) -> str:
        """The user, or the model without its version."""
        return self.full_name if self.is_human else _parted(self.full_name)[0]

    @property
    def version(self) -> str:
        """The version of the model; empty if it names none, and of a person."""
        return "" if self.is_human else _parted(self.full_name)[1]

    def is_from(self, wanted: str) -> bool:
        """Whether it is among the sources that a word takes.

        Parameters
        ----------
        wanted : str
            ``"human"`` takes every person, ``"model"`` every model, ``"model:yolox"`` every version of that
            model, ``"model:timm"`` every model whose name begins with ``timm:``, and a whole source itself.
        """
        if wanted in {self, self.kind}:
            return True
        return not self.is_human and (wanted == f"{MODEL}:{self.name}" or self.startswith(f"{wanted}:"))

    def required(self) -> Source:
        """Itself.

        Raises
        ------
        QueryError
            It is empty.
        """
        if not self:
            raise _refusal(self)
        return self


def _refusal(text: str) -> QueryError:
    return QueryError(f"{str(text)!r} is not a source; write 'human:<user>' or 'model:<name>@<version>'")


def _parted(full_name: str) -> tuple[str, str]:
    name, _, version = full_name.rpartition("@")
    return (name, version) if name else (full_name, "")
