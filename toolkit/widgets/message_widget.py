"""The base class of the widgets: a page sends requests, and gets answers or errors."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import ClassVar, TypeAlias, cast

import anywidget
import traitlets

from ..errors import QueryError, ToolkitError
from ..values.types import Json
from .background import Background
from .static_view import StaticView, take_snapshot
from .together import Together

__all__ = ["Answer", "MessageWidget", "Request", "parts_of_a_group", "style"]

Request: TypeAlias = Mapping[str, Json]
Answer: TypeAlias = tuple[Mapping[str, Json], Sequence[bytes]]
Answering: TypeAlias = Callable[[Request, Sequence[bytes]], Answer]

LONGEST_TRACE = 4000
COMMENT = re.compile(r"\s// [^\"'`]*$")  # at the end of a line of a script, where it is no part of a string
_is_part: ContextVar[bool] = ContextVar("_is_part", default=False)


@contextmanager
def parts_of_a_group() -> Iterator[None]:
    """Widgets that are made meanwhile carry no style: the group that draws them has it."""
    token = _is_part.set(True)
    try:
        yield
    finally:
        _is_part.reset(token)


@cache
def _asset(*names: str) -> str:
    folder = files(__package__).joinpath("static")
    texts = (folder.joinpath(name).read_text(encoding="utf-8") for name in names)
    return "\n".join(_without_comments(text) for text in texts)


def style() -> str:
    """The style of every widget."""
    return _asset("style.css")


def _without_comments(text: str) -> str:
    """Without indentation and comments: what is sent travels with every widget."""
    lines = (COMMENT.sub("", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("// "))


class MessageWidget(anywidget.AnyWidget):
    """A widget whose page sends requests as messages and gets answers; errors are shown in the status line.

    A subclass names its scripts in `scripts`, and in `asks` which method answers which request. A method gets
    the request and its buffers, and returns a JSON object and buffers.

    Attributes
    ----------
    status : dict
        ``{"level": "", "text": ""}``: what the page says in its status line; level ``"error"`` is an alert,
        and ``"trace"`` has details for those who look.
    busy : bool
        Whether something runs in the background.
    """

    scripts: ClassVar[tuple[str, ...]] = ()
    asks: ClassVar[Mapping[str, str]] = {}
    slow: ClassVar[frozenset[str]] = frozenset()  # questions answered in the background
    looks: ClassVar[frozenset[str]] = frozenset()  # questions that change nothing
    state_traits: ClassVar[tuple[str, ...]] = ()  # the traits that `to_dict` writes

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    status: traitlets.Dict[str, Json] = traitlets.Dict().tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    group = traitlets.Unicode("").tag(sync=True)
    part = traitlets.Unicode("").tag(sync=True)

    def __init__(self, **traits: object) -> None:
        self._overtaken: dict[str, object] = {}
        self.become_part(Together())
        super().__init__(**traits)
        self.on_msg(self._received)

    @cached_property
    def background(self) -> Background:
        """What does its slow work; a widget that could not be made has one to close, too."""
        return Background()

    def become_part(self, together: Together, name: str = "") -> None:
        """Become one of several widgets that are shown as one.

        Parameters
        ----------
        together : Together
            What they share.
        name : str
            Which of them this is.
        """
        self.together = together
        together.members[name] = self
        if name:
            with self.hold_sync():  # one message
                self.group, self.part = together.id, name

    @traitlets.default("_esm")
    def _default_esm(self) -> str:
        return _asset("common.js", *self.scripts)

    @traitlets.default("_css")
    def _default_css(self) -> str:
        return "" if _is_part.get() else style()

    def set_status(self, text: str, *, level: str = "") -> None:
        """Put a sentence in the status line.

        Parameters
        ----------
        text : str
            The sentence.
        level : str
            What kind it is: ``"error"``, or empty for news.
        """
        self.status = {"level": level, "text": text}

    def static_html(self) -> str:
        """What is shown where no widget can be: a fragment of HTML."""
        raise NotImplementedError

    def picture(self) -> bytes:
        """What is shown as a PNG; empty where there is nothing to see."""
        return b""

    def snapshot(self, path: str | Path | None = None, *, form: str | None = None) -> StaticView:
        """What the widget shows now, without a kernel; also written to `path` if one is given.

        Parameters
        ----------
        path : str or Path, optional
            A file that ends in ``.html`` or ``.png``.
        form : {"html", "png"}, optional
            By default the form that the path's ending names, else HTML.

        Raises
        ------
        QueryError
            There is no such form, or no picture of this.
        """
        return take_snapshot(self, path, form)

    def to_dict(self) -> dict[str, Json]:
        """The state of the widget as a JSON object; `from_dict` reads it back."""
        return {name: deepcopy(getattr(self, name)) for name in self.state_traits}

    def from_dict(self, value: Mapping[str, Json]) -> None:
        """Restore what `to_dict` wrote; what it does not name stays.

        Raises
        ------
        QueryError
            It is not what `to_dict` writes; nothing is changed.
        """
        if unknown := set(value) - set(self.state_traits):
            state_traits = ", ".join(self.state_traits)
            raise QueryError(
                f"a {type(self).__name__} keeps {state_traits}; not {', '.join(sorted(unknown))}"
            )
        try:
            with self.hold_trait_notifications():  # all of them, or after an error none
                for name, one in value.items():
                    setattr(self, name, one)
        except traitlets.TraitError as error:
            raise QueryError(str(error)) from error

    @contextmanager
    def errors_in_status(self) -> Iterator[None]:
        """Show an error in the status line instead of raising it, where no cell would show it."""
        try:
            yield
        except Exception as error:
            self.status = _failure(error)

    def run(self, work: Callable[[], object], done: Callable[[object], None]) -> None:
        """Do work in the background; earlier work that is not done yet is dropped.

        Parameters
        ----------
        work : callable
            Called without arguments, on another thread.
        done : callable
            Called with what the work returned, unless it raised; then the error is shown.
        """
        self.busy = True

        def finish(result: object) -> None:
            self.busy = False
            with self.errors_in_status():
                if isinstance(result, Exception):
                    raise result
                done(result)

        self.background.run(work, finish, self.together.turn)

    def drop(self) -> None:
        """Have nothing come of the work that runs in the background: something newer is here."""
        self.background.cancel()
        self.busy = False

    def cancel(self) -> None:
        """Drop the result of the work that runs in the background, and say so."""
        self.drop()
        self.set_status("Cancelled.")

    def close(self) -> None:
        """Close the widget and stop its work."""
        self.background.close()
        super().close()

    def set_state(self, sync_data: dict[str, Json]) -> None:
        """Set traits that a page has changed, but not again what a message has brought before."""
        with self.together.turn:
            super().set_state({name: one for name, one in sync_data.items() if not self._is_late(name, one)})

    def set_edited(self, name: str, value: Json) -> None:
        """Set a trait to what a page says in a message, where that has not arrived by itself.

        Parameters
        ----------
        name : str
            The trait.
        value : JSON value
            What it is in the page.
        """
        if getattr(self, name) != value:
            self._overtaken[name] = value
            with self._lock_property(**{name: value}):  # the page has it, and perhaps a newer one
                setattr(self, name, value)

    def _is_late(self, name: str, value: Json) -> bool:
        """Whether this is an edit that a message brought, and something else has been set since."""
        if name not in self._overtaken:
            return False
        return bool(self._overtaken.pop(name) == value != getattr(self, name))

    def _received(self, _widget: object, content: object, buffers: Sequence[memoryview]) -> None:
        if not isinstance(content, dict) or content.get("kind") not in {*self.asks, "cancel"}:
            return
        copied = [bytes(buffer) for buffer in buffers]
        if content["kind"] == "cancel":
            self.cancel()
            return
        try:
            with (
                self.together.turn
            ):  # now, even where the answer takes long: an edit made meanwhile is a newer one
                self.together.apply(content.get("edits"))
        except Exception as error:
            self._refuse(content, error)
            return
        if content["kind"] in self.slow:
            self.background.run_apart(lambda: self._answer(content, copied))
        else:
            self._answer(content, copied)

    def _answer(self, content: dict[str, Json], buffers: Sequence[bytes]) -> None:
        answering = cast("Answering", getattr(self, self.asks[str(content["kind"])]))
        try:
            answer, sent = self._in_turn(answering, content, buffers)
        except Exception as error:
            self._refuse(content, error)
        else:
            self.send({"kind": "answer", "rid": content.get("rid"), **answer}, list(sent))

    def _refuse(self, content: dict[str, Json], error: Exception) -> None:
        self.status = _failure(error)
        self.send({"kind": "answer", "rid": content.get("rid"), "error": str(error)})

    def _in_turn(self, answering: Answering, content: dict[str, Json], buffers: Sequence[bytes]) -> Answer:
        """The answer; an act that succeeds takes errors out of sight."""
        if content["kind"] in self.slow | self.looks:
            return answering(content, buffers)
        with self.together.turn:
            self.together.clear_errors()  # first: the act may have a sentence of its own
            return answering(content, buffers)

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict[str, object], dict[str, object]] | None:
        self._css = style()  # a part of a group that is shown by itself has had none
        bundle = super()._repr_mimebundle_(**cast("dict[str, dict[object, object]]", kwargs))
        if bundle is None:
            return None
        return {**bundle[0], "text/html": self.static_html()}, bundle[1]

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def _failure(error: Exception) -> dict[str, Json]:
    """A status line; what the toolkit raises on purpose needs no traceback."""
    if isinstance(error, ToolkitError):
        return {"level": "error", "text": str(error)}
    trace = "".join(traceback.format_exception(error))[-LONGEST_TRACE:]
    return {"level": "error", "text": f"{type(error).__name__}: {error}", "trace": trace}
