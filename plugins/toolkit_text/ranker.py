"""The `text` term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from toolkit.plugins import (
    Arguments,
    Context,
    FloatArray,
    NotIndexedError,
    Parameter,
    QueryError,
    Remedy,
    Snapshot,
    Term,
    UnknownNameError,
    cosines,
)

from .meaning_vectors import phrase_vector
from .phrases import bare_phrase
from .picture_meanings import picture_meanings

__all__ = ["TextRanker"]

BEST = 10  # rows whose cosines tell whether anything here is like that
NOTHING, LOOSE = 0.30, 0.45
# A cosine of meanings at which a picture is as likely relevant as not, and the width of the logistic curve: fitted to
# 30 names and 1,409 photos, at a prevalence of 2 %.
MIDPOINT, WIDTH = 0.57, 0.11
# Cosines of pictures and words lie elsewhere in every network, and close together: they are set against those that
# the same words have to all pictures here, of which most are unrelated. In standard deviations above the median.
JOINT_MIDPOINT, JOINT_WIDTH = 4.0, 1.0
SMALL = 1e-6
REST = (
    0.01  # what likeness may add where the very concept has a confidence: it orders those it says nothing of
)


class TextRanker:
    """Ranks by plain words: "a red car", "etwas zum Sitzen".

    In a space with a text side (CLIP and its kin) the words are compared with the pictures themselves. Without
    one they are compared with what a concept model sees in them: a picture means the mean of the classes it may
    show, and what is between these is found too, such as a kangaroo by a network that knows the wallaby. Where the
    collection has the very concept, its confidence counts first.
    """

    name = "text"
    is_filter = False
    help = "Any words: what is described, though no model has a concept for it."
    parameters: Sequence[Parameter] = (
        Parameter("words", "text", "What the pictures should show."),
        Parameter("language", "language", "Of the words, such as de or ja.", None, shorthand=True),
        Parameter("space", "space", "The space to compare in; by default the first with a text side.", None),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,); NaN where nothing is known of a row.

        Raises
        ------
        QueryError
            There are no words, or the space has no text side.
        NotIndexedError
            Nothing here can be compared with words.
        """
        words, language = cast("str", term["words"]), cast("str | None", term["language"])
        if not (phrase := bare_phrase(words)):
            raise QueryError("text needs words, such as ", Remedy("text('a red car')", "text:'a red car'"))
        space = context.text_space(named := cast("str | None", term["space"]))
        if named is not None and space is None:
            raise QueryError(
                f"space {named!r} has no text side, so words cannot be put into it; leave space out, or index an "
                "embedder that has one, such as ",
                Remedy(
                    "photos.index(embedder='clip:FOLDER')",
                    "toolkit index COLLECTION --embedder clip:FOLDER",
                ),
            )
        if space:
            return _joint(words, space, snapshot, context)
        return _by_meaning(phrase, language, snapshot, context)


def _joint(words: str, space: str, snapshot: Snapshot, context: Context) -> FloatArray:
    """Scores float32 (r,) by cosines in a space of pictures and words."""
    of = snapshot.spaces[space]
    scores = np.full(len(snapshot.rows), np.nan, np.float32)
    if not len(of.rows):
        return scores
    values = cosines(of.vectors, context.embed_text(words, space=space))
    median, spread = float(np.median(values)), max(float(np.std(values)), SMALL)
    scores[of.rows] = _logistic((values - median) / spread, JOINT_MIDPOINT, JOINT_WIDTH)
    return scores


def _by_meaning(phrase: str, language: str | None, snapshot: Snapshot, context: Context) -> FloatArray:
    """Scores float32 (r,) by cosines of what pictures and words mean; the very concept first, where it is there."""
    senses = list(dict.fromkeys(one.concept for one in context.senses(phrase, language=language)))
    meaning = phrase_vector(phrase, context.define(senses))
    values = picture_meanings(snapshot, context).cosines(meaning)
    scores = _logistic(values, MIDPOINT, WIDTH)
    confidence = _concept(phrase, language, context) if senses else None
    if confidence is None:
        _warn(phrase, values, context)
        return scores
    said = np.nan_to_num(confidence)
    return np.where(np.isnan(scores), confidence, said + (1 - said) * np.float32(REST) * scores)


def _logistic(values: FloatArray, midpoint: float, width: float) -> FloatArray:
    return np.asarray(1 / (1 + np.exp((midpoint - values) / width)), np.float32)


def _concept(phrase: str, language: str | None, context: Context) -> FloatArray | None:
    """The confidence float32 (r,) of the concept that a phrase names; None if no model here has it."""
    options = () if language is None else (("language", language),)
    try:
        return context.rank(Term("concept", phrase, options))
    except (UnknownNameError, NotIndexedError):
        return None


def _warn(phrase: str, values: FloatArray, context: Context) -> None:
    """Notes that nothing here is what the words describe, where that is so."""
    known = values[~np.isnan(values)]
    if not len(known):
        return
    best = float(np.mean(np.sort(known)[-BEST:]))
    if best < NOTHING:
        context.note(f"nothing here is like {phrase!r}: the nearest of it are at a cosine of {best:.2f}")
    elif best < LOOSE:
        context.note(f"only loosely related to {phrase!r}: the nearest are at a cosine of {best:.2f}")
