"""Networks without torch: embedders, concept models and detectors from ONNX files, run by onnxruntime.

Importing this does not import onnxruntime; making a component does.
"""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import ConceptModelFactory, DetectorFactory, EmbedderFactory, hookimpl

from .concepts import OnnxConcepts
from .detector import OnnxDetector
from .embedder import OnnxEmbedder

__all__ = ["toolkit_concept_models", "toolkit_detectors", "toolkit_embedders"]


@hookimpl
def toolkit_embedders() -> Sequence[EmbedderFactory]:
    """The vectors of an ONNX file."""
    return [OnnxEmbedder]


@hookimpl
def toolkit_concept_models() -> Sequence[ConceptModelFactory]:
    """The classes of an ONNX file."""
    return [OnnxConcepts]


@hookimpl
def toolkit_detectors() -> Sequence[DetectorFactory]:
    """The boxes of an ONNX file."""
    return [OnnxDetector]
