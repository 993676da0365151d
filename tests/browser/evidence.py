"""What a failing test in JupyterLab leaves behind: the server's log, the console, and the kernel's last messages."""

from __future__ import annotations

import json
from collections import deque
from itertools import pairwise

LAST = 300  # messages, both ways; a test of an explorer exchanges a hundred


class Evidence:
    """Everything that a page and its server say while one test runs."""

    def __init__(self, page, log):
        self._page, self._log = page, log
        self._console, self._messages = deque(maxlen=LAST), deque(maxlen=LAST)
        page.on("console", lambda said: self._console.append(f"{said.type}: {said.text[:500]}"))
        page.on("pageerror", lambda error: self._console.append(f"uncaught: {error}"))
        page.on("websocket", self._listen)
        self.forget()

    def _listen(self, socket):
        socket.on("framesent", lambda frame: self._messages.append(("sent", frame)))
        socket.on("framereceived", lambda frame: self._messages.append(("received", frame)))

    def forget(self):
        """Begin anew, for the next test."""
        self._console.clear()
        self._messages.clear()
        self._start = self._log.stat().st_size

    def sections(self):
        """Titles and texts, for the report of a test."""
        with self._log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._start)
            server = log.read()[-20_000:]
        messages = [line for way, frame in self._messages if (line := _line(way, frame))]
        return [
            ("log of the server and its kernels", server),
            ("console of the page", "\n".join(self._console)),
            ("messages of the kernel", "\n".join(messages)),
            ("text of the page", _text(self._page)),
        ]


def _line(way, frame):
    """A message in a line, without its pictures; none for those that only say that the kernel is alive."""
    if isinstance(frame, str):
        kind, content = "text", frame
    else:
        parts = _parts(frame)
        kind, content = json.loads(parts[1])["msg_type"], parts[4].decode(errors="replace")
    return "" if kind in {"status", "execute_input"} else f"{way} {kind}: {content[:700]}"


def _parts(frame):
    """The parts of a message as Jupyter packs it: their number, where each begins, and they themselves."""
    numbers = [int.from_bytes(frame[at : at + 8], "little") for at in range(0, 8 + 8 * frame[0], 8)]
    starts = numbers[1:]
    return [frame[start:end] for start, end in pairwise(starts)]


def _text(page):
    try:
        return page.locator(".jp-Notebook").first.inner_text(timeout=5_000)
    except Exception as error:  # a page that hangs is evidence, too
        return f"(the page did not answer: {error})"
