"""The workflow of a collection: made longer or shorter, and made ready to run."""

from __future__ import annotations

import warnings
from shlex import quote

from ..errors import ToolkitError
from ..plugins.components import Components, Missing, full_name, load_components, present_part
from ..plugins.interfaces import ConceptModel, Detector
from ..plugins.registry import PluginWarning
from ..remedies import Advice, Remedy
from ..resources import Resources
from ..values.settings import Workflow
from ..words.concept_graph import link_to_graph
from ..words.vocabularies import are_declared, declare, stored_vocabularies
from .trial import try_out

__all__ = ["extend_workflow", "prepare_workflow", "shorten_workflow"]


def extend_workflow(resources: Resources, **specs: str | None) -> None:
    """Add models to the workflow, by kind; those it has stay where they are.

    A model is recorded once it has worked on a picture: a broken one would be asked at every ``add``.

    Parameters
    ----------
    resources : Resources
        The open collection.
    **specs : str or None
        ``embedder``, ``concept_model`` and ``detector``; None adds nothing.

    Raises
    ------
    UnknownNameError
        No plugin goes by that name; the workflow stays as it was.
    ToolkitError
        The model does not work; the workflow stays as it was.
    """
    before = after = resources.workflow
    new = Workflow()
    for kind, spec in specs.items():
        if spec is not None and f"{kind}:{spec}" not in before.components():
            after, new = after.with_(kind, spec), new.with_(kind, spec)
    if after != before:
        try_out(load_components(new, resources.registry), resources)
        resources.workflow = after


def shorten_workflow(resources: Resources, **specs: str | None) -> None:
    """Take models out of the workflow, by kind; what they computed stays.

    Parameters
    ----------
    resources : Resources
        The open collection.
    **specs : str or None
        ``embedder``, ``concept_model`` and ``detector``; None takes nothing out.

    Raises
    ------
    UnknownNameError
        The workflow has no such model, and stays as it was.
    """
    workflow = resources.workflow
    for kind, spec in specs.items():
        if spec is not None:
            workflow = workflow.without(kind, spec)
    resources.workflow = workflow


def prepare_workflow(resources: Resources) -> Components:
    """The models of the workflow; their spaces, concepts and the hypernyms of these are stored.

    One that cannot be made here is left out with a warning: what it has not computed stays to be done.
    """
    with resources.store.read():
        workflow = resources.workflow
        spaces = resources.store.spaces.embedders()
        declared = stored_vocabularies(resources.store)
    try:
        components = load_components(workflow, resources.registry)
    except ToolkitError:
        workflow, missing = present_part(workflow, resources.registry)
        for one in missing:
            warnings.warn(_left_out(one), PluginWarning, stacklevel=3)
        components = load_components(workflow, resources.registry)
    models: list[ConceptModel | Detector] = [
        *components.concept_models.values(),
        *components.detectors.values(),
    ]
    if spaces.keys() >= set(map(full_name, components.embedders.values())) and are_declared(models, declared):
        return components  # as mostly: a thousand concepts are not written anew for every box that is drawn
    with resources.store.write() as writer:
        writer.concepts.add(components.concepts)
        for spec in workflow.embedders:
            embedder = resources.registry.embedder(spec)
            writer.spaces.add(full_name(embedder), embedder=spec, dimension=embedder.dimension)
        new = declare(models, resources.store, writer)
    if new:
        link_to_graph(new, resources.store, resources.registry)
    return components


def _left_out(one: Missing) -> Advice:
    kind = one.kind.replace("_", " ")
    drop = Remedy(
        f"photos.models.drop({one.kind}={one.spec!r})",
        f"toolkit workflow COLLECTION --drop {quote(f'{one.kind}:{one.spec}')}",
    )
    return Advice(
        f"{kind} {one.spec!r} of the workflow cannot run here and is left out: ",
        one.error.advice,
        " Once it can, ",
        Remedy("photos.index()", "toolkit index COLLECTION"),
        " computes what is missing; ",
        drop,
        " takes it out for good",
    )
