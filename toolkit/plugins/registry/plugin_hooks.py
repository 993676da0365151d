"""The hooks of plugins: checked as a plugin comes in, and called so that each plugin fails alone."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping
from functools import cache
from typing import TypeVar

import pluggy

from ...errors import ContractError, PluginError, PluginWarning, ToolkitError, UnknownNameError
from .. import hooks
from .isolation import error_line, isolated
from .kinds import KINDS, checked_name

__all__ = ["PluginHooks"]

TRACE = "TOOLKIT_TRACE_HOOKS"
_log = logging.getLogger("toolkit.plugins.hooks")
T = TypeVar("T")


class PluginHooks:
    """The hook implementations of the plugins that take part."""

    def __init__(self) -> None:
        self._pluggy = pluggy.PluginManager(hooks.PROJECT)
        self._pluggy.add_hookspecs(hooks)
        if os.environ.get(TRACE, "") not in {"", "0"}:
            _trace_to_stderr()

    def register(self, plugin: object, name: str) -> Mapping[str, Mapping[str, object]]:
        """What a plugin provides, by kind and name; it is registered whole or not at all.

        Parameters
        ----------
        plugin : object
            A module or object with hook implementations.
        name : str
            The plugin's name.

        Raises
        ------
        PluginError
            A hook is misspelt or there is none; a ContractError if a thing breaks a rule of its kind.
        """
        if self._pluggy.is_registered(plugin):
            raise PluginError(f"{name} is registered already")
        try:
            self._pluggy.register(plugin, name=name)
        except (ValueError, pluggy.PluginValidationError) as error:
            raise PluginError(f"{name}: {error}") from error
        try:
            return self._provided(plugin, name)
        except BaseException:
            self.unregister(plugin)
            raise

    def unregister(self, plugin: object) -> None:
        """Forget a plugin; nothing happens if it is not registered."""
        if self._pluggy.is_registered(plugin):
            self._pluggy.unregister(plugin)

    def first(self, hook: str, expected: type[T], **given: object) -> T | None:
        """The first answer that is not None, the last plugin registered asked first.

        An error of the toolkit's own tree is an answer and is raised; any other is a `PluginWarning`, and the
        next plugin is asked.

        Parameters
        ----------
        hook : str
            The name of a hook with ``firstresult``.
        expected : type
            The class of a right answer.
        **given : object
            The hook's arguments by name.

        Raises
        ------
        ToolkitError
            An implementation raises it.
        """
        caller: pluggy.HookCaller = getattr(self._pluggy.hook, hook)
        for implementation in reversed(caller.get_hookimpls()):
            try:
                answer = _call(caller.name, implementation, given)
                if isinstance(answer, expected):
                    return answer
                if answer is not None:
                    raise TypeError(f"it returned a {type(answer).__name__}, not a {expected.__name__}")
            except ToolkitError:
                raise
            except Exception as error:
                message = f"{hook} of {implementation.plugin_name} failed: {error_line(error)}"
                warnings.warn(message, PluginWarning, stacklevel=3)
        return None

    def _provided(self, plugin: object, name: str) -> dict[str, dict[str, object]]:
        implementations = self._implementations(plugin)
        if not implementations:
            raise PluginError(f"{name} implements no hook; is @hookimpl missing?")
        for caller, implementation in implementations:
            self._check_hook(caller, implementation, name)
        return {
            kind: _named(kind, _answer(caller.name, implementation), name)
            for caller, implementation in implementations
            if (kind := caller.name.removeprefix(f"{hooks.PROJECT}_")) in KINDS
        }

    def _implementations(self, plugin: object) -> list[tuple[pluggy.HookCaller, pluggy.HookImpl]]:
        callers = self._pluggy.get_hookcallers(plugin) or []
        return [(caller, one) for caller in callers for one in caller.get_hookimpls() if one.plugin is plugin]

    def _check_hook(self, caller: pluggy.HookCaller, implementation: pluggy.HookImpl, name: str) -> None:
        if not caller.has_spec() and not implementation.optionalhook:
            known = [hook for hook in hooks.__dict__ if hook.startswith(f"{hooks.PROJECT}_")]
            raise PluginError(f"{name}: {UnknownNameError('hook', caller.name, known)}")
        if implementation.wrapper or implementation.hookwrapper:
            raise ContractError(name, "a hook is a plain function", f"{caller.name} as a wrapper")


def _named(kind: str, things: object, plugin: str) -> dict[str, object]:
    if not isinstance(things, list | tuple):
        raise ContractError(plugin, f"toolkit_{kind} returns a list", repr(things))
    named: dict[str, object] = {}
    for thing in things:
        name = checked_name(kind, thing, plugin)
        if name in named:
            raise ContractError(plugin, f"each name in toolkit_{kind} is there once", f"{name!r} twice")
        named[name] = thing
    return named


def _answer(hook: str, implementation: pluggy.HookImpl) -> object:
    with isolated(f"{hook} of {implementation.plugin_name}"):
        return _call(hook, implementation, {})


def _call(hook: str, implementation: pluggy.HookImpl, given: Mapping[str, object]) -> object:
    arguments = [given[name] for name in implementation.argnames]
    answer: object = implementation.function(*arguments)
    _log.debug("%s of %s%r -> %r", hook, implementation.plugin_name, tuple(arguments), answer)
    return answer


@cache
def _trace_to_stderr() -> None:
    _log.addHandler(logging.StreamHandler())
    _log.setLevel(logging.DEBUG)
