"""What concepts and phrases mean, as vectors of one space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.plugins import Concept, FloatArray

from .sentences import DIMENSION, encode, unit

__all__ = ["concept_vectors", "phrase_vector"]

SENSES = 4  # of a word, compared with the word itself


def concept_vectors(concepts: Sequence[Concept]) -> FloatArray:
    """Unit vectors float32 (c, 512) of concepts: what they are called, and what they are.

    The mean of the names, and beside it the sentence ``name: definition`` where there is a definition. A concept
    without a name is known by its id.

    Parameters
    ----------
    concepts : sequence of c Concept
        With English names.
    """
    names = [one.names.get("en") or (one.id,) for one in concepts]
    sentences = [name for each in names for name in each]
    defined = [f"{names[at][0]}: {one.definition}" for at, one in enumerate(concepts) if one.definition]
    vectors = encode([*sentences, *defined])
    starts = np.cumsum([0, *(len(each) for each in names)])
    called = np.zeros((len(concepts), DIMENSION), np.float32)
    if len(concepts):
        called = unit(np.add.reduceat(vectors[: starts[-1]], starts[:-1], axis=0))
    has = np.array([bool(one.definition) for one in concepts], bool)
    called[has] += vectors[starts[-1] :]
    return unit(called)


def phrase_vector(phrase: str, senses: Sequence[Concept]) -> FloatArray:
    """Unit vector float32 (512,) of a phrase: of the concept that it names, else of its own words.

    Through the concept, the words of every language that has a lexicon are as good as English ones. Of several
    senses the one that is nearest to the words themselves counts.

    Parameters
    ----------
    phrase : str
        A name, or any words.
    senses : sequence of Concept
        What it may stand for, with English names; none if it is no name.
    """
    own = encode([phrase])[0]
    if not senses:
        return unit(own)
    vectors = concept_vectors(senses[:SENSES])
    return np.asarray(vectors[int(np.argmax(vectors @ own))])
