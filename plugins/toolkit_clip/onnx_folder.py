"""A folder with the two halves of a CLIP or SigLIP network as ONNX files, and its tokenizer; needs no torch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from toolkit.plugins import (
    ContractError,
    FloatArray,
    InputError,
    MissingExtraError,
    QueryError,
    library_threads,
)

from .picture_input import PictureInput, read_picture_input
from .token_input import TokenInput

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["ClipFolder"]

BATCH = 8  # pictures, or texts, at a time
FEATURE = "embedder 'clip'"
VISION, TEXT = "vision_model.onnx", "text_model.onnx"
OUTPUTS = ("image_embeds", "text_embeds", "pooler_output")  # the first of them that a half has


class ClipFolder:
    """An embedder of pictures and words from a folder as ``optimum`` exports it and many model pages offer it.

    The folder holds ``vision_model.onnx`` and ``text_model.onnx`` (there, or in a folder ``onnx``), and
    ``tokenizer.json`` and ``preprocessor_config.json``; nothing is downloaded and nothing in it is executed.

    Parameters
    ----------
    argument : str
        The folder.

    Raises
    ------
    MissingExtraError
        onnxruntime is not installed.
    QueryError
        No folder is named.
    InputError
        The folder cannot be used; says why.

    References
    ----------
    A. Radford et al., Learning Transferable Visual Models From Natural Language Supervision, ICML 2021.
    """

    name = "clip"

    def __init__(self, argument: str = "", /) -> None:
        if not argument:
            raise QueryError("embedder 'clip' needs a folder: clip:FOLDER")
        self._folder = Path(argument).expanduser().absolute()
        if not self._folder.is_dir():
            raise InputError(str(self._folder), "no such folder")
        self.name = f"clip-{self._folder.name}"
        self._pictures: PictureInput = read_picture_input(self._folder / "preprocessor_config.json")
        self.version = _digest(self._folder)
        self.dimension = _width(self._vision, _output(self._vision, self._folder))

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, d) of whole pictures."""
        output = _output(self._vision, self._folder)
        name = self._vision.get_inputs()[0].name
        return self._rows(
            [
                self._run(
                    self._vision, output, {name: self._pictures.prepared(images[start : start + BATCH])}
                )
                for start in range(0, len(images), BATCH)
            ]
        )

    def embed_text(self, texts: Sequence[str]) -> FloatArray:
        """Vectors float32 (b, d) of texts, in the space of the pictures."""
        output = _output(self._text, self._folder)
        named = [one.name for one in self._text.get_inputs()]
        return self._rows(
            [
                self._run(self._text, output, self._tokens.prepared(texts[start : start + BATCH], named))
                for start in range(0, len(texts), BATCH)
            ]
        )

    def _rows(self, parts: Sequence[FloatArray]) -> FloatArray:
        return np.concatenate([np.empty((0, self.dimension), np.float32), *parts])

    def _run(
        self, half: InferenceSession, output: str, given: dict[str, npt.NDArray[np.generic]]
    ) -> FloatArray:
        try:
            rows = half.run([output], given)[0]
        except Exception as error:  # onnxruntime's own exceptions share no base class
            raise ContractError(self.name, "it takes what its folder says", str(error)[:200]) from error
        return np.asarray(rows, np.float32)

    @cached_property
    def _vision(self) -> InferenceSession:
        return _opened(self._folder, VISION)

    @cached_property
    def _text(self) -> InferenceSession:
        return _opened(self._folder, TEXT)

    @cached_property
    def _tokens(self) -> TokenInput:
        return TokenInput(self._folder)

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in vars(self).items() if key not in ("_vision", "_text", "_tokens")}


def _file(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / "onnx" / name):
        if path.is_file():
            return path
    raise InputError(str(folder), f"there is no {name}, nor onnx/{name}")


def _digest(folder: Path) -> str:
    """Ten digits of whatever decides the numbers."""
    files = [_file(folder, VISION), _file(folder, TEXT)]
    files += [
        path for one in ("tokenizer.json", "preprocessor_config.json") if (path := folder / one).is_file()
    ]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()[:10]


def _opened(folder: Path, name: str) -> InferenceSession:
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtraError(FEATURE, "onnxruntime", "clip") from None
    path = _file(folder, name)
    options = onnxruntime.SessionOptions()
    if name == VISION:  # a text is asked for alone, and may have all cores
        options.intra_op_num_threads = library_threads()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no base class
        raise InputError(str(path), f"damaged, or no ONNX model: {str(error)[:200]}") from error


def _output(half: InferenceSession, folder: Path) -> str:
    there = [one.name for one in half.get_outputs()]
    for name in OUTPUTS:
        if name in there:
            return name
    raise InputError(str(folder), f"no output is called {', '.join(OUTPUTS)}; there are {', '.join(there)}")


def _width(half: InferenceSession, output: str) -> int:
    shape = next(one.shape for one in half.get_outputs() if one.name == output)
    if len(shape) != 2 or not isinstance(shape[1], int):
        raise ContractError(FEATURE, f"its output {output} has a fixed shape (b, d)", str(shape))
    return shape[1]
