"""What an embedder, a concept model and a detector made from an ONNX folder have in common."""

from __future__ import annotations

from toolkit.plugins import read_options

from .session import OnnxModel

__all__ = ["OnnxComponent"]


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
