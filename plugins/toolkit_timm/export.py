"""A timm model as a folder for the ONNX plugin: one file with two outputs, and a JSON that says how to use it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.plugins import Concept, FloatArray, InputError, Json, MissingExtraError, QueryError

from .classes import classes_of
from .loading import first_line, load_model, name_of, require
from .network import weights_digest

if TYPE_CHECKING:
    import torch
    from torch.nn import Module

__all__ = ["Exported", "export_onnx"]

LEAST_COSINE = 0.9999
TRIALS = 4  # made-up pictures the two are compared on
OPSET = 18


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Parameters
    ----------
    folder : Path
        Where.
    space : str
        The space of its vectors, the same as the timm model's.
    classes : int
        How many concepts it predicts; 0 for a model without a classifier.
    cosine : float
        The least similarity of the two models' vectors of the same pictures.
    """

    folder: Path
    space: str
    classes: int
    cosine: float


def export_onnx(argument: str, folder: str | Path) -> Exported:
    """Write a timm model as a folder that ``onnx:FOLDER`` takes, once both are seen to give the same vectors.

    The folder appears when it is complete, or not at all.

    Parameters
    ----------
    argument : str
        The model, as after ``timm:``.
    folder : str or Path
        Where to; not there yet.

    Raises
    ------
    MissingExtraError
        timm, onnx or onnxruntime is not installed.
    InputError
        The folder is there already, the model cannot be exported, or its vectors come out otherwise.
    """
    target = Path(folder).expanduser().absolute()
    if target.exists():
        raise InputError(str(target), "it is there already; name a folder that is not")
    require("export-onnx")
    for package in ("onnx", "onnxscript", "onnxruntime"):
        _require_onnx(package)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        exported = _written(argument, beside)
        beside.chmod(0o755)  # mkdtemp keeps it to its owner
        beside.rename(target)
    except OSError as error:
        raise InputError(str(target), f"cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Exported(target, *exported)


def _require_onnx(package: str) -> None:
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise MissingExtraError("export-onnx", package, "onnx")


def _written(argument: str, folder: Path) -> tuple[str, int, float]:
    from timm.data import resolve_data_config

    features, whole = load_model(argument, classes=False), load_model(argument, classes=True)
    settings = resolve_data_config(model=features)
    has_classes = bool(getattr(whole, "num_classes", 0))
    classes = classes_of(whole, f"timm:{argument}") if has_classes else ()
    file = folder / "model.onnx"
    pixels = _pixels(settings["input_size"])
    _trace(_both(whole, classes=has_classes), pixels[:2], file, has_classes=has_classes, argument=argument)
    cosine = _least_cosine(features, pixels, file, argument)
    version = weights_digest(features, settings)
    card = _card(name_of(features), version, settings, classes, file)
    (folder / "model.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), "utf-8")
    return f"{name_of(features)}@{version}", len(classes), cosine


def _both(model: Module, *, classes: bool) -> Module:
    """The model with pooled features as its first output, and with classes its logits as the second."""
    from torch.nn import Module

    class Both(Module):  # type: ignore[misc]  # torch is not there where types are checked
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, ...]:
            maps = self.model.forward_features(pixels)
            pooled = self.model.forward_head(maps, pre_logits=True)
            return (pooled, self.model.forward_head(maps)) if classes else (pooled,)

    return Both().eval()


def _trace(module: Module, pixels: FloatArray, file: Path, *, has_classes: bool, argument: str) -> None:
    import torch

    names = ["embedding", "logits"] if has_classes else ["embedding"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter warns about itself
            torch.onnx.export(
                module,
                (torch.from_numpy(pixels),),
                file,
                input_names=["pixels"],
                output_names=names,
                dynamic_shapes={"pixels": {0: torch.export.Dim("pictures")}},
                opset_version=OPSET,
                dynamo=True,
                external_data=False,
                verbose=False,
            )
    except OSError:
        raise
    except Exception as error:  # the exporter raises whatever it stumbles over
        raise InputError(f"timm:{argument}", f"cannot be exported to ONNX: {first_line(error)}") from error


def _least_cosine(model: Module, pixels: FloatArray, file: Path, argument: str) -> float:
    import onnxruntime
    import torch

    session = onnxruntime.InferenceSession(file.read_bytes(), providers=["CPUExecutionProvider"])
    theirs = np.asarray(session.run(["embedding"], {"pixels": pixels})[0])
    with torch.inference_mode():
        ours = model(torch.from_numpy(pixels)).numpy()
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    cosine = (
        float(((ours * theirs).sum(axis=1) / lengths).min()) if ours.shape == theirs.shape else float("nan")
    )
    if not cosine > LEAST_COSINE:  # NaN too
        raise InputError(f"timm:{argument}", f"its ONNX form gives other vectors: cosine {cosine:.5f}")
    return cosine


def _pixels(size: tuple[int, int, int]) -> FloatArray:
    """Smooth patches with noise, seeded: flat noise alone would look the same to a network everywhere."""
    random = np.random.default_rng(0)
    coarse = random.normal(size=(TRIALS, size[0], 8, 8))
    grown = coarse.repeat(-(-size[1] // 8), axis=2).repeat(-(-size[2] // 8), axis=3)[
        ..., : size[1], : size[2]
    ]
    return np.asarray(grown + 0.2 * random.normal(size=grown.shape), np.float32)


def _card(
    name: str, version: str, settings: Mapping[str, Any], classes: tuple[Concept, ...], file: Path
) -> dict[str, Json]:
    """What the ONNX plugin reads: `docs/plugins/onnx.md` lists the words."""
    resize = {"center": "crop", "squash": "squash"}.get(settings["crop_mode"])
    if resize is None or (resize == "squash" and settings["crop_pct"] != 1):
        raise QueryError(
            f"crop mode {settings['crop_mode']!r} is not one the ONNX plugin has; stay with timm:"
        )
    return {
        "name": name,
        "version": version,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "input": {
            "size": list(settings["input_size"][1:]),
            "resize": resize,
            "crop_pct": settings["crop_pct"],
            "interpolation": settings["interpolation"],
            "mean": list(settings["mean"]),
            "std": list(settings["std"]),
        },
        "outputs": {"embedding": "embedding"} | ({"logits": "logits"} if classes else {}),
        "labels": [_label(one) for one in classes],
    }


def _label(one: Concept) -> dict[str, Json]:
    names = {language: list(some) for language, some in one.names.items()}
    return {"id": one.id, "names": names, "definition": one.definition}
