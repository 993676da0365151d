"""Any detector of torchvision."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL.Image import Image

from toolkit.plugins import (
    LEAST_STORED,
    Concept,
    Detection,
    InputError,
    QueryError,
    UnknownNameError,
    clean_detections,
    read_options,
)

from .devices import best_device, turns
from .loading import first_line, require, weights_file
from .network import weights_digest

if TYPE_CHECKING:
    import torch
    from torch.nn import Module

__all__ = ["TorchvisionDetector"]

_NO_CLASS = ("__background__", "N/A")


class TorchvisionDetector:
    """A detector made from a torchvision model.

    Parameters
    ----------
    argument : str
        ``NAME`` for torchvision's own weights, or ``NAME=FILE`` for a checkpoint that says what they say; after a
        ``?``, which boxes are worth keeping: ``fasterrcnn_mobilenet_v3_large_320_fpn?least=0.5&most=20``. By
        default those of 0.05 or more, 100 at most; which of them count is said by `Settings.detections`.

    Raises
    ------
    MissingExtraError
        torchvision is not installed.
    UnknownNameError
        torchvision has no detector of that name.
    InputError
        The weights cannot be fetched, are damaged, or are another model's.
    """

    name = "torchvision"

    def __init__(self, argument: str = "", /) -> None:
        require("detector 'torchvision'", "torchvision")
        given, options = read_options(argument, least=LEAST_STORED, most=100)
        self._model, _, self._file = given.partition("=")
        self._least, self._most = options["least"], int(options["most"])
        self._labels = _labels(self._model)
        self.concepts: Sequence[Concept] = tuple(
            Concept(label, {"en": (label,)})
            for label in dict.fromkeys(self._labels)
            if label not in _NO_CLASS
        )
        self._start()
        self.name = self._model
        self.version = weights_digest(self._network, {"least": self._least, "most": self._most})

    def _start(self) -> None:
        self._device = best_device()
        self._network = _loaded(self._model, self._file, len(self._labels)).to(self._device)
        self._turn = turns(self._device)

    def detect(self, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
        """Per picture: boxes with one concept or more, the surest first."""
        return [self._detect(image) for image in images]

    def _detect(self, image: Image) -> list[Detection]:
        import torch

        pixels = torch.from_numpy(np.asarray(image, np.float32).transpose(2, 0, 1) / np.float32(255))
        with self._turn, torch.inference_mode():
            (found,) = self._network([pixels.to(self._device)])
        return self._detections({name: tensor.cpu() for name, tensor in found.items()}, image)

    def _detections(self, found: dict[str, torch.Tensor], image: Image) -> list[Detection]:
        scores = found["scores"].numpy()
        labels = [self._labels[at] for at in found["labels"].tolist()]
        indices = [
            at
            for at in np.argsort(-scores, kind="stable")
            if scores[at] >= self._least and labels[at] not in _NO_CLASS
        ][: self._most]
        sides = np.array([image.height, image.width] * 2)
        boxes = found["boxes"].numpy()[indices][:, [1, 0, 3, 2]] / sides
        return clean_detections(boxes, scores[indices], [labels[at] for at in indices], who=self.name)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name not in ("_network", "_turn")}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._start()


def _labels(name: str) -> list[str]:
    from torchvision.models import detection, get_model_weights, list_models

    known = list_models(module=detection)
    if not name:
        raise QueryError(f"'torchvision' needs the name of a detector: torchvision:{known[0]}")
    if name not in known:
        raise UnknownNameError("torchvision detector", name, known)
    return list(get_model_weights(name)["DEFAULT"].meta["categories"])


def _loaded(name: str, file: str, classes: int) -> Module:
    from torchvision.models import get_model, get_model_weights

    try:
        if not file:
            return get_model(name, weights="DEFAULT").eval()
        model = get_model(name, weights=None, weights_backbone=None, num_classes=classes)
        model.load_state_dict(_state(weights_file(file)))
        return model.eval()
    except InputError:
        raise
    except Exception as error:  # the download, torch and safetensors each raise their own
        url = get_model_weights(name)["DEFAULT"].url
        advice = f"Without a network, get {url} elsewhere and say torchvision:{name}=FILE"
        raise InputError(f"torchvision:{name}", f"{first_line(error)}. {advice}") from error


def _state(path: Path) -> dict[str, torch.Tensor]:
    import torch

    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return dict(load_file(path))
    return dict(torch.load(path, map_location="cpu", weights_only=True))  # numbers only: no code is run
