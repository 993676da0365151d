"""From one line of text to a query."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from ..errors import QueryError, UnknownNameError
from ..plugins.parameters import Parameter
from ..query import (
    AllOf,
    AnyOf,
    Comparison,
    Query,
    Slot,
    SumOf,
    Term,
    Threshold,
    Weighted,
    freeze,
    fuse,
)
from ..values.types import Json

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

__all__ = ["parse"]

Rankers: TypeAlias = Mapping[str, Sequence[Parameter]]
Entry: TypeAlias = tuple[str | None, "Json | Slot"]  # an option by its name, or without one the subject

LONGEST: Final = 1_000_000  # characters
WORDS: Final = "text"  # the ranker of a line that is no query but plain words
CONSTANTS: Final[Mapping[str, Json]] = {"true": True, "false": False, "null": None}

_PREFIXED = re.compile(r"([^\W\d]\w*):(.*)", re.DOTALL)
# An operator, brackets, a comparison, or a ranker and its subject. Quotes alone are in words too: a dog's tail.
_LANGUAGE_ONLY = re.compile(r"""[&|~()\[\]{}<>*=]|(?:^|\s)[-+]|[^\W\d]\w*:\S|["']\s*[&|@\[]|^\s*["']""")
_SLOT = re.compile(r"\{([^\W\d]\w*)\}")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def parse(text: str, *, rankers: Rankers | None = None) -> Query:
    """The query that a line of text describes; `HELP` says how it is written.

    Parameters
    ----------
    text : str
        Such as ``"concept:dog - concept:cat + 2*image:./query.jpg"``. Several words in which nothing belongs to the
        language, such as ``"a red car"``, are plain words: ``text:'a red car'``.
    rankers : mapping of str to sequence of Parameter, optional
        The rankers there are, with their parameters. Without it any name passes for a ranker, and an ``@``
        belongs to the subject.

    Raises
    ------
    QueryError
        Not a query: the place, marked by a caret, and what was expected there.

    Examples
    --------
    >>> parse("concept:dog - concept:cat + 2*image:./query.jpg")
    concept('dog') - concept('cat') + 2 * image('./query.jpg')
    >>> parse("a red car")
    text('a red car')
    """
    from lark.exceptions import UnexpectedInput

    from .syntax_errors import syntax_error

    if len(text) > LONGEST:
        raise QueryError(f"the query is longer than {LONGEST:,} characters")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        if _are_plain_words(text) and (rankers is None or WORDS in rankers):
            return Term(WORDS, " ".join(text.split()))
        raise syntax_error(text, error) from None
    return _built(tree, text, _Builder(rankers))


def _are_plain_words(text: str) -> bool:
    """Whether a line that is no query is a sentence: several words, and nothing in them that only a query has."""
    return len(text.split()) > 1 and not _LANGUAGE_ONLY.search(text)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    grammar = files(__package__).joinpath("query.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def _built(tree: Tree[Token], text: str, builder: _Builder) -> Query:
    from .syntax_errors import pointed

    built: dict[int, object] = {}
    for node in tree.iter_subtrees():  # parts before what they are part of, and without recursion
        parts = [built[id(part)] if id(part) in built else part and str(part) for part in node.children]
        try:
            built[id(node)] = getattr(builder, node.data)(*parts)
        except QueryError as error:
            raise pointed(text, node.meta.start_pos, error.advice) from None
    return cast(Query, built[id(tree)])


@dataclass(frozen=True, slots=True)
class _Builder:
    """Makes what each rule of the grammar stands for; its methods are named as the rules are."""

    rankers: Rankers | None

    def any_of(self, *parts: Query) -> Query:
        return AnyOf(parts)

    def all_of(self, *parts: Query) -> Query:
        return AllOf(parts)

    def sum_of(self, first: Query, *rest: Query | str) -> Query:
        signed = zip(rest[::2], cast("tuple[Query, ...]", rest[1::2]), strict=True)
        return SumOf((first, *(~part if sign == "-" else part for sign, part in signed)))

    def threshold(self, part: Query, comparison: str, value: str) -> Query:
        return Threshold(part, cast(Comparison, comparison), float(value))

    def times(self, weight: str, part: Query) -> Query:
        return Weighted(part, float(weight.removesuffix("*")))

    def power(self, part: Query, weight: str) -> Query:
        return Weighted(part, float(weight))

    def contrary(self, _sign: str, part: Query) -> Query:
        return ~part

    def bare(self, word: str, entries: Sequence[Entry] | None) -> Term:
        prefixed = _PREFIXED.fullmatch(word)
        if prefixed is None:
            return self._term(word, entries) if entries is not None else self._short("concept", word, [])
        ranker, subject = prefixed.groups()
        if not subject:
            raise QueryError(
                f"nothing follows {word} write {word}subject, {word}'a subject' or {ranker}[JSON]"
            )
        return self._short(ranker, subject, entries or [])

    def quoted(
        self, ranker: str | None, string: str, shorthand: str | None, entries: Sequence[Entry] | None
    ) -> Term:
        name = ranker[:-1] if ranker else "concept"
        given: list[Entry] = [(None, self.string(string)), *(entries or [])]
        if shorthand:
            given.append(self._shorthand(name, shorthand[1:]))
        return self._term(name, given)

    def fused(self, _word: str, entries: Sequence[Entry] | None, *parts: Query) -> Query:
        options = dict(entries or ())
        unknown = options.keys() - {"method", "norm", "missing", "k"}
        if unknown or len(options) != len(entries or ()):
            raise QueryError(
                "fuse takes method, norm, missing and k, each once, as in fuse[method=rrf](a, b)"
            )
        return fuse(parts, **options)  # type: ignore[arg-type]  # it checks each

    def brackets(self, *entries: Entry) -> Sequence[Entry]:
        return entries

    def option(self, name: str, value: Json) -> Entry:
        return name[:-1].strip(), value

    def subject(self, value: Json) -> Entry:
        return None, value

    def string(self, quoted: str) -> str:
        quote = quoted[0]
        return quoted[1:-1].replace(quote * 2, quote)

    def scalar(self, word: str) -> Json:
        if _NUMBER.fullmatch(word):
            return _number(word)
        return CONSTANTS.get(word, word)

    def array(self, *values: Json) -> Json:
        return list(values)

    def object(self, *members: tuple[str, Json]) -> Json:
        if len(dict(members)) != len(members):
            raise QueryError("an object has each key once")
        return dict(members)

    def slot(self, name: str) -> Slot:
        return Slot(name)

    def member(self, key: str, value: Json) -> tuple[str, Json]:
        return (self.string(key) if key[0] in "\"'" else key[:-1].strip()), value

    def _short(self, ranker: str, subject: str, entries: Sequence[Entry]) -> Term:
        """A term whose bare subject may end in a shorthand; what does not fit it belongs to the name."""
        if slot := _SLOT.fullmatch(subject):
            return self._term(ranker, [(None, Slot(slot[1])), *entries])
        name, _, end = subject.rpartition("@")
        if name and (parameter := self._shorthand_parameter(ranker)):
            value = _read(parameter, end)
            if value is not None:
                return self._term(ranker, [(None, name), (parameter.name, value), *entries])
        return self._term(ranker, [(None, subject), *entries])

    def _shorthand(self, ranker: str, text: str) -> Entry:
        parameter = self._shorthand_parameter(ranker)
        if parameter is None:
            raise QueryError(f"{ranker} has nothing that @ sets; write options in brackets")
        value = _read(parameter, text)
        if value is None:
            raise QueryError(f"@ sets the {parameter.name} of {ranker}, and {text!r} is none")
        return parameter.name, value

    def _shorthand_parameter(self, ranker: str) -> Parameter | None:
        return next((parameter for parameter in self._parameters(ranker) if parameter.shorthand), None)

    def _parameters(self, ranker: str) -> Sequence[Parameter]:
        if self.rankers is None:
            return ()
        if ranker not in self.rankers:
            hint = "A concept with a colon is quoted; a URL or a path follows image:"
            raise QueryError(UnknownNameError("ranker", ranker, self.rankers, hint).advice)
        return self.rankers[ranker]

    def _term(self, ranker: str, entries: Sequence[Entry]) -> Term:
        self._parameters(ranker)
        subjects = [value for name, value in entries if name is None]
        if len(subjects) > 1:
            raise QueryError(f"{ranker} has one subject; write options as name=value, a list as [a, b]")
        options = tuple((name, value) for name, value in entries if name is not None)
        return Term(ranker, freeze(subjects[0]) if subjects else None, options)  # type: ignore[arg-type]


def _number(word: str) -> Json:
    # Python reads no integer of thousands of digits; as a float it is infinite, and refused as a value.
    return int(word) if word.lstrip("-").isdecimal() and len(word) < 1000 else float(word)


def _read(parameter: Parameter, text: str) -> Json | None:
    """The value that text stands for after an @; None if it is none."""
    match parameter.kind:
        case "language":
            return text if _LANGUAGE.fullmatch(text) else None
        case "box":
            sides = text.split(",")
            return (
                [float(side) for side in sides] if len(sides) == 4 and all(map(_is_number, sides)) else None
            )
        case "number" | "integer":
            return _number(text) if _is_number(text) else None
        case "choice":
            return text if text in parameter.choices else None
        case _:
            return text or None


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None
