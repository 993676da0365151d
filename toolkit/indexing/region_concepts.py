"""What concept models say of regions: each is cut out and looked at as a picture of its own."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ..errors import NotIndexedError
from ..plugins.components import Components
from ..remedies import Remedy
from ..resources import Resources
from ..store import Region
from ..values.source import MODEL, Source
from ..values.types import Box
from ..words.vocabularies import classifiers
from .computing import Worker
from .jobs import classifying_jobs
from .recording import Recorder
from .report import Report
from .run import run
from .sure_detections import counting
from .workflow import prepare_workflow

__all__ = ["classify_regions", "unclassified"]


def classify_regions(
    resources: Resources, *, progress: bool = True, report: Callable[[float], None] | None = None
) -> Report:
    """Have the concept models of the workflow look at every region that they have not looked at yet.

    Parameters
    ----------
    resources : Resources
        The open collection.
    progress : bool
        Whether to show a bar if it takes longer than two seconds.
    report : callable, optional
        Called with the share that is done, in [0, 1], after each batch.

    Raises
    ------
    NotIndexedError
        The workflow has no concept model.
    ContractError
        A model broke its contract; the batches before are stored.
    """
    start = time.perf_counter()
    components = prepare_workflow(resources)
    if not components.concept_models:
        name_one = Remedy(
            "photos.index(concept_model=NAME, regions=True)",
            "toolkit index COLLECTION --concept-model NAME --regions",
        )
        raise NotIndexedError(
            "the workflow has no concept model to classify regions with; name one: ", name_one
        )
    wanted = _wanted(components, resources)
    done = run(
        classifying_jobs(wanted, resources),
        Worker(components, resources.settings, resources.registry),
        Recorder(resources, components),
        verb="Classifying regions",
        total=len(wanted),
        progress=progress,
        report=report,
    )
    return replace(done, seconds=time.perf_counter() - start)


def _wanted(components: Components, resources: Resources) -> Mapping[int, Mapping[str, set[Box]]]:
    """By the key of an input, the boxes that each concept model has said nothing of."""
    lost = set(resources.store.inputs.keys_without_a_file())
    wanted: defaultdict[int, defaultdict[str, set[Box]]] = defaultdict(lambda: defaultdict(set))
    for name, model in components.concept_models.items():
        for region in resources.store.regions.unsaid_by(Source.model(model.name, model.version)):
            if region.box is not None and region.input_key not in lost:
                wanted[region.input_key][name].add(region.box)
    return wanted


def unclassified(input_keys: Iterable[int], resources: Resources) -> list[Region]:
    """The regions on some inputs that no model has said any concept of, and at which no concept model has looked.

    Parameters
    ----------
    input_keys : iterable of int
        Keys of inputs.
    resources : Resources
        The open collection.
    """
    with resources.store.read():
        found = counting(resources.store.regions.on_inputs(input_keys), resources)
        boxes = [one for one in found if one.box is not None]
        looked = classifiers(resources.store)
        said = resources.store.annotations.on_regions([one.key for one in boxes])
    known = {
        one.region_id for one in said if one.source in looked or (one.concepts and _is_found(one.source))
    }
    return [one for one in boxes if one.id not in known]


def _is_found(source: str) -> bool:
    """Whether a detector said it, or an imported model; a trained concept says one thing of every region."""
    return Source(source).kind == MODEL and not Source(source).trained_concept
