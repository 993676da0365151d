"""The searches of a request, ranked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from clarifai_grpc.grpc.api.resources_pb2 import And, Annotation, Hit, HitCount, Search
from clarifai_grpc.grpc.api.resources_pb2 import Query as WireQuery
from clarifai_grpc.grpc.api.service_pb2 import MultiSearchResponse, Pagination
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit import Hits, Query
from toolkit.plugins import Level, NotIndexedError, Term

from .calls import Call
from .fields import only_fields
from .filters import EVERYTHING, annotation_filter, filter_query, input_filter
from .message_writer import MessageWriter
from .pages import MOST_RANKED, Page, page_of
from .ranks import annotation_rank, rank_query
from .statuses import Refused, ok

__all__ = ["INVALID", "SearchRequest", "answer", "search_request"]

INVALID = StatusCode.SEARCH_INVALID_REQUEST
# The search here is exact, so what the API's two algorithms and two metrics find is the same: on vectors of unit
# length, the nearest by one metric is the nearest by the other.
_ALGORITHMS = ("", "nearest_neighbor", "brute_force")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search of a request as a query with options.

    Parameters
    ----------
    query : Query
        What is asked.
    level : {"input", "region"}
        What a hit is.
    minimum : float
        The least score of a hit.
    language : str
        In which concepts of the answer are named; empty for the collection's own.
    """

    query: Query
    level: Level
    minimum: float = 0.0
    language: str = ""


def answer(
    searches: Sequence[Search],
    pagination: Pagination,
    call: Call,
    *,
    level: Level,
    only_count: bool = False,
) -> MultiSearchResponse:
    """The hits of some searches, one list after another, each the same page of its own ranking.

    Parameters
    ----------
    searches : sequence of Search
        Searches of the request.
    pagination : Pagination
        The page that is asked for.
    call : Call
        The collection asked, and who asks.
    level : {"input", "region"}
        What a hit is.
    only_count : bool
        Whether to count hits instead of returning them.
    """
    page = page_of(pagination.page, pagination.per_page, invalid=INVALID, limit=MOST_RANKED)
    response = MultiSearchResponse(status=ok())
    for search in searches or [Search()]:
        asked = search_request(search, call, level=level)
        if only_count:
            total = _ranked(asked, Page(0, 1), call).total
            response.hit_counts.append(HitCount(estimated_total=total))
        else:
            response.hits.extend(_hits(asked, page, call))
    return response


def search_request(search: Search, call: Call, *, level: Level) -> SearchRequest:
    """The query and the options of a search.

    Parameters
    ----------
    search : Search
        A search of the request.
    call : Call
        The collection asked, and who asks.
    level : {"input", "region"}
        What a hit is.

    Raises
    ------
    Refused
        An algorithm that is not known, or a rank or filter that cannot be.
    """
    if search.algorithm not in _ALGORITHMS:
        known = ", ".join(filter(None, _ALGORITHMS))
        raise Refused(INVALID, f"no algorithm {search.algorithm!r}; there are: {known}")
    query = query_of_search(search.query, call)
    return SearchRequest(query, level, float(search.min_value), search.query.language)


def query_of_search(query: WireQuery, call: Call) -> Query:
    """The query of a search: all filters and ranks must hold; empty ones are left out.

    Parameters
    ----------
    query : WireQuery
        The query's message.
    call : Call
        The collection asked, and who asks.
    """
    parts = [part for part in _parts(query, call) if part is not None]
    return reduce(and_, parts) if parts else EVERYTHING


def _parts(query: WireQuery, call: Call) -> Iterator[Query | None]:
    language = query.language
    for filter in query.filters:
        yield filter_query(filter, call, language=language)
    for one in query.ranks:
        yield rank_query(one, call, language=language)
    for old in query.ands:  # the older form: an input or annotation filters, an output ranks
        for part in (
            input_filter(old.input, call, language=language, negate=old.negate),
            annotation_filter(old.annotation, call, language=language, negate=old.negate),
        ):
            yield ~part if old.negate and part is not None else part
        yield _output(old, call, language)


def _output(old: And, call: Call, language: str) -> Query | None:
    only_fields(old.output, ("input", "data"), where="an output")
    only_fields(old.output.input, ("id", "data"), where="an output's input")
    given = old.output.input.data if old.output.HasField("input") else old.output.data
    like = Annotation(data=given, input_id=old.output.input.id)
    return annotation_rank(like, call, language=language, negate=old.negate)


def _hits(asked: SearchRequest, page: Page, call: Call) -> list[Hit]:
    hits = _ranked(asked, page, call)
    return MessageWriter(call, asked.language).hits(hits, level=asked.level)


def _ranked(asked: SearchRequest, page: Page, call: Call) -> Hits:
    try:
        return call.photos.search(
            asked.query,
            limit=page.limit,
            offset=page.offset,
            level=asked.level,
            minimum=asked.minimum,
            lone_cosine="half",  # recipes with a `min_value` are written for the API's own scale
        )
    except NotIndexedError as error:
        _refuse_unindexed_inputs(asked.query, call)
        raise Refused(INVALID, error.advice.shell()) from error


def _refuse_unindexed_inputs(query: Query, call: Call) -> None:
    """Raise the API's own status if an input to search by has no embedding."""
    named = [term.subject for term in query.terms() if isinstance(term, Term) and term.ranker == "input"]
    for id in call.photos.inputs.existing([str(one) for one in named]):
        if not call.photos.inputs.spaces(id):
            code = StatusCode.SEARCH_BY_NOT_FULLY_INDEXED_INPUT
            raise Refused(code, f"input {id!r} has no embedding yet: finish with toolkit index COLLECTION")
