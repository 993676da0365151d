"""Following a store: whoever asks is called soon after anybody has written to it.

The revision is looked up every few seconds; a notice of the server only makes that look come sooner.
"""

from __future__ import annotations

import logging
import selectors
import threading
import time
from collections.abc import Callable
from socket import socket, socketpair
from types import TracebackType
from typing import Protocol

from ..errors import StoreError, ToolkitError

__all__ = ["PERIOD", "Follower", "Following", "Hints"]

PERIOD = 2.5  # seconds between looks where no notice comes
REST = 3  # times as long as what is called took, nothing is called again
PATIENCE = 5.0  # seconds that closing waits for a function that is being called

log = logging.getLogger(__name__)


class Hints(Protocol):
    """What ends a wait early when something may have been written."""

    def wait(self, seconds: float, wake: socket) -> None:
        """Return when something may have been written, when a socket can be read, or after some seconds.

        Parameters
        ----------
        seconds : float
            The longest to wait.
        wake : socket
            What ends the wait besides.

        Raises
        ------
        StoreError
            No hint will come from this one any more.
        """

    def close(self) -> None:
        """Let go of what it holds."""


class Following:
    """One function that is called when a store has changed; use it in a ``with`` block, or `close` it.

    Parameters
    ----------
    stop : callable
        Ends it.
    """

    def __init__(self, stop: Callable[[], object]) -> None:
        self._stop = stop

    def close(self) -> None:
        """Do not call the function any more; closing twice is fine."""
        self._stop()

    def __enter__(self) -> Following:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Follower:
    """Looks at the revision of an open store on a thread of its own, from when the first function is to be called.

    Parameters
    ----------
    revision : callable
        The newest revision.
    hints : callable
        New hints; None where there never are any. Raises `StoreError` where they cannot be had now, and is asked again.
    """

    def __init__(self, revision: Callable[[], int], hints: Callable[[], Hints | None]) -> None:
        self._revision = revision
        self._hints = hints
        self._lock = threading.Lock()
        self._called: dict[object, Callable[[], object]] = {}
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._wake: socket | None = None

    def follow(self, changed: Callable[[], object]) -> Following:
        """Call a function whenever there is a newer revision, on another thread, one call at a time.

        Parameters
        ----------
        changed : callable
            Called without arguments; several commits may be one call. What it raises is logged.

        Raises
        ------
        StoreError
            The store is closed.
        """
        token = object()
        with self._lock:
            if self._thread is None:
                self._start()
            self._called[token] = changed
        return Following(lambda: self._called.pop(token, None))

    def close(self) -> None:
        """Call nothing any more; closing twice is fine."""
        with self._lock:
            self._closed.set()
            thread, wake = self._thread, self._wake
            self._thread = self._wake = None
            self._called.clear()
        if wake is not None:
            wake.close()  # its other end can be read then, which ends the wait
        if thread is not None and thread is not threading.current_thread():
            thread.join(PATIENCE)

    def _start(self) -> None:
        seen = self._revision()
        self._wake, woken = socketpair()
        self._thread = threading.Thread(
            target=self._run, args=(woken, seen), name="toolkit-follower", daemon=True
        )
        self._thread.start()

    def _run(self, woken: socket, seen: int) -> None:
        hints: Hints | None = None
        with woken:
            while not self._closed.is_set():
                hints = hints or self._new_hints()
                begun = time.monotonic()
                found = self._looked(seen)  # after listening began: what is committed later gives a notice
                if found != seen:  # while somebody adds thousands, most of the time is for other work
                    _Pause().wait(min(PERIOD, REST * (time.monotonic() - begun)), woken)
                seen = found
                try:
                    (hints or _Pause()).wait(PERIOD, woken)
                except StoreError as error:
                    log.debug("no notices for now: %s", error)
                    _close(hints)
                    hints = None
            _close(hints)

    def _new_hints(self) -> Hints | None:
        try:
            return self._hints() or _Pause()
        except StoreError as error:
            log.debug("no notices for now: %s", error)
            return None

    def _looked(self, seen: int) -> int:
        """The newest revision, once everybody knows of it; the one before where it cannot be read now."""
        try:
            found = self._revision()
        except StoreError as error:
            log.debug("the revision is not known for now: %s", error)
            return seen
        if found != seen:
            for changed in list(self._called.values()):
                _call(changed)
        return found


class _Pause:
    """No hints: a wait that lasts as long as it may."""

    def wait(self, seconds: float, wake: socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(wake, selectors.EVENT_READ)
            selector.select(seconds)

    def close(self) -> None:
        pass


def _close(hints: Hints | None) -> None:
    if hints is not None:
        hints.close()


def _call(changed: Callable[[], object]) -> None:
    try:
        changed()
    except ToolkitError as error:  # such as a connection that is lost: the next look is soon
        log.debug("%r: %s", changed, error)
    except Exception:
        log.exception("%r, called when a collection had changed", changed)
