"""What the classes of a timm model mean: concepts with WordNet ids where timm knows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from toolkit.plugins import Concept, InputError

if TYPE_CHECKING:
    from timm.data import ImageNetInfo
    from torch.nn import Module

__all__ = ["classes_of"]

_WORDNET_ID = re.compile(r"n\d{8}")


def classes_of(module: Module, who: str) -> tuple[Concept, ...]:
    """One concept a class, in the order of the model's outputs.

    Names come from the model's own configuration (``label_names``, ``label_descriptions``), else from the ImageNet
    lists timm carries; a model that has neither speaks of ``class-0``, ``class-1`` and so on.

    Parameters
    ----------
    module : torch.nn.Module
        A timm model.
    who : str
        What it is called in an error.

    Raises
    ------
    InputError
        The model has no classes, another number of them than labels, or a label twice.
    """
    config: dict[str, Any] = dict(module.pretrained_cfg or {})
    count = int(getattr(module, "num_classes", 0))
    if not count:
        raise InputError(who, "the model has no classifier; use it as an embedder")
    labels = config.get("label_names") or _imagenet_labels(module) or [f"class-{at}" for at in range(count)]
    if len(labels) != count:
        raise InputError(who, f"the model has {count} classes, but its configuration names {len(labels)}")
    if len(set(labels)) != count:
        raise InputError(who, "its configuration gives two classes one label")
    descriptions = config.get("label_descriptions") or {}
    if not isinstance(descriptions, Mapping):
        descriptions = dict(zip(labels, descriptions, strict=False))
    return tuple(_concept(str(label), str(descriptions.get(label, ""))) for label in labels)


def _imagenet_labels(module: Module) -> list[str] | None:
    from timm.data import ImageNetInfo, infer_imagenet_subset

    subset = infer_imagenet_subset(module)
    return ImageNetInfo(subset).label_names() if subset else None


def _concept(label: str, description: str) -> Concept:
    if not _WORDNET_ID.fullmatch(label):
        return Concept(label, {"en": (description or label,)})
    lemmas, definition = _wordnet(label)
    return Concept(label, {"en": _names(description or lemmas) or (label,)}, definition)


def _names(lemmas: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in lemmas.split(",") if name.strip()))


@cache
def _imagenet() -> ImageNetInfo:
    from timm.data import ImageNetInfo

    return ImageNetInfo()  # whatever the subset, it reads the words of all 22,000 ids


def _wordnet(label: str) -> tuple[str, str]:
    """Lemmas and definition of a WordNet id, both empty if timm does not know it."""
    try:
        found: str = _imagenet().label_name_to_description(label, detailed=True)
    except KeyError:
        return "", ""
    lemmas, _, definition = found.partition(": ")
    return lemmas, definition
