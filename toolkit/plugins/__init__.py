"""The one door for whoever writes a plugin: hooks, interfaces, parameters, and the values they are made of.

The names are looked up when they are first used, so that discovering plugins costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..errors import (
        ContractError,
        InputError,
        MissingExtraError,
        NotIndexedError,
        PluginError,
        QueryError,
        StoreError,
        ToolkitError,
        UnknownNameError,
    )
    from ..files.contents import read_bytes
    from ..files.fetch import fetch
    from ..images import Picture, crop, decode, encode_png, from_array, stored_orientation, upright
    from ..languages import fallbacks, fold, language_tag
    from ..query import AllOf, AnyOf, Query, Term, Value, freeze
    from ..similarity.cosines import cosines, top_k, unit_queries
    from ..snapshot import Column, InputArrays, Snapshot, TextColumn
    from ..values.canonical import canonical_json
    from ..values.failure import Failure
    from ..values.labels import Corners, Frame, Label, Orientation
    from ..values.names import plain_name
    from ..values.options import Options, read_options
    from ..values.types import (
        Annotation,
        Box,
        Concept,
        Detection,
        FloatArray,
        GeoPoint,
        Hit,
        Input,
        IntArray,
        Json,
        Level,
    )
    from .detections import clean_detections
    from .hooks import hookimpl
    from .interfaces import (
        Arguments,
        Capabilities,
        Compound,
        ConceptGraph,
        ConceptModel,
        ConceptModelFactory,
        Context,
        Detector,
        DetectorFactory,
        Embedder,
        EmbedderFactory,
        Importer,
        Meaning,
        Names,
        Ranker,
        SimilarityIndex,
        SimilarityIndexFactory,
        Translator,
    )
    from .parameters import REQUIRED, Parameter
    from .records import Record

__all__ = [
    "REQUIRED",
    "AllOf",
    "Annotation",
    "AnyOf",
    "Arguments",
    "Box",
    "Capabilities",
    "Column",
    "Compound",
    "Concept",
    "ConceptGraph",
    "ConceptModel",
    "ConceptModelFactory",
    "Context",
    "ContractError",
    "Corners",
    "Detection",
    "Detector",
    "DetectorFactory",
    "Embedder",
    "EmbedderFactory",
    "Failure",
    "FloatArray",
    "Frame",
    "GeoPoint",
    "Hit",
    "Importer",
    "Input",
    "InputArrays",
    "InputError",
    "IntArray",
    "Json",
    "Label",
    "Level",
    "Meaning",
    "MissingExtraError",
    "Names",
    "NotIndexedError",
    "Options",
    "Orientation",
    "Parameter",
    "Picture",
    "PluginError",
    "Query",
    "QueryError",
    "Ranker",
    "Record",
    "SimilarityIndex",
    "SimilarityIndexFactory",
    "Snapshot",
    "StoreError",
    "Term",
    "TextColumn",
    "ToolkitError",
    "Translator",
    "UnknownNameError",
    "Value",
    "canonical_json",
    "clean_detections",
    "cosines",
    "crop",
    "decode",
    "encode_png",
    "fallbacks",
    "fetch",
    "fold",
    "freeze",
    "from_array",
    "hookimpl",
    "language_tag",
    "plain_name",
    "read_bytes",
    "read_options",
    "stored_orientation",
    "top_k",
    "unit_queries",
    "upright",
]

_HOME = {
    "AllOf": "..query",
    "Annotation": "..values.types",
    "AnyOf": "..query",
    "Arguments": ".interfaces",
    "Box": "..values.types",
    "Capabilities": ".interfaces",
    "Column": "..snapshot",
    "Compound": ".interfaces",
    "Concept": "..values.types",
    "ConceptGraph": ".interfaces",
    "ConceptModel": ".interfaces",
    "ConceptModelFactory": ".interfaces",
    "Context": ".interfaces",
    "ContractError": "..errors",
    "Corners": "..values.labels",
    "Detection": "..values.types",
    "Detector": ".interfaces",
    "DetectorFactory": ".interfaces",
    "Embedder": ".interfaces",
    "EmbedderFactory": ".interfaces",
    "Failure": "..values.failure",
    "FloatArray": "..values.types",
    "Frame": "..values.labels",
    "GeoPoint": "..values.types",
    "Hit": "..values.types",
    "Importer": ".interfaces",
    "Input": "..values.types",
    "InputArrays": "..snapshot",
    "InputError": "..errors",
    "IntArray": "..values.types",
    "Json": "..values.types",
    "Label": "..values.labels",
    "Level": "..values.types",
    "Meaning": ".interfaces",
    "MissingExtraError": "..errors",
    "Names": ".interfaces",
    "NotIndexedError": "..errors",
    "Options": "..values.options",
    "Orientation": "..values.labels",
    "Parameter": ".parameters",
    "Picture": "..images",
    "PluginError": "..errors",
    "Query": "..query",
    "QueryError": "..errors",
    "REQUIRED": ".parameters",
    "Ranker": ".interfaces",
    "Record": ".records",
    "SimilarityIndex": ".interfaces",
    "SimilarityIndexFactory": ".interfaces",
    "Snapshot": "..snapshot",
    "StoreError": "..errors",
    "Term": "..query",
    "TextColumn": "..snapshot",
    "ToolkitError": "..errors",
    "Translator": ".interfaces",
    "UnknownNameError": "..errors",
    "Value": "..query",
    "canonical_json": "..values.canonical",
    "clean_detections": ".detections",
    "cosines": "..similarity.cosines",
    "crop": "..images",
    "decode": "..images",
    "encode_png": "..images",
    "fallbacks": "..languages",
    "fetch": "..files.fetch",
    "fold": "..languages",
    "freeze": "..query",
    "from_array": "..images",
    "hookimpl": ".hooks",
    "language_tag": "..languages",
    "plain_name": "..values.names",
    "read_bytes": "..files.contents",
    "read_options": "..values.options",
    "stored_orientation": "..images",
    "top_k": "..similarity.cosines",
    "unit_queries": "..similarity.cosines",
    "upright": "..images",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name], __name__), name)
    globals()[name] = value
    return value
