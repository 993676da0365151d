"""One constructor per registered ranker: ``from toolkit.terms import concept, image, label``.

The names are whatever is registered, so they are looked up when asked for; `dir` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias, cast

from .errors import QueryError, UnknownNameError
from .plugins.fusions import bind_fusion
from .plugins.interfaces import Ranker
from .plugins.parameters import Parameter, bind, describe, plain, signature
from .plugins.registry import Registry, default
from .query import Chosen, Fuse, Query, Term, Value
from .query import fuse as fused
from .query.choices import spread
from .values.types import Json

Constructor: TypeAlias = Callable[..., Query]


class Terms:
    """The constructors of one registry, as attributes: ``photos.terms.concept("dog")``.

    Parameters
    ----------
    registry : Registry
        Whose rankers.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def fuse(self, parts: Iterable[Query], **options: object) -> Fuse | Chosen:
        """Several rankings fused into one, with a method, a norm and parameters that there are.

        Parameters
        ----------
        parts : iterable of Query
            What to fuse; ``2 * a`` counts twice.
        **options
            As of `toolkit.query.fuse`.

        Raises
        ------
        UnknownNameError
            No method or norm has that name.
        QueryError
            An option is wrong.
        """
        made = fused(parts, **options)  # type: ignore[arg-type]  # it checks each
        for node in [made, *made.children] if isinstance(made, Chosen) else [made]:
            if isinstance(node, Fuse):
                bind_fusion(node, self._registry)
        return made

    def __getattr__(self, name: str) -> Constructor:
        # Python and IPython ask every object for such names and expect nothing else.
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return constructor(self._registry.ranker(name))
        except UnknownNameError as error:
            raise AttributeError(str(error)) from None

    def __dir__(self) -> list[str]:
        return sorted({"fuse", *self._registry.rankers})

    def __repr__(self) -> str:
        return f"<terms: {', '.join(dir(self))}>"


def constructor(ranker: Ranker) -> Constructor:
    """The function that makes a ranker's terms, each checked as it is made.

    Its signature and its help come from the ranker's parameters. Paths, pictures, arrays, boxes and hits are
    accepted where they make sense; an option that equals its default is left out of the term.
    """
    name, parameters = ranker.name, tuple(ranker.parameters)

    def make(*subjects: object, **options: object) -> Query:
        return spread(lambda chosen: term(subjects, chosen), options)

    def term(subjects: tuple[object, ...], options: Mapping[str, object]) -> Term:
        subject, others = _parted(name, parameters, subjects, options)
        bound = bind(parameters, subject, others, ranker=name)
        given = [
            (one.name, _term_value(one, others[one.name], bound[one.name]))
            for one in parameters[1:]
            if one.name in others and bound[one.name] != one.default
        ]
        about = None if subject is None else _term_value(parameters[0], subject, bound[parameters[0].name])
        return Term(name, about, tuple(given))

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"{ranker.help}\n\nParameters\n----------\n{describe(parameters)}\n"
    # Not an attribute mypy knows of a function, but the one `inspect` looks for first.
    make.__signature__ = signature(parameters).replace(return_annotation=Term)  # type: ignore[attr-defined]
    return make


def _parted(
    name: str, parameters: Sequence[Parameter], subjects: tuple[object, ...], options: Mapping[str, object]
) -> tuple[object, dict[str, object]]:
    """The subject, which may be given by name or as several positional values, and the options."""
    if not subjects and parameters:
        others = dict(options)
        return others.pop(parameters[0].name, None), others
    if len(subjects) <= 1:
        return next(iter(subjects), None), dict(options)
    if not parameters or not parameters[0].many:
        raise QueryError(f"{name} takes one subject, not {len(subjects)}; give the others by name")
    return list(subjects), dict(options)


def _term_value(parameter: Parameter, given: object, bound: Json) -> Value:
    """What the term carries: the checked value; but a time as it was written, for people read terms."""
    written = plain(parameter.kind, given)
    carried = written if parameter.kind == "time" and isinstance(written, str) else bound
    return cast("Value", carried)  # the term freezes it


def __getattr__(name: str) -> Constructor | list[str]:
    if name == "__all__":  # of `from toolkit.terms import *`
        return sorted({"fuse", *default().rankers})
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    constructor: Constructor = getattr(Terms(default()), name)
    return constructor


def __dir__() -> list[str]:
    return sorted({"Constructor", "Terms", "constructor", "fuse", *default().rankers})
