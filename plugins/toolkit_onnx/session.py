"""An ONNX file and what its JSON says, ready to run; pickles as its folder and opens the file again when used."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
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

from .description import Description, Preparation, read_description
from .input_type import as_declared, declared_type, takes_whole_numbers
from .labels import Labels
from .preparation import prepared

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["OnnxModel"]

BATCH = 8  # pictures at a time, where the file takes any number


class OnnxModel:
    """The network of one folder.

    Parameters
    ----------
    folder : str
        Holds one ``.onnx`` file, and beside it, under the same name, a ``.json``.
    kind : str
        What asks for it, for errors: ``"embedder"``.

    Raises
    ------
    MissingExtraError
        onnxruntime is not installed.
    InputError
        No such folder, no model or several in it, a file that is damaged or not the one its JSON is about.
    """

    def __init__(self, folder: str, *, kind: str) -> None:
        if not folder:
            raise QueryError(f"{kind} 'onnx' needs a folder: onnx:FOLDER")
        self._path = _only_model(Path(folder).expanduser().absolute())
        self._kind = kind
        self.description: Description = read_description(self._path.with_suffix(".json"))
        self._digest = ""
        self._session: InferenceSession | None = None
        self._lock = Lock()
        session = self.session()
        self.name = re.sub(r"[^\w.-]+", "-", self.description.name or self._path.stem)
        self.version = self._version()
        self.outputs: list[str] = [output.name for output in session.get_outputs()]

    def _version(self) -> str:
        described = self.description
        if described.version and described.sha256:
            if described.sha256 != self._digest:
                raise InputError(str(self._path), "damaged, or not the file that the JSON beside it is about")
            return described.version
        # Whoever writes the JSON by hand need not think of a version: it is what decides the numbers.
        return hashlib.sha256(f"{self._digest} {described!r}".encode()).hexdigest()[:10]

    def backbone(self) -> str:
        """What an embedder and a concept model of the file share; empty if it has no embedding beside its logits."""
        named = self.description.outputs
        if not {"embedding", "logits"} <= named.keys() or not set(named.values()) <= set(self.outputs):
            return ""
        decisive = f"{self._digest} {self.description.preparation!r} {sorted(named.items())}"
        return f"onnx:{self.name}@{hashlib.sha256(decisive.encode()).hexdigest()[:10]}"

    def width(self, output: str) -> int:
        """How many numbers a picture has in an output.

        Raises
        ------
        ContractError
            It does not say.
        """
        shape = {one.name: one.shape for one in self.session().get_outputs()}[output]
        if len(shape) != 2 or not isinstance(shape[1], int):
            raise ContractError(self.who, "its embedding has a fixed shape (b, d)", str(shape))
        return shape[1]

    @property
    def folder(self) -> str:
        """Where it lies."""
        return str(self._path.parent)

    @property
    def who(self) -> str:
        """What to call it in an error."""
        return f"{self._kind} {self.name!r}"

    def session(self) -> InferenceSession:
        """The open session; opened by the first thread that asks."""
        with self._lock:
            if self._session is None:
                self._session = self._opened()
            return self._session

    def _opened(self) -> InferenceSession:
        try:
            import onnxruntime
        except ImportError:
            raise MissingExtraError(f"{self._kind} 'onnx'", "onnxruntime", "onnx") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = library_threads()
        options.log_severity_level = 3
        there = onnxruntime.get_available_providers()
        providers = [name for name in ("CUDAExecutionProvider", "CPUExecutionProvider") if name in there]
        # From memory, so that what is hashed is what runs, and no file elsewhere can be drawn in.
        encoded = self._path.read_bytes()
        digest = hashlib.sha256(encoded).hexdigest()
        if self._digest and digest != self._digest:
            raise InputError(str(self._path), "the file changed since it was opened first")
        self._digest = digest
        try:
            return onnxruntime.InferenceSession(encoded, options, providers=providers)
        except Exception as error:  # onnxruntime's own exceptions share no base class
            raise InputError(str(self._path), f"damaged, or no ONNX model: {str(error)[:200]}") from error

    @property
    def input_shape(self) -> list[int | str | None]:
        """The shape of the picture input, numbers where they are fixed."""
        return list(self.session().get_inputs()[0].shape)

    def output(self, role: str) -> str:
        """The name of the output that plays a role; the only one there is, if the JSON does not say.

        Raises
        ------
        InputError
            The JSON names an output that the model does not have, or none where there are several.
        """
        named = self.description.outputs.get(role)
        if named is None and len(self.outputs) == 1 and not self.description.outputs:
            return self.outputs[0]
        if named is None or named not in self.outputs:
            raise InputError(
                str(self._path), f"no output is its {role}: the JSON says {named!r}, there are {self.outputs}"
            )
        return named

    def preparation(self) -> Preparation:
        """How pictures go in.

        Raises
        ------
        InputError
            The JSON does not say, or what it says cannot be given as the type that the file declares.
        """
        how, where = self.description.preparation, str(self._path.with_suffix(".json"))
        if how is None:
            raise InputError(where, 'missing, or without "input"; see docs/plugins/onnx.md for its words')
        if not takes_whole_numbers(self._input_type(), how):
            kind = self._input_type()
            raise InputError(
                where, f'the network takes {kind}: say "scale": 1 and "std": [1, 1, 1], which keep 0 to 255'
            )
        return how

    def _input_type(self) -> np.dtype[np.generic] | None:
        return declared_type(self.session().get_inputs()[0].type)

    def labels(self) -> Labels:
        """What each class means.

        Raises
        ------
        InputError
            It is not known.
        """
        if not self.description.labels:
            raise InputError(self.folder, "no labels: put them into the JSON, or in classes.txt, one a line")
        return self.description.labels

    def rows(self, images: Sequence[Image], how: Preparation, *outputs: str) -> FloatArray:
        """Rows float32 (b, k) of some outputs, side by side.

        Parameters
        ----------
        images : sequence of PIL.Image.Image
            b pictures, upright RGB.
        how : Preparation
            How they are prepared.
        *outputs : str
            The names of the outputs.

        Raises
        ------
        ContractError
            An output has another shape, or numbers that are not finite.
        """
        batch = BATCH if not isinstance(self.input_shape[0], int) else self.input_shape[0]
        parts = [images[start : start + batch] for start in range(0, len(images), batch)]
        rows = np.concatenate([self._part(part, how, outputs, batch) for part in parts])
        if not np.isfinite(rows).all():
            raise ContractError(self.who, "its numbers are finite", "NaN or infinity")
        return np.asarray(rows, np.float32)

    def _part(
        self, images: Sequence[Image], how: Preparation, outputs: Sequence[str], batch: int
    ) -> FloatArray:
        pixels = prepared(images, how)
        fixed = isinstance(self.input_shape[0], int)
        if fixed and len(pixels) < batch:  # a file made for eight at a time gets eight
            pixels = np.concatenate([pixels, np.repeat(pixels[-1:], batch - len(pixels), axis=0)])
        found = self.run(pixels, outputs)
        for name, rows in zip(outputs, found, strict=True):
            if rows.ndim != 2:
                raise ContractError(self.who, f"output {name!r} is one row a picture", f"shape {rows.shape}")
        return np.concatenate([np.asarray(rows[: len(images)], np.float32) for rows in found], axis=1)

    def run(self, pixels: FloatArray, outputs: Sequence[str]) -> list[npt.NDArray[np.generic]]:
        """Some outputs of an input that is prepared, in the type and the order of axes that the file declares.

        Parameters
        ----------
        pixels : float32 (b, 3, h, w) or (b, h, w, 3)
            The input.
        outputs : sequence of str
            Names of the outputs that are wanted, in this order.

        Raises
        ------
        ContractError
            The model does not take such an input.
        """
        session = self.session()
        try:
            given = as_declared(pixels, self._input_type(), self.input_shape)
            return list(session.run(list(outputs), {session.get_inputs()[0].name: given}))
        except Exception as error:  # onnxruntime's own exceptions share no base class
            shape = f"{session.get_inputs()[0].type} {session.get_inputs()[0].shape}"
            raise ContractError(
                self.who, f"it takes {pixels.shape}", f"{shape}: {str(error)[:200]}"
            ) from error

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in vars(self).items() if key not in ("_session", "_lock")}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state, _session=None, _lock=Lock())


def _only_model(folder: Path) -> Path:
    found = sorted(folder.glob("*.onnx")) if folder.is_dir() else []
    if len(found) != 1:
        there = f"{len(found)} .onnx files" if folder.is_dir() else "no such folder"
        raise InputError(str(folder), f"a folder with one .onnx file was expected; found {there}")
    return found[0]
