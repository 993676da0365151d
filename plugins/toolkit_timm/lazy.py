"""Networks of this process, loaded once each: a component pickles as its argument and finds its network again."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from toolkit.plugins import Concept, InputError

from .classes import classes_of
from .loading import load_model, name_of, require
from .network import Network, weights_digest

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
        What its rows mean; empty for features.
    """

    name: str
    version: str
    network: Network
    classes: tuple[Concept, ...]


_loaded: dict[tuple[str, bool, str], Loaded] = {}
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
    concepts = classes_of(module, f"timm:{argument}") if classes else ()
    name = name_of(module)
    version = weights_digest(module, settings)
    return Loaded(name, version, Network(module, settings, who=f"{kind} {name!r}"), concepts)
