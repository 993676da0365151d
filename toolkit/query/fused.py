"""A query fused by one of the field's other methods, where the operators do not do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias, cast, get_args

from ..errors import QueryError
from .checks import check_choice, finite_number
from .choices import Choice, Chosen, spread
from .nodes import Query, limit_depth

__all__ = ["RANKED", "Fuse", "Method", "Missing", "Norm", "fuse"]

Method = Literal["rrf", "borda", "sum", "product", "min", "max"]
Norm: TypeAlias = Literal["minmax", "zscore"] | None
Missing = Literal["zero", "worst", "drop"]

RANKED = frozenset({"rrf", "borda"})  # look only at the order


@dataclass(frozen=True, slots=True, repr=False)
class Fuse(Query):
    """Several rankings fused by one of the field's other methods; made by `fuse`."""

    parts: tuple[Query, ...]
    method: Method = "rrf"
    norm: Norm = None
    missing: Missing = "zero"
    k: float = 60.0
    _depth: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.parts:
            raise QueryError("fuse takes one query or more; got none")
        check_choice("method", self.method, get_args(Method))
        check_choice("norm", self.norm, (None, "minmax", "zscore"))
        check_choice("missing", self.missing, get_args(Missing))
        object.__setattr__(self, "k", finite_number("k", self.k))
        if self.k < 0:
            raise QueryError(f"k is 0 or more, not {self.k!r}")
        if self.method != "rrf" and self.k != 60:
            raise QueryError(f"k belongs to method='rrf'; {self.method!r} has no use for it")
        if self.norm is not None and self.method in {"rrf", "borda"}:
            raise QueryError(
                f"{self.method!r} looks only at the order, so norm={self.norm!r} would change nothing"
            )
        limit_depth(self)

    @property
    def children(self) -> tuple[Query, ...]:
        """The parts."""
        return self.parts

    @property
    def options(self) -> dict[str, str | float]:
        """The method, and what else differs from its default."""
        chosen = [one for one in fields(self) if one.name in {"norm", "missing", "k"}]
        given = {
            one.name: getattr(self, one.name) for one in chosen if getattr(self, one.name) != one.default
        }
        return {"method": self.method, **given}


def fuse(
    parts: Iterable[Query],
    *,
    method: Method | Choice = "rrf",
    norm: Norm | Choice = None,
    missing: Missing | Choice = "zero",
    k: float | Choice = 60.0,
) -> Fuse | Chosen:
    """Several rankings fused into one; where an option is a choice, the choice between those that it makes.

    Parameters
    ----------
    parts : iterable of Query
        What to fuse; ``2 * a`` counts twice.
    method : {"rrf", "borda", "sum", "product", "min", "max"}
        ``rrf`` and ``borda`` look only at each part's order, the others at its scores.
    norm : {None, "minmax", "zscore"}
        How scores are made comparable first; None takes them as they are.
    missing : {"zero", "worst", "drop"}
        What a row gets from a part of which it is no hit: nothing, as much as the part's worst hit (by
        rank: one place behind it), or no score at all.
    k : float
        Of ``rrf``: the larger, the less the first places stand out.

    Examples
    --------
    >>> from toolkit.query import Term
    >>> fuse([2 * Term("concept", "dog"), Term("image", "q.jpg")], missing="worst")
    fuse([2 * concept('dog'), image('q.jpg')], method='rrf', missing='worst')
    """
    given = tuple(parts)
    options = {"method": method, "norm": norm, "missing": missing, "k": k}
    # The node checks each option.
    return cast("Fuse | Chosen", spread(lambda chosen: Fuse(given, **chosen), options))  # type: ignore[arg-type]
