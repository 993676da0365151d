"""The JSON beside an ONNX file: how pictures go in, and what comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from toolkit.plugins import InputError

from .labels import Labels, read_labels

__all__ = ["Description", "Preparation", "read_description"]

Resize = Literal["crop", "squash", "letterbox"]

LARGEST = 16 * 2**20  # bytes of JSON; 22,000 labels with definitions are 3


@dataclass(frozen=True, slots=True)
class Preparation:
    """How an upright RGB picture becomes the network's input.

    Parameters
    ----------
    size : (height, width)
        Pixels the network takes.
    resize : {"crop", "squash", "letterbox"}
        ``crop`` scales the short side to ``size / crop_pct`` and cuts out the middle; ``squash`` ignores the shape;
        ``letterbox`` keeps the shape, puts the picture top left and fills the rest.
    crop_pct : float
        The share of the short side that a crop keeps.
    interpolation : {"bilinear", "bicubic", "nearest", "lanczos"}
        How it is scaled.
    layout : {"NCHW", "NHWC"}
        Order of the axes.
    channels : {"RGB", "BGR"}
        Order of the colors.
    scale : float
        What pixels from 0 to 255 are divided by.
    mean, std : tuple of three floats
        Subtracted and divided by after that, in the order of the channels.
    fill : float
        The pixel value around a letterboxed picture.
    """

    size: tuple[int, int]
    resize: Resize = "crop"
    crop_pct: float = 0.875
    interpolation: str = "bicubic"
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    channels: Literal["RGB", "BGR"] = "RGB"
    scale: float = 255.0
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    fill: float = 0.0


@dataclass(frozen=True, slots=True)
class Description:
    """All that is known of an ONNX file.

    Parameters
    ----------
    preparation : Preparation or None
        The JSON's ``input``; None if it has none.
    name, version : str
        Of the model; empty if the JSON does not say.
    sha256 : str
        Of the file that the version was given to.
    outputs : mapping of str to str
        Names of outputs by what they are: ``embedding``, ``logits``, ``boxes``, ``labels``, ``scores``.
    head : str
        ``"yolox"``, ``"torchvision"`` or empty.
    activation : str
        How logits become probabilities: ``"softmax"``, of which exactly one class is true, or ``"sigmoid"``, of which
        any number is.
    labels : tuple of Concept or None
        What each class means; None for a class that is none.
    """

    preparation: Preparation | None = None
    name: str = ""
    version: str = ""
    sha256: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    head: str = ""
    activation: str = "softmax"
    labels: Labels = ()


_CHOICES = {
    "resize": ("crop", "squash", "letterbox"),
    "interpolation": ("bilinear", "bicubic", "nearest", "lanczos"),
    "layout": ("NCHW", "NHWC"),
    "channels": ("RGB", "BGR"),
    "head": ("yolox", "torchvision"),
    "activation": ("softmax", "sigmoid"),
}


def read_description(path: Path) -> Description:
    """The description in the JSON file beside an ONNX file; empty if there is none.

    Raises
    ------
    InputError
        Not JSON, a word that is not known, a value that cannot be, or labels that are missing.
    """
    if not path.is_file():
        return Description(labels=read_labels(None, path.parent))
    if path.stat().st_size > LARGEST:
        raise InputError(str(path), f"larger than {LARGEST} bytes")
    try:
        return _description(json.loads(path.read_text("utf-8")), path)
    except InputError:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(str(path), f"not a description of a model: {error}") from error


def _description(found: object, path: Path) -> Description:
    given = _known(found, Description, {"input": "preparation"})
    labels = read_labels(given.pop("labels", None), path.parent)
    preparation = given.pop("input", None)
    return Description(
        preparation=None if preparation is None else _preparation(preparation),
        labels=labels,
        outputs={str(key): str(name) for key, name in dict(given.pop("outputs", {})).items()},
        **{key: _choice(key, str(value)) for key, value in given.items()},
    )


def _preparation(found: object) -> Preparation:
    given = _known(found, Preparation, {})
    texts = {key: _choice(key, str(given.pop(key))) for key in list(given) if key in _CHOICES}
    numbers = {key: _numbers(key, given.pop(key)) for key in ("mean", "std") if key in given}
    height, width = (int(side) for side in given.pop("size"))
    if not (0 < height <= 4096 and 0 < width <= 4096):
        raise ValueError(f"size is [height, width] in pixels, not {[height, width]}")
    rest = {key: float(value) for key, value in given.items()}
    if rest.get("scale", 1) <= 0 or not 0 < rest.get("crop_pct", 1) <= 1:
        raise ValueError("scale is above 0, and crop_pct above 0 and at most 1")
    return Preparation(size=(height, width), **texts, **numbers, **rest)  # type: ignore[arg-type]


def _known(found: object, kind: type[Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)} - set(renamed.values()) | set(renamed)
    if not isinstance(found, dict):
        raise TypeError(f"an object with {', '.join(sorted(names))} was expected")
    if unknown := set(found) - names:
        raise ValueError(f"{', '.join(sorted(unknown))} is not known; there are {', '.join(sorted(names))}")
    return dict(found)


def _choice(key: str, value: str) -> str:
    if key in _CHOICES and value not in _CHOICES[key]:
        raise ValueError(f"{key} is one of {', '.join(_CHOICES[key])}, not {value!r}")
    return value


def _numbers(key: str, value: Any) -> tuple[float, ...]:  # noqa: ANN401  (JSON of any shape)
    numbers = tuple(float(number) for number in value)
    if len(numbers) != 3 or (key == "std" and min(numbers) <= 0):
        raise ValueError(f"{key} is three numbers{' above 0' if key == 'std' else ''}, not {value!r}")
    return numbers
