"""The hooks a plugin may implement. Every registration hook returns a list; all lists are collected.

Read `plugins/README.md` for one example of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy
from PIL.Image import Image

from ..images import Decoder
from ..values.types import Hit
from .interfaces import (
    ConceptModelFactory,
    DetectorFactory,
    EmbedderFactory,
    Feedback,
    Fusion,
    Importer,
    Norm,
    Projection,
    Ranker,
    SimilarityIndexFactory,
    Translator,
)

if TYPE_CHECKING:
    from click import Command

__all__ = ["PROJECT", "hookimpl", "hookspec"]

PROJECT = "toolkit"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def toolkit_rankers() -> Sequence[Ranker]:  # type: ignore[empty-body]
    """Rankers: each becomes a word of the query language, a row of the widgets and a term of `toolkit.terms`."""


@hookspec
def toolkit_embedders() -> Sequence[EmbedderFactory]:  # type: ignore[empty-body]
    """Factories of embedders, named in ``photos.index(embedder="name:argument")``."""


@hookspec
def toolkit_concept_models() -> Sequence[ConceptModelFactory]:  # type: ignore[empty-body]
    """Factories of concept models, named in a workflow."""


@hookspec
def toolkit_detectors() -> Sequence[DetectorFactory]:  # type: ignore[empty-body]
    """Factories of detectors, named in a workflow or in ``photos.add(..., detect="name")``."""


@hookspec
def toolkit_translators() -> Sequence[Translator]:  # type: ignore[empty-body]
    """Translators, asked in order of registration; the first finds the names that the collection stores."""


@hookspec
def toolkit_similarity_indexes() -> Sequence[SimilarityIndexFactory]:  # type: ignore[empty-body]
    """Factories of similarity indexes, named in ``Settings(similarity="name")``."""


@hookspec
def toolkit_importers() -> Sequence[Importer]:  # type: ignore[empty-body]
    """Importers, asked in order of registration, the last registered first, whether they accept an origin."""


@hookspec
def toolkit_fusions() -> Sequence[Fusion]:  # type: ignore[empty-body]
    """Methods of fusion, named in ``fuse([a, b], method="name")``."""


@hookspec
def toolkit_norms() -> Sequence[Norm]:  # type: ignore[empty-body]
    """Norms that make scores comparable before they are fused, named in ``fuse([a, b], method="sum", norm="name")``."""


@hookspec
def toolkit_commands() -> Sequence[Command]:  # type: ignore[empty-body]
    """Commands for the ``toolkit`` command line; what they need is imported when they run, not before."""


@hookspec
def toolkit_decoders() -> Sequence[Decoder]:  # type: ignore[empty-body]
    """Decoders of file formats, asked for what is not opened without them; the last registered first."""


@hookspec
def toolkit_feedbacks() -> Sequence[Feedback]:  # type: ignore[empty-body]
    """Feedback strategies, named in ``photos.simulate(["name"], ...)``."""


@hookspec
def toolkit_projections() -> Sequence[Projection]:  # type: ignore[empty-body]
    """Projections, which lay out the pictures of a collection, named in ``photos.project("name")``."""


@hookspec(firstresult=True)
def toolkit_open_image(uri: str) -> Image | None:
    """Open a picture from a URI of the plugin's own scheme, such as ``iiif://``; None if it is not yours."""


@hookspec(firstresult=True)
def toolkit_hit_view(hit: Hit) -> str | None:
    """Show a hit in a way of its own: a fragment of HTML that is safe to embed; None for the usual picture."""
