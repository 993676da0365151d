"""Parameters at work: the values of a term checked against them, the signature and the help they give."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping, Sequence

from ...errors import QueryError, UnknownNameError
from ...values.types import Json
from .parameter import REQUIRED, Parameter
from .readers import checked, expected

__all__ = ["bind", "describe", "signature"]


def bind(
    parameters: Sequence[Parameter], subject: object, options: Mapping[str, object], *, ranker: str
) -> dict[str, Json]:
    """A value for every parameter, checked and in the one form a ranker sees; defaults filled in.

    Parameters
    ----------
    parameters : sequence of Parameter
        The first is the subject.
    subject : object
        What the term is about; None for the default.
    options : mapping of str to object
        The others by name; None for the default.
    ranker : str
        Whose they are, for messages.

    Raises
    ------
    QueryError
        An option that does not exist, a value that is missing, or one of the wrong kind or out of range.

    Examples
    --------
    >>> name = Parameter("name", "concept", "What.")
    >>> value = Parameter("value", "number", "How sure.", 1.0, minimum=0, maximum=1)
    >>> bind([name, value], "dog", {}, ranker="concept")
    {'name': 'dog', 'value': 1.0}
    >>> bind([name, value], "dog", {"vlaue": 0}, ranker="concept")
    Traceback (most recent call last):
        ...
    toolkit.errors.QueryError: concept: no option named 'vlaue'; did you mean 'value'? There are: value.
    """
    _refuse_unknown(parameters, subject, options, ranker)
    given: dict[str, object] = dict(options)
    if parameters:
        given[parameters[0].name] = subject
    bound: dict[str, Json] = {}
    for parameter in parameters:
        value = given.get(parameter.name)
        if value is None and parameter.default is REQUIRED:
            raise QueryError(f"{ranker} needs {parameter.name}: {expected(parameter)}. {parameter.help}")
        # None as a default means "none", whatever the kind.
        value = parameter.default if value is None else value
        bound[parameter.name] = None if value is None else checked(parameter, value, ranker)
    return bound


def _refuse_unknown(
    parameters: Sequence[Parameter], subject: object, options: Collection[str], ranker: str
) -> None:
    if subject is not None and not parameters:
        raise QueryError(f"{ranker} takes nothing, not {subject!r:.80}")
    if not options:
        return
    names = [parameter.name for parameter in parameters]
    for option in options:
        if option in names[:1]:
            raise QueryError(f"{ranker}: {option} is its subject; give it by position, once")
        if option not in names:
            raise QueryError(f"{ranker}: {UnknownNameError('option', str(option), names[1:])}")


def signature(parameters: Sequence[Parameter]) -> inspect.Signature:
    """The signature of a term's constructor: the subject by position, the others by keyword.

    Raises
    ------
    ValueError
        Two parameters of one name, or a name that is no identifier.

    Examples
    --------
    >>> name = Parameter("name", "concept", "What.", many=True)
    >>> value = Parameter("value", "number", "How sure.", 1.0)
    >>> print(signature([name, value]))
    (name, *more, value=1.0)
    """
    made = [_argument(parameter, inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
    if parameters:
        made[0] = _argument(parameters[0], inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if parameters and parameters[0].many:
        made.insert(1, inspect.Parameter("more", inspect.Parameter.VAR_POSITIONAL))
    return inspect.Signature(made)


def _argument(parameter: Parameter, kind: inspect._ParameterKind) -> inspect.Parameter:
    default = inspect.Parameter.empty if parameter.default is REQUIRED else parameter.default
    return inspect.Parameter(parameter.name, kind, default=default)


def describe(parameters: Sequence[Parameter]) -> str:
    """The parameters as a docstring lists them: name, what is expected, default, help.

    Examples
    --------
    >>> print(describe([Parameter("value", "number", "How sure.", 1.0, minimum=0, maximum=1)]))
    value : a number from 0 to 1, by default 1.0
        How sure.
    """
    return "\n".join(_described(parameter) for parameter in parameters)


def _described(parameter: Parameter) -> str:
    if parameter.default is REQUIRED:
        default = ""
    elif parameter.default is None:
        default = ", optional"
    else:
        default = f", by default {parameter.default!r}"
    return f"{parameter.name} : {expected(parameter)}{default}\n    {parameter.help}"
