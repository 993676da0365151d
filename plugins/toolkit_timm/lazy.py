"""Networks of this process, loaded once each: a component pickles as its argument and finds its network again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from toolkit.plugins import Concept, FloatArray, InputError

from .classes import classes_of
from .loading import load_model, name_of, require
from .network import Network, weights_digest
from .trunk import without_classifier

if TYPE_CHECKING:
    from torch.nn import Module

__all__ = ["Loaded", "network"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A network that is ready to run.

    Parameters
    ----------
    name, version : str
        ``architecture.tag`` and the digest of the weights.
    network : Network
        What runs.
    classes : tuple of Concept
        What its classes are; empty for features.
    backbone : str
        Names the network without a classifier, if that is what runs; else empty.
    classifier : torch.nn.Module or None
        What makes logits of its rows; None if they are logits, or features are what is asked for.
    """

    name: str
    version: str
    network: Network
    classes: tuple[Concept, ...] = ()
    backbone: str = ""
    classifier: Module | None = None

    def logits(self, rows: FloatArray) -> FloatArray:
        """Logits float32 (b, c) of what the network made of b pictures."""
        if self.classifier is None:
            return rows
        import torch

        with torch.inference_mode():
            made: FloatArray = self.classifier(torch.from_numpy(rows)).numpy()
        return made


_loaded: dict[tuple[str, bool, str], Loaded] = {}
_backbones: dict[str, Network] = {}
_lock = Lock()


def network(argument: str, *, classes: bool, version: str | None) -> Loaded:
    """The network of an argument; with a version, exactly that one, from memory if it is there.

    Parameters
    ----------
    argument : str
        What follows ``timm:`` in the specification.
    classes : bool
        With its classifier, or without.
    version : str or None
        The version that is wanted; None for whichever there is.

    Raises
    ------
    InputError
        The weights are not those of that version any more.
    """
    with _lock:
        if version is not None and (argument, classes, version) in _loaded:
            return _loaded[argument, classes, version]
        found = _fresh(argument, classes=classes)
        _loaded[argument, classes, found.version] = found
    if version not in (None, found.version):
        raise InputError(f"timm:{argument}", f"the weights changed: {found.version}, no longer {version}")
    return found


def _fresh(argument: str, *, classes: bool) -> Loaded:
    kind = "concept model" if classes else "embedder"
    require(f"{kind} 'timm'")
    from timm.data import resolve_data_config

    module = load_model(argument, classes=classes)
    settings = resolve_data_config(model=module)
    name = name_of(module)
    version = weights_digest(module, settings)
    if not classes:
        backbone = f"timm:{name}@{version}"
        return Loaded(name, version, _shared(backbone, module, settings), backbone=backbone)
    concepts = classes_of(module, f"timm:{argument}")
    trunk = without_classifier(module, settings["input_size"])
    if trunk is None:
        return Loaded(name, version, Network(module, settings, who=f"concept model {name!r}"), concepts)
    backbone = f"timm:{name}@{weights_digest(trunk, settings)}"
    runs = _shared(backbone, trunk, settings)
    return Loaded(name, version, runs, concepts, backbone, module.get_classifier())


def _shared(backbone: str, module: Module, settings: Mapping[str, Any]) -> Network:
    """The network of a backbone: the one that runs already, or else this one."""
    if backbone not in _backbones:
        _backbones[backbone] = Network(module, settings, who=f"network {backbone!r}")
    return _backbones[backbone]
