"""The workflow of a collection: made longer, and made ready to run."""

from __future__ import annotations

from dataclasses import replace

from ..plugins.components import Components, full_name, load_components
from ..plugins.interfaces import ConceptModel, Detector
from ..resources import Resources
from ..words.concept_graph import link_to_graph
from ..words.vocabularies import are_declared, declare

__all__ = ["extend_workflow", "prepare_workflow"]


def extend_workflow(resources: Resources, **specs: str | None) -> None:
    """Add models to the workflow, by kind; those it has stay where they are.

    Parameters
    ----------
    resources : Resources
        The open collection.
    **specs : str or None
        Specifications of models by kind, such as ``embedders="pixels"``; None adds nothing.

    Raises
    ------
    UnknownNameError
        No plugin has that name; the workflow stays as it was.
    """
    before = resources.workflow
    more = {kind: (*getattr(before, kind), spec) for kind, spec in specs.items() if spec is not None}
    after = replace(before, **{kind: tuple(dict.fromkeys(names)) for kind, names in more.items()})
    if after != before:
        load_components(after, resources.registry)
        resources.workflow = after


def prepare_workflow(resources: Resources) -> Components:
    """The models of the workflow; their spaces, concepts and their hypernyms are stored."""
    workflow = resources.workflow
    components = load_components(workflow, resources.registry)
    models: list[ConceptModel | Detector] = [
        *components.concept_models.values(),
        *components.detectors.values(),
    ]
    if _is_known(components, models, resources):
        return components  # as mostly: a thousand concepts are not written anew for every box that is drawn
    with resources.store.write() as writer:
        writer.concepts.add(components.concepts)
        for spec, embedder in zip(workflow.embedders, components.embedders.values(), strict=True):
            writer.spaces.add(full_name(embedder), embedder=spec, dimension=embedder.dimension)
        new = declare(models, resources.store, writer)
    if new:
        link_to_graph(new, resources.store, resources.registry)
    return components


def _is_known(components: Components, models: list[ConceptModel | Detector], resources: Resources) -> bool:
    spaces = {full_name(embedder) for embedder in components.embedders.values()}
    with resources.store.read():
        return spaces <= set(resources.store.spaces.embedders()) and are_declared(models, resources.store)
