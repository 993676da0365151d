"""A timm model from its name, a hub repository, a folder or a checkpoint file; or the reason why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.errors import InputError, MissingExtraError, QueryError, ToolkitError, UnknownNameError

if TYPE_CHECKING:
    from torch.nn import Module

__all__ = ["first_line", "load", "name_of", "require", "weights_file"]

_SOURCES = ("hf-hub:", "hf_hub:", "local-dir:")


def require(feature: str, package: str = "timm") -> None:
    """Nothing, if a package of the extra is there.

    Raises
    ------
    MissingExtraError
        It is not.
    """
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise MissingExtraError(feature, package, "timm")


def load(argument: str, *, classes: bool) -> Module:
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
    name, _, file = argument.partition("=") if not argument.startswith(_SOURCES) else (argument, "", "")
    _check(name, argument, with_weights=not file)
    settings: dict[str, Any] = {} if classes else {"num_classes": 0}
    if file:
        overlay, count = {"file": str(weights_file(file)), "source": ""}, _class_count(file)
        settings |= {"pretrained_cfg_overlay": overlay | ({"num_classes": count} if count else {})}
        settings |= {"num_classes": count} if count and classes else {}
    return _created(name, argument, settings).eval()


def _created(name: str, argument: str, settings: dict[str, Any]) -> Module:
    import timm

    try:
        return timm.create_model(name, pretrained=True, **settings)
    except ToolkitError:
        raise
    except Exception as error:  # the hub, safetensors, torch and timm each raise their own
        raise InputError(f"timm:{argument}", f"{first_line(error)}. {_advice(name)}") from error


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


def _class_count(file: str) -> int | None:
    """How many classes a checkpoint was trained for: the length of its last bias; None if it has no classifier."""
    from timm.models import load_state_dict

    try:
        weights = load_state_dict(str(weights_file(file)))
    except ToolkitError:
        raise
    except Exception as error:
        raise InputError(file, f"damaged, or no checkpoint: {first_line(error)}") from error
    heads = [name for name in weights if re.search(r"(^|\.)(classifier|fc|head)\.bias$", name)]
    return len(weights[heads[-1]]) if heads else None


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
