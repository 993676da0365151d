"""The kinds of thing a plugin registers, and the rules each is held to on its way in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from keyword import iskeyword
from typing import get_args

from ...errors import ContractError, QueryError
from ...query.fused import FUSE_WORDS
from ..parameters import REQUIRED, Kind, Parameter, bind, signature

__all__ = ["KINDS", "PluginKind", "as_registered", "checked_component", "checked_name", "recognize"]

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
RESERVED = frozenset({"fuse"})  # a word of `toolkit.terms` that is no ranker


@dataclass(frozen=True, slots=True)
class PluginKind:
    """One kind of thing the registry holds.

    Parameters
    ----------
    word : str
        What it is called in a message.
    attributes : tuple of str
        What the thing itself, or what its factory makes, has to have; the last is what it is known by.
    by_factory : bool
        Whether a factory is registered, called with the text after the colon.
    """

    word: str
    attributes: tuple[str, ...]
    by_factory: bool = False


KINDS: dict[str, PluginKind] = {
    "rankers": PluginKind("ranker", ("name", "parameters", "is_filter", "help", "rank")),
    "embedders": PluginKind("embedder", ("name", "version", "dimension", "embed"), True),
    "concept_models": PluginKind(
        "concept model", ("name", "version", "concepts", "predict"), by_factory=True
    ),
    "detectors": PluginKind("detector", ("name", "version", "concepts", "detect"), True),
    "translators": PluginKind("translator", ("name", "translate")),
    "similarity_indexes": PluginKind("similarity index", ("metric", "fit", "kneighbors"), True),
    "engines": PluginKind("engine", ("name", "capabilities", "revision", "apply", "scores", "nearest"), True),
    "decoders": PluginKind("decoder", ("name", "accepts", "decode")),
    "feedbacks": PluginKind("feedback strategy", ("name", "help", "rank_again")),
    "projections": PluginKind("projection", ("name", "help", "most", "lay_out")),
    "importers": PluginKind("importer", ("name", "accepts", "records")),
    "fusions": PluginKind(
        "fusion", ("name", "parameters", "by_rank", "help", "formula", "reference", "combine")
    ),
    "norms": PluginKind("norm", ("name", "bounded", "help", "formula", "reference", "normalize")),
    "commands": PluginKind("command", ("name", "invoke")),
}


@dataclass(frozen=True, slots=True)
class _Ready:
    """A factory of one component that is already there."""

    name: str
    component: object

    def __call__(self, argument: str = "", /) -> object:
        if argument:
            raise QueryError(f"{self.name!r} takes nothing after the colon; write {self.name!r}")
        return self.component


def recognize(thing: object) -> str | None:
    """The kind a thing is by what it can do; None if it is none of them."""
    return next((kind for kind, rules in KINDS.items() if hasattr(thing, rules.attributes[-1])), None)


def as_registered(kind: str, thing: object) -> object:
    """The thing as the registry holds it: a component that is already there becomes its own factory.

    Parameters
    ----------
    kind : str
        The kind of thing, such as ``ranker``.
    thing : object
        What a plugin registers.

    Raises
    ------
    ContractError
        A similarity index or an engine that is an instance and not a class, or a component that breaks a rule of its
        kind.
    """
    rules = KINDS[kind]
    if not rules.by_factory or isinstance(thing, type) or not hasattr(thing, rules.attributes[-1]):
        return thing
    if kind in {"similarity_indexes", "engines"}:
        name = type(thing).__name__
        anew = "fitted" if kind == "similarity_indexes" else "made"
        raise ContractError(
            f"{rules.word} {name}", f"it is a class, to be {anew} anew: {name}", "an instance"
        )
    name = str(getattr(thing, "name", type(thing).__name__))
    return _Ready(name, checked_component(kind, name, thing))


def checked_name(kind: str, thing: object, plugin: str) -> str:
    """The name a thing registers under, once it keeps the rules of its kind.

    Parameters
    ----------
    kind : str
        The kind of thing, such as ``ranker``.
    thing : object
        What a plugin registers.
    plugin : str
        The plugin that registers it, for errors.

    Raises
    ------
    ContractError
        With the plugin, the rule broken and what came instead.
    """
    rules = KINDS[kind]
    name = getattr(thing, "name", None)
    who = f"{rules.word} {name!r} of {plugin}"
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ContractError(who, "its name is a word of letters, digits, '_', '.' and '-'", repr(name))
    if rules.by_factory:
        if not callable(thing):
            raise ContractError(who, "it is a factory: a class, or a function with a name", repr(thing))
        return name
    if isinstance(thing, type):
        raise ContractError(who, f"it is an instance: {thing.__name__}()", f"the class {thing!r}")
    _check_attributes(thing, rules, who)
    if kind == "rankers":
        _check_ranker_name(name, who)
        _check_parameters(getattr(thing, "parameters", ()), who)
    if kind == "fusions":
        _check_parameters(getattr(thing, "parameters", ()), who)
        _check_fusion_parameters(getattr(thing, "parameters", ()), who)
    return name


def checked_component(kind: str, spec: str, component: object) -> object:
    """What a factory made, once it keeps the rules of its kind.

    Parameters
    ----------
    kind : str
        The kind of thing, such as ``ranker``.
    spec : str
        The specification it was made from, for errors.
    component : object
        What the factory returned.

    Raises
    ------
    ContractError
        With what was asked for, the rule broken and what came instead.
    """
    rules = KINDS[kind]
    who = f"{rules.word} {spec!r}"
    _check_attributes(component, rules, who)
    for attribute in {"name", "version"} & set(rules.attributes):
        text = getattr(component, attribute)
        if not isinstance(text, str) or "@" in text or text.split() != [text]:
            rule = f"its {attribute} is a text without blanks or '@', for it goes into name@version"
            raise ContractError(who, rule, repr(text))
    dimension = getattr(component, "dimension", 1)
    if kind == "embedders" and not (isinstance(dimension, int) and dimension > 0):
        raise ContractError(who, "its dimension is a positive integer", repr(dimension))
    return component


def _check_attributes(thing: object, rules: PluginKind, who: str) -> None:
    missing = [name for name in rules.attributes if not hasattr(thing, name)]
    if missing:
        found = f"a {type(thing).__name__} without {', '.join(missing)}"
        raise ContractError(who, f"it has {', '.join(rules.attributes)}", found)


def _check_ranker_name(name: str, who: str) -> None:
    if not name.isidentifier() or iskeyword(name) or name.startswith("_") or name in RESERVED:
        raise ContractError(who, "its name is a Python identifier, a word of the query language", repr(name))


def _check_parameters(parameters: object, who: str) -> None:
    if not isinstance(parameters, Sequence) or not all(isinstance(one, Parameter) for one in parameters):
        raise ContractError(who, "its parameters are a sequence of Parameter", repr(parameters))
    for parameter in parameters:
        _check_parameter(parameter, who)
    try:
        signature(parameters)
    except ValueError as error:
        raise ContractError(who, "its parameters make a signature", str(error)) from None
    short = [parameter.name for parameter in parameters if parameter.shorthand]
    if len(short) > 1 or (short and parameters[0].shorthand):
        rule = "one parameter at most, and not the subject, is set by the shorthand"
        raise ContractError(who, rule, ", ".join(short))


def _check_fusion_parameters(parameters: Sequence[Parameter], who: str) -> None:
    for parameter in parameters:
        if parameter.name in {"fuse", *FUSE_WORDS} or parameter.default is REQUIRED:
            rule = f"a parameter has a default, and is not called {', '.join(FUSE_WORDS)} or fuse"
            raise ContractError(who, rule, parameter.name)


def _check_parameter(parameter: Parameter, who: str) -> None:
    name, kinds = parameter.name, get_args(Kind)
    if not name.isidentifier() or iskeyword(name):
        raise ContractError(who, "a parameter's name is a Python identifier", repr(name))
    if parameter.kind not in kinds:
        raise ContractError(who, f"{name} is of a kind among {', '.join(kinds)}", repr(parameter.kind))
    if bool(parameter.choices) != (parameter.kind == "choice"):
        rule = f"{name} has choices if and only if its kind is 'choice'"
        raise ContractError(who, rule, f"{parameter.kind} with choices {parameter.choices!r}")
    if parameter.default is REQUIRED or parameter.default is None:
        return
    try:
        bind([parameter], parameter.default, {}, ranker=who)
    except QueryError as error:
        raise ContractError(who, f"{name} accepts its own default", str(error)) from None
