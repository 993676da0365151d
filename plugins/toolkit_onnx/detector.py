"""An ONNX detector: YOLOX-style or torchvision-style."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL.Image import Image

from toolkit.plugins import LEAST_STORED, Concept, ContractError, Detection, InputError, clean_detections

from .component import OnnxComponent
from .description import Preparation
from .heads import Found, anchors, yolox
from .labels import concepts_of
from .preparation import letterbox_scale, prepared
from .session import OnnxModel

__all__ = ["OnnxDetector"]

MOST = 100  # boxes a picture


class OnnxDetector(OnnxComponent):
    """A detector from a folder with an ONNX file; needs onnxruntime and no torch.

    A YOLOX file is recognized by its output and needs no JSON: it takes pictures letterboxed on gray, blue first,
    not normalized, as Megvii's own do. The folder's ``classes.txt`` names its classes.

    Parameters
    ----------
    argument : str
        The folder, and after a ``?`` the least score of a box: ``onnx:FOLDER?least=0.5``. By default 0.05; which of
        them count is said by `Settings.detections`. It is part of the version.

    Raises
    ------
    MissingExtraError
        onnxruntime is not installed.
    InputError
        The folder cannot be used, or has no labels.
    """

    def __init__(self, argument: str = "", /) -> None:
        super().__init__(argument, kind="detector", least=LEAST_STORED)
        self._least = self._options["least"]
        self.version = f"{self._model.version}-{self._least:g}"
        self._head, how = self._model.description.head, self._model.description.preparation
        if self._head:
            self._how = self._model.preparation()
        else:
            self._head, self._how = "yolox", how or _as_yolox(self._model)
        self._labels = self._model.labels()
        self.concepts: Sequence[Concept] = concepts_of(self._labels)

    def detect(self, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
        """Per picture: boxes with one concept or more, the surest first, 100 at most."""
        return [self._detect(image) for image in images]

    def _detect(self, image: Image) -> list[Detection]:
        found = self._yolox(image) if self._head == "yolox" else self._torchvision(image)
        pairs = [(at, self._labels[at] if at < len(self._labels) else None) for at in found.classes.tolist()]
        kept = [at for at, (_, label) in enumerate(pairs) if label is not None][:MOST]
        labels = [label.id for at in kept if (label := pairs[at][1]) is not None]
        boxes = found.boxes[kept][:, [1, 0, 3, 2]] / self._sides(image)
        return clean_detections(boxes, found.scores[kept], labels, who=self._model.who)

    def _sides(self, image: Image) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Height and width of the picture, twice, in pixels of the network's input."""
        if self._how.resize == "squash":
            return np.array([*self._how.size, *self._how.size], np.float64)
        scale = letterbox_scale(image, self._how)
        return np.array([image.height * scale, image.width * scale] * 2)

    def _yolox(self, image: Image) -> Found:
        how = self._how
        (output,) = self._model.run(prepared([image], how), [self._model.output("boxes")])
        expected = (1, len(anchors(how.size)[0]), 5 + len(self._labels))
        if output.shape != expected:
            raise ContractError(
                self._model.who, f"a YOLOX output for its labels is {expected}", str(output.shape)
            )
        return yolox(np.asarray(output[0], np.float32), how.size, least=self._least)

    def _torchvision(self, image: Image) -> Found:
        pixels = prepared([image], self._how)
        one = pixels if len(self._model.input_shape) == 4 else pixels[0]
        names = [self._model.output(role) for role in ("boxes", "scores", "labels")]
        boxes, scores, classes = (np.asarray(one) for one in self._model.run(one, names))
        boxes, scores, classes = boxes.reshape(-1, 4), scores.ravel(), classes.ravel().astype(np.int64)
        order = np.argsort(-scores, kind="stable")
        order = order[scores[order] >= self._least]
        return Found(boxes[order], scores[order], classes[order])


def _as_yolox(model: OnnxModel) -> Preparation:
    """How pictures go into a YOLOX file.

    Raises
    ------
    InputError
        The file's shapes are not those of YOLOX.
    """
    shape, outputs = model.input_shape, model.session().get_outputs()
    if len(shape) == 4 and len(outputs) == 1 and isinstance(shape[2], int) and isinstance(shape[3], int):
        size = (shape[2], shape[3])
        if list(outputs[0].shape)[1:2] == [len(anchors(size)[0])]:
            return Preparation(
                size, "letterbox", interpolation="bilinear", channels="BGR", scale=1.0, fill=114.0
            )
    raise InputError(
        model.folder, 'its shapes are not those of YOLOX; say "head" and "input" in the JSON beside it'
    )
