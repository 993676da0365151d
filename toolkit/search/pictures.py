"""The encoded picture that an image term names."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from ..errors import InputError, QueryError
from ..files.origins import read, read_input
from ..resources import Resources
from ..values.types import Json

__all__ = ["encoded"]


def encoded(source: Json, resources: Resources) -> tuple[bytes, str]:
    """The bytes of a picture, and what to call it.

    Parameters
    ----------
    source : str or mapping
        A path, a URL, ``{"base64": ...}``, or ``{"input": id}``.
    resources : Resources
        Of the open collection.

    Raises
    ------
    InputError
        It cannot be read or fetched.
    UnknownNameError
        No input goes by the id.
    """
    match source:
        case str():
            return read(source, resources.settings, resources.registry), source
        case {"base64": str(text)}:
            return _decoded(text), "<base64>"
        case {"input": str(id)}:
            one = resources.store.inputs.get(id)
            return read_input(one, resources.originals, resources.settings), one.uri
    kind = "mapping" if isinstance(source, Mapping) else type(source).__name__
    raise QueryError(f"a picture is a path, a URL, bytes or an input's id, not a {kind}")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InputError("<base64>", f"not base64: {error}") from error
