"""Networks that put pictures and words into one space (CLIP, SigLIP and their kin): embedders with a text side.

Importing this imports no network library; making a component does.
"""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import EmbedderFactory, hookimpl

from .onnx_folder import ClipFolder
from .open_clip_model import OpenClip

__all__ = ["ClipFolder", "OpenClip", "toolkit_embedders"]


@hookimpl
def toolkit_embedders() -> Sequence[EmbedderFactory]:
    """`clip`, of a folder with ONNX files; `open_clip`, of any model of that library."""
    return [ClipFolder, OpenClip]
