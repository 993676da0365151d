"""Networks of timm and torchvision: embedders, concept models and detectors with real weights.

Importing this imports neither torch nor timm; making a component does.
"""

from __future__ import annotations

from collections.abc import Sequence

from click import Command

from toolkit.plugins import ConceptModelFactory, DetectorFactory, EmbedderFactory, hookimpl

from .concepts import TimmConcepts
from .embedder import TimmEmbedder
from .export_command import command
from .torchvision_detector import TorchvisionDetector

__all__ = ["toolkit_commands", "toolkit_concept_models", "toolkit_detectors", "toolkit_embedders"]


@hookimpl
def toolkit_embedders() -> Sequence[EmbedderFactory]:
    """The features of any timm model."""
    return [TimmEmbedder]


@hookimpl
def toolkit_concept_models() -> Sequence[ConceptModelFactory]:
    """The classes of any timm classifier."""
    return [TimmConcepts]


@hookimpl
def toolkit_detectors() -> Sequence[DetectorFactory]:
    """The detectors of torchvision."""
    return [TorchvisionDetector]


@hookimpl
def toolkit_commands() -> Sequence[Command]:
    """``toolkit export-onnx``."""
    return [command]
