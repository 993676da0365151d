"""A classifier without its last layer: the network that its features come from, which an embedder may share."""

from __future__ import annotations

from copy import deepcopy
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch.nn import Module

__all__ = ["without_classifier"]


def without_classifier(module: Module, size: tuple[int, int, int]) -> Module | None:
    """The same network returning pooled features; None if its classifier does not make its logits of these.

    A network with two classifiers, for one, has no such part. Whether it does is seen on made-up pixels.

    Parameters
    ----------
    module : torch.nn.Module
        A timm model with its classifier, in evaluation mode, on the CPU.
    size : (int, int, int)
        Channels, height and width of its pictures.
    """
    import torch

    weights = chain(module.parameters(), module.buffers())
    trunk = deepcopy(module, {id(one): one for one in weights})  # of the same weights, not of copies
    pixels = torch.randn(1, *size, generator=torch.Generator().manual_seed(0))
    try:
        trunk.reset_classifier(0)
        with torch.inference_mode():
            maps = module.forward_features(pixels)
            logits = module.forward_head(maps)
            composed = module.get_classifier()(trunk.forward_head(maps))
            alike = logits.shape == composed.shape and torch.allclose(logits, composed, rtol=1e-4, atol=1e-5)
    except (AttributeError, TypeError, RuntimeError):  # models differ in what parts they have
        return None
    return trunk if alike else None
