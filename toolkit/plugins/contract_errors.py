"""Errors that a plugin raises, as a `ContractError` with the plugin's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import ContractError, ToolkitError

__all__ = ["contract_errors"]


@contextmanager
def contract_errors(plugin: str, rule: str) -> Iterator[None]:
    """Let the errors of this tree pass, and turn any other into a `ContractError`.

    Parameters
    ----------
    plugin : str
        Whose code runs, such as ``"ranker 'concept'"``.
    rule : str
        What it was to do.

    Raises
    ------
    ContractError
        Something else than a `ToolkitError` was raised inside.

    Examples
    --------
    >>> with contract_errors("ranker 'warmth'", "rank() returns scores"):
    ...     1 / 0
    Traceback (most recent call last):
        ...
    toolkit.errors.ContractError: ranker 'warmth': rank() returns scores; got ZeroDivisionError: division by zero
    """
    try:
        yield
    except ToolkitError:
        raise
    except Exception as error:
        raise ContractError(plugin, rule, f"{type(error).__name__}: {error}") from error
