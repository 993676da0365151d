"""What a chip says: the word, the name of the file, or the sentence of a filter, short enough for a line.

Legends, boxes and reasons say the same of a term as its chip does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from ..collection.collection import Collection
from ..plain_text import shortened
from ..query import Query, Term
from ..values.types import Hit
from .readable import NameOf, readable
from .rows import Row

__all__ = ["chip_text", "named", "rows_text", "term_words"]

LONGEST: Final = 32
THEMSELVES: Final = frozenset(
    {"concept", "text", "image", "input", "region"}
)  # what they are asked says which


def chip_text(query: Query, photos: Collection, name_of: NameOf = lambda _: "") -> str:
    """What stands for a row of the query.

    Parameters
    ----------
    query : Query
        Of the row.
    photos : Collection
        Where inputs have their names.
    name_of : callable
        From the bytes of a picture that was dropped to the name of its file; empty if it has none.
    """
    shown = readable(query, photos, name_of)
    return shortened(_text(shown) if isinstance(shown, Term) else shown.text(), LONGEST)


def rows_text(rows: Iterable[Row], photos: Collection) -> str:
    """What is asked in the words of the chips, such as ``"dog, not cat"``.

    Parameters
    ----------
    rows : iterable of Row
        Of the query; those that are off are left out.
    photos : Collection
        Where inputs have their names.
    """
    asked = [("not " if row.negated else "", chip_text(row.query, photos)) for row in rows if row.on]
    return ", ".join(f"{no}{text}" for no, text in asked)


def term_words(query: Query | None, photos: Collection | None) -> dict[str, str]:
    """What the chip of each term of a query says, by the term's text; of two that would say the same, the text.

    Parameters
    ----------
    query : Query or None
        What was searched for, if that is known.
    photos : Collection or None
        Where the names are.
    """
    if query is None or photos is None:
        return {}
    said = {term: chip_text(term, photos) for term in query.terms()}
    times = Counter(said.values())
    return {
        term.text(): words if times[words] == 1 else readable(term, photos).text()
        for term, words in said.items()
    }


def named(hit: Hit, words: Mapping[str, str]) -> Hit:
    """The hit with its terms as a person reads them.

    Parameters
    ----------
    hit : Hit
        With terms as a query writes them.
    words : mapping of str to str
        What `term_words` returned.
    """
    return replace(hit, parts=tuple(replace(one, term=words.get(one.term, one.term)) for one in hit.parts))


def _text(term: Term) -> str:
    if isinstance(term.subject, str):
        return term.subject if term.ranker in THEMSELVES else f"{term.ranker} {term.subject}"
    if term.subject is None:
        return ", ".join(f"{name} {value!r}" for name, value in term.options) or term.ranker
    return "picture" if term.ranker == "image" else term.text()
