"""Topics and judgments from the labels of a collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..errors import QueryError, UnknownNameError
from ..remedies import Remedy
from ..snapshot import Snapshot
from .judgments import Judgments
from .topics import Topic, Topics

__all__ = ["topics_from_labels"]

FEWEST = 2  # pictures of a concept: one to ask with and one to find


class Photos(Protocol):
    """What is asked of a collection."""

    def snapshot(self) -> Snapshot:
        """Read-only arrays of the newest revision."""
        ...

    def __iter__(self) -> Iterator[str]: ...


def topics_from_labels(
    photos: Photos,
    *,
    concepts: Sequence[str] | None = None,
    per_concept: int = 2,
    seed: int = 0,
    source: str = "human",
    complete: bool = False,
) -> tuple[Topics, Judgments]:
    """Topics that ask with a labeled picture for the others of its concept, and the judgments that go with them.

    A topic has ``topic.input``, the id of the picture, and ``topic.concept``. The picture itself is left out of its
    rankings. Topics of one concept are one group: they share their judgments and rise and fall together.

    Parameters
    ----------
    photos : Collection
        Whose labels.
    concepts : sequence of str, optional
        Ids; all that at least two pictures show by default.
    per_concept : int
        How many pictures of each are drawn to ask with, at least 1; fewer where there are fewer.
    seed : int
        Of the draw.
    source : str
        Whose labels: ``"human"`` takes every person, ``"model:name"`` a model. A value of 0.5 or more is a yes, and the
        majority counts.
    complete : bool
        Whether a picture labeled with another concept, and not with this one, is known not to show it. Measures do not
        depend on it, for what was not judged counts as not relevant; ``Judged@k`` does.

    Raises
    ------
    QueryError
        There are no labels to ask about, or a number that cannot be.
    UnknownNameError
        No concept has one of the ids.

    Examples
    --------
    >>> import numpy as np
    >>> import toolkit
    >>> with toolkit.open(workflow="none") as photos:
    ...     _ = photos.add([np.full((8, 8, 3), shade, np.uint8) for shade in range(6)], progress=False)
    ...     _ = photos.annotate(list(photos)[:4], concept="dark")
    ...     topics, judgments = topics_from_labels(photos, per_concept=2)
    >>> topics, judgments
    (<Topics: 2 in 1 groups, with input, concept>, <Judgments: 6 of 2 topics, 6 relevant>)
    """
    if per_concept < 1:
        raise QueryError(f"per_concept={per_concept!r}: ask with 1 picture of each concept or more")
    snapshot, ids = _read(photos)
    wanted = list(concepts or snapshot.concepts)
    counted = dict.fromkeys([*wanted, *(snapshot.concepts if complete else ())])
    votes = {concept: _votes(concept, snapshot, source) for concept in counted}
    shown = {concept: np.flatnonzero(votes[concept] > 0) for concept in wanted}
    shown = {concept: inputs for concept, inputs in shown.items() if len(inputs) >= FEWEST}
    if not shown:
        raise QueryError(
            f"no concept is labeled on {FEWEST} pictures by {source!r}: ",
            Remedy("photos.annotate(inputs, concept=...)", "toolkit label COLLECTION CONCEPT PICTURE..."),
            " adds labels",
        )
    labeled = np.any([vote != 0 for vote in votes.values()], axis=0)
    random = np.random.default_rng(seed)
    topics, grades = [], {}
    for concept, inputs in shown.items():
        others = labeled & (votes[concept] <= 0) if complete else votes[concept] < 0
        judged = dict.fromkeys(ids[inputs].tolist(), 1) | dict.fromkeys(ids[others].tolist(), 0)
        for input in ids[np.sort(random.permutation(inputs)[:per_concept])].tolist():
            # Without blanks: in a TREC file they part the columns.
            topic = Topic(
                "_".join(f"{concept}/{input}".split()),
                {"input": input, "concept": concept},
                concept,
                (input,),
            )
            topics.append(topic)
            grades[topic.id] = {item: grade for item, grade in judged.items() if item != input}
    return Topics(topics), Judgments(grades, from_labels=True)


def _read(photos: Photos) -> tuple[Snapshot, npt.NDArray[np.object_]]:
    """A snapshot, and the ids of its inputs."""
    while True:
        snapshot, ids = photos.snapshot(), list(photos)
        if photos.snapshot() is snapshot:
            return snapshot, np.array([*ids, None], object)[:-1]


def _votes(concept: str, snapshot: Snapshot, source: str) -> npt.NDArray[np.int64]:
    """int64 (n,): how many more say yes than no of each input, any of its regions."""
    if concept not in snapshot.concept_index:
        raise UnknownNameError("concept", concept, snapshot.concepts)
    votes = np.zeros(len(snapshot.inputs), np.int64)
    for column in snapshot.columns.of(snapshot.concept_index[concept]):
        if snapshot.is_from(column.source, source):
            said = np.where(column.values >= 0.5, 1, -1)
            rows = column.rows
            # A "no" about a region says nothing of the picture around it.
            counts = (said > 0) | snapshot.rows.whole[rows]
            np.add.at(votes, snapshot.rows.input[rows[counts]], said[counts])
    return votes
