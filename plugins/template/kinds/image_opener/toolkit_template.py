"""The `template` scheme: pictures at addresses of one's own, such as ``template://ff0000``."""

from __future__ import annotations

from PIL import Image as PillowImage
from PIL.Image import Image

from toolkit.plugins import InputError, hookimpl

__all__ = ["SCHEME"]

SCHEME = "template://"


@hookimpl
def toolkit_open_image(uri: str) -> Image | None:
    """The picture at an address of this scheme; None for every other address.

    Raises
    ------
    InputError
        There is none at an address that is of this scheme.
    """
    if not uri.startswith(SCHEME):
        return None
    try:
        return PillowImage.new("RGB", (64, 64), f"#{uri.removeprefix(SCHEME)}")
    except ValueError as error:
        raise InputError(uri, str(error)) from error
