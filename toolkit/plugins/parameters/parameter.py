"""A parameter of a ranker: one declaration gives the signature, validation, controls and help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ...values.types import Json

__all__ = ["REQUIRED", "Kind", "Parameter"]

Kind: TypeAlias = Literal[
    "text", "number", "integer", "flag", "choice", "time", "json",
    "concept", "language", "image", "input", "region", "box", "vector", "source", "space", "geo",
]  # fmt: skip


class _Required:
    """The default of a parameter that must be given."""

    def __repr__(self) -> str:
        return "REQUIRED"

    def __reduce__(self) -> str:
        return "REQUIRED"  # unpickled as the one there is: it is compared with `is`


REQUIRED: Final = _Required()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a ranker.

    Parameters
    ----------
    name : str
        A Python identifier. The first parameter of a ranker is its subject and is given by position.
    kind : Kind
        What it is; decides validation, the control a widget shows and how the command line reads it.
    help : str
        One sentence.
    default : Json or REQUIRED
        Taken when it is not given.
    earlier : Json or REQUIRED
        What was taken in its place in earlier versions, if that was something else: queries saved then are read with
        it, and those saved now spell the parameter out.
    choices : tuple of str
        The words allowed when ``kind="choice"``.
    minimum, maximum : float or None
        Bounds of a number, both included.
    many : bool
        Whether a list of values, or a mapping of values to numbers, is accepted as well.
    shorthand : bool
        Whether the command line's ``@`` sets it, as in ``concept:犬@ja``.
    """

    name: str
    kind: Kind
    help: str
    default: Json | _Required = REQUIRED
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    many: bool = False
    shorthand: bool = False
    earlier: Json | _Required = REQUIRED
