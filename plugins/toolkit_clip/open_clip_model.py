"""Any model of the library open_clip, which has CLIP, SigLIP, EVA and more; needs torch."""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from PIL.Image import Image

from toolkit.plugins import FloatArray, InputError, MissingExtraError, QueryError, library_threads

__all__ = ["OpenClip"]

BATCH = 8
CONFIGURATION = "open_clip_config.json"


class OpenClip:
    """An embedder of pictures and words by open_clip.

    Parameters
    ----------
    argument : str
        A folder with ``open_clip_config.json`` and the weights, as model pages offer it: nothing is downloaded. Or
        ``MODEL@WEIGHTS``: a model that the library knows, and a file of weights, or the name of weights that it then
        downloads, such as ``ViT-B-32@laion2b_s34b_b79k``.

    Raises
    ------
    MissingExtraError
        open_clip is not installed.
    QueryError
        No model or no weights are named: a network that was never trained ranks at random.
    InputError
        The model cannot be loaded; says why.

    References
    ----------
    G. Ilharco et al., OpenCLIP, 2021, https://github.com/mlfoundations/open_clip
    """

    name = "open_clip"

    def __init__(self, argument: str = "", /) -> None:
        self._argument = argument
        self._lock = Lock()
        folder = Path(argument).expanduser()
        is_folder = bool(argument) and (folder / CONFIGURATION).is_file()
        self._model_name, _, self._weights = argument.rpartition("@")
        if is_folder:
            self._model_name, self._weights = f"local-dir:{folder.absolute()}", ""
        elif not self._model_name or not self._weights:
            raise QueryError(
                "embedder 'open_clip' needs a folder with open_clip_config.json, or MODEL@WEIGHTS, such as "
                "open_clip:ViT-B-32@laion2b_s34b_b79k"
            )
        title = folder.absolute().name if is_folder else self._model_name
        self.name = "open_clip-" + re.sub(r"[^\w.-]+", "-", title)
        self.version = _version(folder if is_folder else Path(self._weights).expanduser(), self._weights)
        self._loaded: tuple[Any, Any, Any] | None = self._load()
        self.dimension = int(self.embed_text(["a"]).shape[1])

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, d) of whole pictures."""
        import torch

        model, prepare, _ = self._parts()
        with torch.inference_mode():
            rows = [
                model.encode_image(torch.stack([prepare(one) for one in images[start : start + BATCH]]))
                for start in range(0, len(images), BATCH)
            ]
        return self._array(rows)

    def embed_text(self, texts: Sequence[str]) -> FloatArray:
        """Vectors float32 (b, d) of texts, in the space of the pictures."""
        import torch

        model, _, tokenize = self._parts()
        with torch.inference_mode():
            return self._array([model.encode_text(tokenize(list(texts)))] if texts else [])

    def _array(self, rows: Sequence[Any]) -> FloatArray:
        if not rows:
            return np.empty((0, self.dimension), np.float32)
        return np.concatenate([np.asarray(one.float().cpu().numpy(), np.float32) for one in rows])

    def _parts(self) -> tuple[Any, Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> tuple[Any, Any, Any]:
        try:
            open_clip = importlib.import_module("open_clip")
        except ImportError as error:
            raise MissingExtraError("embedder 'open_clip'", "open_clip_torch", "open_clip") from error
        importlib.import_module("torch").set_num_threads(library_threads())
        weights = (
            str(Path(self._weights).expanduser())
            if Path(self._weights).expanduser().is_file()
            else self._weights
        )
        try:
            # Weights are read as numbers alone: open_clip loads with torch's weights_only.
            model, _, prepare = open_clip.create_model_and_transforms(
                self._model_name, pretrained=weights or None, weights_only=True
            )
            return model.eval(), prepare, open_clip.get_tokenizer(self._model_name)
        except Exception as error:  # the library raises whatever its parts do
            raise InputError(self._argument, f"open_clip cannot load it: {str(error)[:300]}") from error

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in vars(self).items() if key not in ("_lock", "_loaded")}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state, _lock=Lock(), _loaded=None)


def _version(path: Path, name: str) -> str:
    """Ten digits of the files there are; else the name of the weights."""
    files = sorted(path.iterdir()) if path.is_dir() else [path] if path.is_file() else []
    digest = hashlib.sha256()
    for file in files:
        if file.is_file():
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:10] if files else re.sub(r"[^\w.-]+", "-", name)
