"""The scores of all hits of a query as bars, and where they may be cut."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..errors import QueryError
from ..hits import Hits
from ..hits.cutoff import Cutoff, SuggestsCutoff, log_odds
from ..values.types import Json

__all__ = ["histogram"]

BARS: Final = 48


def histogram(hits: Hits, learned: SuggestsCutoff | None = None) -> dict[str, Json]:
    """A JSON object of the bars, on a line of log odds, and of the suggested cut-off; without hits, of nothing.

    Parameters
    ----------
    hits : Hits
        Some hits of a query.
    learned : SuggestsCutoff, optional
        What judged topics say; without it the scores alone decide.
    """
    scores = np.empty(0) if hits.all_scores is None else hits.all_scores()
    if not len(scores):
        return {"bars": [], "text": "There are no scores to show."}
    odds = log_odds(scores)
    low, high = float(odds.min()), float(odds.max())
    high = high if high > low else low + 1
    bars, _ = np.histogram(odds, BARS, (low, high))
    drawn: dict[str, Json] = {
        "bars": bars.tolist(),
        "lowest": float(scores[-1]),
        "highest": float(scores[0]),
        "total": len(scores),
    }
    try:
        cutoff = hits.suggest_cutoff(learned)
    except QueryError as error:
        return drawn | {"text": f"{error}."}

    def place(count: int | None) -> Json:
        return None if count is None else (float(odds[min(count, len(odds)) - 1]) - low) / (high - low)

    return drawn | {
        "count": cutoff.count,
        "at": place(cutoff.count),
        "between": [place(cutoff.most), place(cutoff.fewest)],
        "text": _sentence(cutoff),
    }


def _sentence(cutoff: Cutoff) -> str:
    text = str(cutoff)
    return f"{text[0].upper()}{text[1:]}."
