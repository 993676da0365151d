"""What an embedder, a concept model and a detector made from an ONNX folder have in common."""

from __future__ import annotations

from collections.abc import Sequence

from PIL.Image import Image

from toolkit.plugins import FloatArray, read_options

from .session import OnnxModel

__all__ = ["OnnxComponent", "OnnxOfWholePictures"]


class OnnxComponent:
    """A model of a folder, named as the folder says.

    Parameters
    ----------
    argument : str
        The folder, and after a ``?`` the options.
    kind : str
        What it is, for errors.
    usual : float
        The options there are, with their defaults.

    Raises
    ------
    MissingExtraError
        onnxruntime is not installed.
    QueryError
        No folder is named, or an option that cannot be.
    InputError
        The folder cannot be used; says why.
    """

    name = "onnx"

    def __init__(self, argument: str, /, *, kind: str, **usual: float) -> None:
        folder, self._options = read_options(argument, **usual)
        self._model = OnnxModel(folder, kind=kind)
        self.name = self._model.name
        self.version = self._options.version(self._model.version)


class OnnxOfWholePictures(OnnxComponent):
    """An embedder or a concept model; the two of one file share its runs, which give both outputs.

    Parameters
    ----------
    argument : str
        The folder, and after a ``?`` the options.
    kind : str
        What it is, for errors.
    usual : float
        The options there are, with their defaults.

    Raises
    ------
    MissingExtraError, QueryError, InputError
        As for `OnnxComponent`.
    """

    def __init__(self, argument: str, /, *, kind: str, **usual: float) -> None:
        super().__init__(argument, kind=kind, **usual)
        self._whole = self._model.preparation()
        self.backbone = self._model.backbone()

    def features(self, images: Sequence[Image]) -> FloatArray:
        """The embedding and the logits of whole pictures, side by side : float32 (b, d + c)."""
        outputs = (self._model.output("embedding"), self._model.output("logits"))
        return self._model.rows(images, self._whole, *outputs)
