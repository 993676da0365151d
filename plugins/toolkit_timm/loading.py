"""A timm model from its name, a hub repository, a folder or a checkpoint file; or the reason why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.plugins import InputError, MissingExtraError, QueryError, UnknownNameError

if TYPE_CHECKING:
    from torch.nn import Module

__all__ = ["first_line", "load_model", "name_of", "require", "weights_file"]

_SOURCES = ("hf-hub:", "hf_hub:", "local-dir:")


def require(feature: str, package: str = "timm") -> None:
    """Nothing, if a package of the extra is there.

    Parameters
    ----------
    feature : str
        What needs it, for the error.
    package : str
        The name it is imported by.

    Raises
    ------
    MissingExtraError
        It is not.
    """
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise MissingExtraError(feature, package, "timm")


def load_model(argument: str, *, classes: bool) -> Module:
    """The model with its weights, in evaluation mode, on the CPU.

    Parameters
    ----------
    argument : str
        ``NAME`` or ``NAME.TAG`` of timm, ``hf-hub:OWNER/NAME``, ``local-dir:FOLDER``, or ``NAME=FILE`` for a
        checkpoint of one's own. Checkpoints are read as numbers only, never unpickled freely.
    classes : bool
        Whether to keep the classifier; without it the model returns pooled features.

    Raises
    ------
    QueryError
        No model is named.
    UnknownNameError
        timm has no model of that name; the nearest are suggested.
    InputError
        The weights cannot be fetched, are damaged, or are another model's.
    """
    name, _, file = (argument, "", "") if argument.startswith(_SOURCES) else argument.partition("=")
    _check(name, argument, with_weights=not file)
    # Always with its classifier: without it timm fills in at random whatever a checkpoint lacks.
    module = _created(name, argument, _own_weights(name, file) if file else {}).eval()
    _check_classes(module, argument)
    if not classes:
        module.reset_classifier(0)
    return module


def _created(name: str, argument: str, settings: dict[str, Any]) -> Module:
    import timm

    try:
        return timm.create_model(name, pretrained=True, **settings)
    except Exception as error:  # the hub, safetensors, torch and timm each raise their own
        raise InputError(f"timm:{argument}", f"{first_line(error)}. {_advice(name)}") from error


def _check_classes(module: Module, argument: str) -> None:
    config: dict[str, Any] = dict(module.pretrained_cfg or {})
    trained, built = config.get("num_classes"), getattr(module, "num_classes", None)
    if trained != built:  # timm has thrown the classifier's weights away
        raise InputError(
            f"timm:{argument}", f"the model has {built} classes, its weights should have {trained}"
        )


def _check(name: str, argument: str, *, with_weights: bool) -> None:
    if not name:
        raise QueryError("'timm' needs the name of a model: timm:mobilenetv4_conv_small.e2400_r224_in1k")
    if name.startswith("local-dir:"):
        folder = Path(name.removeprefix("local-dir:")).expanduser()
        if not (folder / "config.json").is_file():
            raise InputError(f"timm:{argument}", "no such folder, or no config.json in it")
    elif not name.startswith(_SOURCES):
        _check_name(name, with_weights=with_weights)


def _check_name(name: str, *, with_weights: bool) -> None:
    import timm

    architecture, _, tag = name.partition(".")
    if not timm.is_model(architecture):
        raise UnknownNameError("timm model", name, timm.list_pretrained() or timm.list_models())
    tagged = timm.list_pretrained(f"{architecture}.*")
    if tag and with_weights and name not in tagged:
        raise UnknownNameError("timm model", name, tagged)


def weights_file(file: str) -> Path:
    """The path of a checkpoint.

    Raises
    ------
    InputError
        There is no such file.
    """
    path = Path(file).expanduser()
    if not path.is_file():
        raise InputError(str(path), "no such file; name a .safetensors or .pth checkpoint")
    return path


def _own_weights(name: str, file: str) -> dict[str, Any]:
    """What to tell timm so that it reads a checkpoint with as many classes as that was trained for."""
    from timm import get_pretrained_cfg
    from timm.models import load_state_dict

    path = weights_file(file)
    try:
        weights = load_state_dict(str(path))
        layers = getattr(get_pretrained_cfg(name.partition(".")[0]), "classifier", None) or ""
        bias = f"{layers if isinstance(layers, str) else layers[0]}.bias"
        classes = len(weights[bias]) if bias in weights else 0
    except Exception as error:  # torch and safetensors each raise their own
        raise InputError(file, f"damaged, or no checkpoint: {first_line(error)}") from error
    overlay = {
        "file": str(path),
        "source": "",
        "custom_load": False,
        "num_classes": classes,
        "label_offset": 0,
    }
    return {"num_classes": classes, "pretrained_cfg_overlay": overlay}


def name_of(module: Module) -> str:
    """``architecture.tag`` of a timm model, fit to be half of the name of a space."""
    config: dict[str, Any] = dict(module.pretrained_cfg or {})
    parts = [str(config[key]) for key in ("architecture", "tag") if config.get(key)]
    return re.sub(r"[^\w.-]+", "-", ".".join(parts)) or type(module).__name__


def first_line(error: BaseException) -> str:
    """What an error says, in one line of at most 200 characters."""
    lines = [line.strip(" \t:") for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {' '.join(lines[:2])}"[:200]


def _advice(name: str) -> str:
    if name.startswith("local-dir:"):
        return "Place config.json and model.safetensors there as timm.models.save_for_hf writes them"
    repository = name.partition(":")[2] or f"timm/{name}"
    return (
        f"Without a network, place config.json and model.safetensors of {repository} in a folder and say "
        f"timm:local-dir:FOLDER, or say timm:{name.partition('.')[0]}=FILE"
    )
