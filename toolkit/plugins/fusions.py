"""A fusion bound to the plugins that it names."""

from __future__ import annotations

from functools import partial
from typing import Final

from ..errors import QueryError
from ..fusion.methods import FusionMethod, FusionParts, Points
from ..query import Fuse, thaw
from .contract_errors import contract_errors
from .interfaces import Arguments, Fusion
from .parameters import Parameter, bind
from .registry import Registry

__all__ = ["bind_fusion"]

PARTS: Final = Parameter(
    "parts", "json", "What is fused.", None
)  # the subject, which stands in the query itself


def bind_fusion(query: Fuse, registry: Registry) -> FusionMethod:
    """The method and the norm of a fusion, with a value for every parameter.

    Parameters
    ----------
    query : Fuse
        The fusion.
    registry : Registry
        The plugins.

    Raises
    ------
    UnknownNameError
        No method or no norm has its name.
    QueryError
        A parameter is wrong, or a norm is asked of a method that looks at no score.
    """
    fusion = registry.fusion(query.method)
    options = {name: thaw(value) for name, value in query.parameters}
    values = bind((PARTS, *fusion.parameters), None, options, ranker=f"fuse by {fusion.name!r}")
    combine = partial(_combined, fusion, Arguments(fusion.name, values))
    if query.norm is None:
        return FusionMethod(fusion.name, fusion.by_rank, combine)
    norm = registry.norm(query.norm)
    if fusion.by_rank:
        raise QueryError(
            f"{query.method!r} looks only at the order, so norm={query.norm!r} would change nothing"
        )
    return FusionMethod(
        fusion.name, by_rank=False, combine=combine, normalize=norm.normalize, bounded=norm.bounded
    )


def _combined(fusion: Fusion, arguments: Arguments, parts: FusionParts) -> Points:
    with contract_errors(f"fusion {fusion.name!r}", "combine() returns one score a row"):
        return fusion.combine(parts, arguments)
