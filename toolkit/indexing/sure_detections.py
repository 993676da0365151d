"""Annotations without the detections that are not sure enough to count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..resources import Resources
from ..store import Region
from ..values.types import Annotation
from ..words.vocabularies import detectors

__all__ = ["counting", "sure_detections"]


def sure_detections(
    annotations: Iterable[Annotation], resources: Resources, least: float | None = None
) -> list[Annotation]:
    """The annotations, of detectors only with what is sure enough, and without those of which nothing is left.

    Parameters
    ----------
    annotations : iterable of Annotation
        Of any source.
    resources : Resources
        Of the open collection.
    least : float, optional
        The least confidence that counts; `Settings.detections` by default.
    """
    least = resources.settings.detections if least is None else least
    sources = detectors(resources.store)
    if not sources or least <= 0:
        return list(annotations)
    given = [
        one if one.source not in sources else replace(one, concepts=_sure(one.concepts, least))
        for one in annotations
    ]
    return [one for one in given if one.concepts or one.source not in sources]


def counting(regions: Sequence[Region], resources: Resources, least: float | None = None) -> list[Region]:
    """Regions without those that only detections speak of which do not count.

    Parameters
    ----------
    regions : sequence of Region
        Boxes and whole pictures; the latter stay.
    resources : Resources
        Of the open collection.
    least : float, optional
        As of `sure_detections`.
    """
    sources = detectors(resources.store)
    if not sources or least == 0:
        return list(regions)
    boxes = [one.key for one in regions if one.box is not None]
    said = resources.store.annotations.on_regions(boxes)
    sure = {one.region_id for one in sure_detections(said, resources, least)}
    weak = {one.region_id for one in said} - sure
    return [one for one in regions if one.id not in weak]


def _sure(concepts: Mapping[str, float], least: float) -> Mapping[str, float]:
    return {concept: value for concept, value in concepts.items() if value >= least}
