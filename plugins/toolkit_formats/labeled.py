"""The labels of the inputs of a collection, as exporters need them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from toolkit.plugins import Annotation, Box, Input, Query, QueryError

if TYPE_CHECKING:
    from toolkit import Collection
    from toolkit.hits import Hits

__all__ = ["YES", "Labeled", "Some", "StoredLabel", "labeled"]

YES = 0.5  # the least value that counts as a label
Some: TypeAlias = "Hits | Query | str | Sequence[str] | None"


@dataclass(frozen=True, slots=True)
class StoredLabel:
    """One label.

    Parameters
    ----------
    box : Box or None
        On the upright picture; None for the whole.
    concept : str
        Concept id.
    value : float
        In [0, 1].
    source : str
        Who says it.
    """

    box: Box | None
    concept: str
    value: float
    source: str

    @property
    def is_model(self) -> bool:
        """Whether a model says it, and no person."""
        return self.source.startswith("model:")


@dataclass(frozen=True, slots=True)
class Labeled:
    """One input and its labels.

    Parameters
    ----------
    input : Input
        Which.
    labels : tuple of StoredLabel
        In the order they were made.
    """

    input: Input
    labels: tuple[StoredLabel, ...]

    @property
    def concepts(self) -> tuple[str, ...]:
        """Concept ids of the whole image."""
        return tuple(one.concept for one in self.labels if one.box is None)

    @property
    def regions(self) -> tuple[tuple[Box, str], ...]:
        """Boxes with one concept id each."""
        return tuple((one.box, one.concept) for one in self.labels if one.box is not None)


def labeled(
    photos: Collection,
    *,
    source: str | None = "human",
    of: Some = None,
    least: float = YES,
    detections: float | None = None,
) -> Iterator[Labeled]:
    """Every input, in order of creation, or some in the order given, with what a source says it shows.

    Several people who say the same say it once; models each for themselves.

    Parameters
    ----------
    photos : Collection
        Where they are.
    source : str or None
        ``"human"`` for all people, ``"human:ann"`` for one, ``"model:yolox"`` for every version of a model, None for
        everybody.
    of : Hits, Query, str, sequence of str or None
        Which inputs: those of hits, all hits of a query, those of some ids; None for all.
    least : float
        The least value of a label.
    detections : float, optional
        The least confidence of a detection, which `least` does not concern; `Settings.detections` by default.

    Raises
    ------
    QueryError
        What is asked for is none of these.
    UnknownNameError
        No input has one of the ids.
    """
    ids = _ids(photos, of)
    detectors = photos.models.detectors
    for one, found in photos.annotations.by_input(source=source, inputs=ids, detections=detections):
        yield Labeled(one, tuple(_stored_labels(found, least, detectors)))


def _ids(photos: Collection, of: Some) -> list[str] | None:
    if of is None:
        return None
    if isinstance(of, Query | str | Mapping):
        of = photos.search(of, limit=max(len(photos), 1))
    found: object = getattr(of, "ids", of)
    given = list(found) if isinstance(found, Iterable) else [found]
    ids = [id for id in given if isinstance(id, str)]
    if len(ids) < len(given):
        raise QueryError(f"give hits, a query or ids of inputs, not {of!r:.80}")
    return list(dict.fromkeys(ids))


def _stored_labels(
    annotations: Iterable[Annotation], least: float, detectors: Container[str]
) -> Iterator[StoredLabel]:
    seen: set[tuple[Box | None, str, str]] = set()
    for annotation in annotations:
        is_model = annotation.source.startswith("model:")
        for concept, value in annotation.concepts.items():
            key = annotation.box, concept, annotation.source if is_model else "human"
            if (value >= least or annotation.source in detectors) and key not in seen:
                seen.add(key)
                yield StoredLabel(annotation.box, concept, value, annotation.source)
