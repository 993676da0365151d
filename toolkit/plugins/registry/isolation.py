"""Running a stranger's code: what it prints stays out of our results, and no way it ends is the end of us."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from types import FrameType

from ...errors import PluginError, ToolkitError

__all__ = ["error_line", "isolated", "prints_aside"]


def error_line(error: BaseException) -> str:
    """An error in one line; one of the toolkit's own needs no type before it."""
    return str(error) if isinstance(error, ToolkitError) else f"{type(error).__name__}: {error}"


@contextmanager
def prints_aside() -> Iterator[None]:
    """Have what is printed meanwhile go to standard error: standard output may be read as JSON."""
    with redirect_stdout(sys.stderr):
        yield


@contextmanager
def isolated(feature: str) -> Iterator[None]:
    """Turn whatever is raised, leaving the program included, into a `PluginError`; but not the user's interrupt.

    Parameters
    ----------
    feature : str
        What is run, for the error; if empty, the message is that of what was raised alone.

    Raises
    ------
    ToolkitError
        What is raised of the toolkit's own tree stays as it is; all else is a `PluginError`.
    KeyboardInterrupt
        The user pressed Ctrl-C meanwhile.
    """
    with _watched() as pressed, prints_aside():
        try:
            yield
        except ToolkitError:
            raise
        except (
            BaseException
        ) as error:  # a stranger's module may do anything: leave, or raise what is no Exception
            if isinstance(error, KeyboardInterrupt) and pressed.is_set():
                raise
            told = error_line(error)
            raise PluginError(f"{feature} failed: {told}" if feature else told) from error


@contextmanager
def _watched() -> Iterator[threading.Event]:
    """An event that is set when the user interrupts: a module can raise KeyboardInterrupt itself."""
    pressed = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield pressed  # signals are handled in the main thread alone
        return

    def note(number: int, frame: FrameType | None) -> None:
        pressed.set()
        before(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
