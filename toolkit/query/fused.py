"""A query fused by one of the field's other methods, where the operators do not do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, cast, get_args

from ..errors import QueryError
from .checks import check_choice, identifier
from .choices import Choice, Chosen, spread
from .frozen import Value, freeze
from .nodes import Query, limit_depth

__all__ = ["DEFAULT_METHOD", "FUSE_WORDS", "Fuse", "Missing", "fuse"]

Missing = Literal["zero", "worst", "drop"]

# What `fuse` does unless a method is named: measured best of all on photos; the page of the decision has the table.
DEFAULT_METHOD: Final = "sum"
DEFAULT_NORM: Final = "sum"
FUSE_WORDS: Final = ("method", "norm", "missing")  # what no parameter of a method can be called


@dataclass(frozen=True, slots=True, repr=False)
class Fuse(Query):
    """Several rankings fused by one of the field's other methods; made by `fuse`.

    Parameters
    ----------
    parts : tuple of Query
        What is fused.
    method, norm : str
        The names of a registered method, and of a norm or None.
    missing : {"zero", "worst", "drop"}
        What a row gets from a part of which it is no hit.
    parameters : tuple of (str, Value)
        The parameters of the method, ordered by name. A mapping is accepted too.

    Raises
    ------
    QueryError
        There are no parts, or something is no name, no such word or no value.
    """

    parts: tuple[Query, ...]
    method: str = DEFAULT_METHOD
    norm: str | None = None
    missing: Missing = "zero"
    parameters: tuple[tuple[str, Value], ...] = ()
    _depth: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.parts:
            raise QueryError("fuse takes one query or more; got none")
        _check_name("method", self.method)
        if self.norm is not None:
            _check_name("norm", self.norm)
        check_choice("missing", self.missing, get_args(Missing))
        given = dict(self.parameters)
        frozen = {
            identifier("parameter of a fusion", name): freeze(value, where=f"{self.method}'s {name}")
            for name, value in given.items()
        }
        if "fuse" in frozen:
            raise QueryError("'fuse' is no parameter of a method")
        object.__setattr__(self, "parameters", tuple(sorted(frozen.items())))
        limit_depth(self)

    @property
    def children(self) -> tuple[Query, ...]:
        """The parts."""
        return self.parts

    @property
    def options(self) -> dict[str, Value]:
        """The method, what else differs from its default, and the parameters of the method."""
        norm = {} if self.norm is None else {"norm": self.norm}
        missing = {} if self.missing == "zero" else {"missing": self.missing}
        return {"method": self.method, **norm, **missing, **dict(self.parameters)}


def _check_name(what: str, name: object) -> None:
    if not isinstance(name, str) or not name:
        raise QueryError(f"a {what} is a name, such as 'minmax' or 'rrf'; not {name!r}")


def fuse(
    parts: Iterable[Query],
    *,
    method: str | Choice | None = None,
    norm: str | Choice | None = None,
    missing: Missing | Choice = "zero",
    **parameters: object,
) -> Fuse | Chosen:
    """Several rankings fused into one; where an option is a choice, the choice between those that it makes.

    Which methods and norms there are is up to the plugins: the page on fusing lists those that come with the toolkit.

    Parameters
    ----------
    parts : iterable of Query
        What to fuse; ``2 * a`` counts twice.
    method : str, optional
        How: ``"rrf"`` and ``"borda"`` look only at each part's order, ``"sum"`` and ``"max"`` at its scores. Without
        one the mean of the scores, each as a share of all that its part gives: method and norm ``"sum"``.
    norm : str, optional
        How scores are made comparable first: ``"minmax"``, ``"zscore"``; where a method is named, None takes them
        as they are.
    missing : {"zero", "worst", "drop"}
        What a row gets from a part of which it is no hit: nothing, as much as the part's worst hit (by
        rank: one place behind it), or no score at all.
    **parameters
        Of the method: ``k=60`` of ``"rrf"``, the larger, the less the first places stand out.

    Examples
    --------
    >>> from toolkit.query import Term
    >>> fuse([2 * Term("concept", "dog"), Term("image", "q.jpg")], missing="worst")
    fuse([2 * concept('dog'), image('q.jpg')], method='sum', norm='sum', missing='worst')
    """
    given = tuple(parts)
    if method is None:
        method, norm = DEFAULT_METHOD, DEFAULT_NORM if norm is None else norm

    def made(chosen: Mapping[str, object]) -> Fuse:
        known = {name: chosen[name] for name in FUSE_WORDS}
        others = {name: value for name, value in chosen.items() if name not in known}
        # The node checks each.
        return Fuse(given, **known, parameters=tuple(others.items()))  # type: ignore[arg-type]

    options = {"method": method, "norm": norm, "missing": missing, **parameters}
    return cast("Fuse | Chosen", spread(made, options))
