"""What a search came back with: an immutable sequence that shows itself in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from ..errors import QueryError
from ..plain_text import printable, shortened, table
from ..query import Query
from ..remedies import Remedy
from ..values.frames import data_frame
from ..values.types import FloatArray, Hit, Json, Level
from . import contact_picture, contact_sheet
from .captions import box_text, display_name, score_text
from .contact_sheet import Section, Tile
from .cutoff import Cutoff, SuggestsCutoff, cutoff_without_labels
from .diverse import diverse_order
from .explanation import Explanation
from .grouped import Grouped
from .later_hits import LaterHits
from .plan import SearchPlan
from .records import columns, record, row
from .stored_pictures import StoredPictures
from .totals import summary, total_text

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Hits"]

PAGE = 20
MOST_LINES = 20  # of the table that `repr` prints
MOST_TILES = 24  # of the pictures in a notebook's cell: about 200 kB


def _no_pictures(ids: Sequence[str]) -> Mapping[str, bytes]:
    return {}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Hits(Sequence[Hit]):
    """The hits of a query, best first, or some of them.

    Parameters
    ----------
    hits : sequence of Hit
        In rank order.
    query : str
        As one would type it, long values shortened.
    total : int
        How many rows were hits in all.
    milliseconds : float
        How long ranking took.
    level : {"input", "region"}
        What a hit is.
    pictures : callable
        From input ids to their thumbnails (JPEG); asked only when hits are shown.
    more : callable or None
        From an offset and a limit to the hits there, for `page`.
    view : callable or None
        From a hit to a fragment of HTML shown instead of its picture, or None for the picture.
    expression : Query or None
        The query itself, to search again with or to build on.
    embedded : callable or None
        From ids of regions and the name of a space to their vectors, for `vectors`.
    all_scores : callable or None
        To the scores of all hits of the query, best first, for `suggest_cutoff`.
    duplicates : callable or None
        From ids of inputs to those groups of them that are near-duplicates, for `grouped`.
    plan : SearchPlan or None
        How they were found, and how many rows were compared for it.
    counted : bool
        Whether all hits were counted; else there are at least `total`.

    Notes
    -----
    Hits can be pickled: what comes back holds the hits and the pictures of the first few, and no collection, so it
    cannot search for further pages. As with any pickle, load only what you wrote yourself.
    """

    hits: Sequence[Hit]
    _: KW_ONLY
    query: str
    total: int
    milliseconds: float
    level: Level = "input"
    pictures: Callable[[Sequence[str]], Mapping[str, bytes]] = field(default=_no_pictures)
    more: Callable[[int, int], Hits] | None = None
    view: Callable[[Hit], str | None] | None = None
    expression: Query | None = None
    embedded: Callable[[Sequence[str], str | None], FloatArray] | None = None
    all_scores: Callable[[], FloatArray] | None = None
    duplicates: Callable[[Sequence[str]], Sequence[Sequence[str]]] | None = None
    plan: SearchPlan | None = None
    counted: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.hits, LaterHits):
            object.__setattr__(self, "hits", tuple(self.hits))

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Hits: ...
    def __getitem__(self, index: int | slice) -> Hit | Hits:
        return self._of(self.hits[index]) if isinstance(index, slice) else self.hits[index]

    @property
    def exact(self) -> bool:
        """Whether these are sure to be the best: not so where what found them is approximate, or looked at a part."""
        return self.plan is None or self.plan.exact

    @property
    def total_text(self) -> str:
        """How many hits there are in all, in words: "at least" so many where they were not all counted."""
        return total_text(self.total, counted=self.counted)

    @property
    def ids(self) -> list[str]:
        """The ids of the inputs, in rank order."""
        return (
            list(self.hits.ids) if isinstance(self.hits, LaterHits) else [hit.input.id for hit in self.hits]
        )

    @property
    def scores(self) -> FloatArray:
        """Scores float32 (k,), in rank order."""
        if isinstance(self.hits, LaterHits):
            return self.hits.scores.copy()
        return np.array([hit.score for hit in self.hits], np.float32)

    @property
    def vectors(self) -> FloatArray:
        """Unit vectors float32 (k, d) of what was hit, in rank order, in the collection's default space.

        Raises
        ------
        NotIndexedError
            One is not embedded, or was deleted.
        QueryError
            The hits have no collection: they were pickled.
        """
        if self.embedded is None:
            raise QueryError("these hits have no collection to take vectors from; search it again")
        return self.embedded([hit.region_id for hit in self.hits], None)

    def diverse(self, relevance: float = 0.5) -> Hits:
        """The same hits in an order in which each is relevant and unlike those before it.

        Parameters
        ----------
        relevance : float
            What the score counts, in [0, 1], against likeness in the collection's default space; at 1 the order
            stays as it is.

        Raises
        ------
        QueryError
            `relevance` is no such number, or the hits have no collection.
        NotIndexedError
            One is not embedded.

        Notes
        -----
        Ranks and scores stay those of the search. Ask for more hits than are to be shown, and cut:
        ``photos.search(query, limit=200).diverse(0.5)[:20]``.
        """
        if not 0 <= relevance <= 1:
            raise QueryError(f"relevance={relevance!r}: a number from 0 to 1")
        if relevance == 1 or len(self) < 2:
            return self
        return self._of([self.hits[one] for one in diverse_order(self.scores, self.vectors, relevance)])

    def suggest_cutoff(self, learned: SuggestsCutoff | None = None, *, miss: float | None = None) -> Cutoff:
        """How many of all hits of the query are worth looking at.

        Parameters
        ----------
        learned : SuggestsCutoff, optional
            What ``photos.learn_cutoff(query, topics, judgments)`` made of judged topics; without it the scores alone
            decide.
        miss : float, optional
            The share of what is relevant that may be missed; needs `learned`.

        Raises
        ------
        QueryError
            The hits have no collection, are too few, or `miss` is asked of scores alone.
        """
        if self.all_scores is None:
            raise QueryError("these hits have no collection to compare their scores with; search it again")
        if learned is not None:
            return learned.suggest(self.all_scores().astype(np.float64), miss=miss)
        if miss is not None:
            learn = Remedy("photos.learn_cutoff(...)", "a notebook with learn_cutoff")
            raise QueryError("what is missed is known of judged topics only, from ", learn)
        return cutoff_without_labels(self.all_scores().astype(np.float64))

    def page(self, number: int, *, size: int = PAGE) -> Hits:
        """The hits of one page of the whole ranking, searched for if they are not here; page 1 is the first.

        Parameters
        ----------
        number : int
            Which page, from 1.
        size : int
            Hits on a page, at least 1.

        Raises
        ------
        QueryError
            If there is no such page, or it is not here and the hits cannot search again.
        """
        if number < 1 or size < 1:
            raise QueryError(f"pages and their size count from 1; not page {number} of size {size}")
        offset = (number - 1) * size
        by_rank = {hit.rank: hit for hit in self.hits}
        ranks = range(offset + 1, (min(offset + size, self.total) if self.counted else offset + size) + 1)
        if all(rank in by_rank for rank in ranks):
            return self._of([by_rank[rank] for rank in ranks])
        if self.more is None:
            raise QueryError(
                f"ranks {ranks[0]} to {ranks[-1]} of {self.total_text} are not among these {len(self)} hits; "
                f"search again with limit={ranks[-1]}"
            )
        return self.more(offset, size)

    def grouped(self) -> Grouped:
        """These hits with near-duplicates, and the regions of one picture, behind the best of them.

        ``hits.grouped().first`` are the best of each group, and ``hits.grouped()[0]`` all of the first group.
        """
        same = self.duplicates(self.ids) if self.duplicates is not None else ()
        return Grouped.of(self, same)

    def explain(self, index: int = 0) -> Explanation:
        """Why the hit at this position (from 0) is where it is."""
        return Explanation(self.query, self.hits[index], self.plan)

    def records(self) -> list[dict[str, Json]]:
        """One JSON object for each hit, as ``--json`` prints them; a score that is not there is null."""
        return [record(hit) for hit in self.hits]

    def frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each hit, and a column of scores for each term of the query.

        A term whose ranker says another number, as similarity says a cosine, has a column of those too.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        return data_frame(map(row, self.hits), columns(self.hits), asked="hits.frame()")

    def html(self, path: str | Path | None = None, *, limit: int | None = None) -> str:
        """A self-contained page with pictures; also written to `path` if one is given.

        Parameters
        ----------
        path : str or Path, optional
            A file to write; one that is there is replaced.
        limit : int, optional
            Show only so many hits; by default all of these.
        """
        text = contact_sheet.page(f"Hits for {shortened(self.query, 80)}", [self.section(limit=limit)])
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def png(self, path: str | Path | None = None, *, limit: int | None = None) -> bytes:
        """The pictures with their boxes and scores as one PNG; also written to `path` if one is given.

        Parameters
        ----------
        path : str or Path, optional
            A file to write; one that is there is replaced.
        limit : int, optional
            Show only so many hits; by default all of these.
        """
        return contact_picture.png(self.section(limit=limit), path)

    def section(
        self, *, heading: str = "", sentence: str = "", captions: Sequence[str] = (), limit: int | None = None
    ) -> Section:
        """These hits as a section for `toolkit.hits.contact_sheet.page`; captions go under the names.

        Parameters
        ----------
        heading, sentence : str
            What stands above the pictures; empty for nothing.
        captions : sequence of str
            One for each hit, or none at all.
        limit : int, optional
            Show only so many hits; by default all of these.
        """
        shown = self.hits[:limit]
        rest = self.total - _last_rank(shown)
        return Section(
            tiles=self._tiles(shown, captions),
            summary=summary(len(shown), self.total, counted=self.counted),
            query=self.query,
            milliseconds=self.milliseconds,
            more=f"and {total_text(rest, counted=self.counted)} more" if rest > 0 else "",
            heading=heading,
            sentence=sentence,
        )

    def text(self, *, limit: int | None = None) -> str:
        """A table for a terminal, with a line for each of the first `limit` hits, or for all."""
        query = f" for {shortened(self.query, 200)}" if self.query else ""
        lines = [printable(summary(len(self), self.total, counted=self.counted) + query)]
        if self.plan is not None and not self.plan.exact:
            lines.append(printable(str(self.plan)))
        if rows := [_line(hit) for hit in self.hits[:limit]]:
            lines.append(table(("rank", "score", "id", "name", "region"), rows, right=("rank", "score")))
        return "\n".join(lines)

    def __repr__(self) -> str:
        return "\n".join(filter(None, [self.text(limit=MOST_LINES), self._following(MOST_LINES)]))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        # No milliseconds: a notebook run again should be the same to the byte.
        section = replace(self.section(limit=MOST_TILES), milliseconds=None, more=self._following(MOST_TILES))
        return {"text/plain": repr(self), "text/html": str(contact_sheet.fragment(section))}

    def __reduce__(self) -> tuple[Callable[..., Hits], tuple[object, ...]]:
        shown = list(dict.fromkeys(hit.input.id for hit in self.hits[:MOST_TILES]))
        pictures = StoredPictures(dict(self.pictures(shown)) if shown else {})
        of_search = self.query, self.total, self.milliseconds, self.level
        return _restored, (tuple(self.hits), *of_search, pictures, self.expression, self.counted)

    def _of(self, hits: Sequence[Hit]) -> Hits:
        return replace(self, hits=hits)

    def _tiles(self, shown: Sequence[Hit], captions: Sequence[str]) -> list[Tile]:
        views = [self.view(hit) if self.view else None for hit in shown]
        wanted = dict.fromkeys(hit.input.id for hit, view in zip(shown, views, strict=True) if view is None)
        pictures = self.pictures(list(wanted)) if wanted else {}
        below = [*captions, *[""] * len(shown)]
        return [
            Tile(hit, pictures.get(hit.input.id), view, caption)
            for hit, view, caption in zip(shown, views, below, strict=False)
        ]

    def _following(self, limit: int) -> str:
        """How many come after the first few, and what to type to see them."""
        last = _last_rank(self.hits[:limit])
        if last >= self.total:
            return ""
        rest = f"and {total_text(self.total - last, counted=self.counted)} more"
        if len(self) > limit:
            return f"{rest}: hits[{limit}:{2 * limit}]"
        if self.more is not None and self.hits and last % len(self) == 0:
            size = "" if len(self) == PAGE else f", size={len(self)}"
            return f"{rest}: hits.page({last // len(self) + 1}{size})"
        return rest


def _restored(
    hits: Sequence[Hit],
    query: str,
    total: int,
    milliseconds: float,
    level: Level,
    pictures: StoredPictures,
    expression: Query | None,
    counted: bool = True,
) -> Hits:
    return Hits(
        hits,
        query=query,
        total=total,
        milliseconds=milliseconds,
        level=level,
        pictures=pictures,
        expression=expression,
        counted=counted,
    )


def _line(hit: Hit) -> tuple[str, ...]:
    id, name = shortened(hit.input.id, 24), shortened(display_name(hit.input), 40)
    return str(hit.rank), score_text(hit.score), id, name, box_text(hit.box)


def _last_rank(hits: Sequence[Hit]) -> int:
    return hits[-1].rank if hits else 0
