"""The encoded picture that an image term names."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import InputError, QueryError
from ..files.origins import read_origin
from ..resources import Resources
from ..values.base64_text import from_base64
from ..values.types import Json

__all__ = ["encoded_picture"]


def encoded_picture(origin: Json, resources: Resources) -> tuple[bytes, str]:
    """The bytes of a picture, and what to call it.

    Parameters
    ----------
    origin : str or mapping
        A path, a URL, ``{"base64": ...}``, or ``{"input": id}``.
    resources : Resources
        Of the open collection.

    Raises
    ------
    InputError
        It cannot be read or fetched.
    UnknownNameError
        No input has the id.
    """
    match origin:
        case str():
            return read_origin(origin, resources.settings, resources.registry), origin
        case {"base64": str(text)}:
            return _decoded(text), "<base64>"
        case {"input": str(id)}:
            one = resources.store.inputs.get(id)
            return resources.encoded(one), one.uri
    kind = "mapping" if isinstance(origin, Mapping) else type(origin).__name__
    raise QueryError(f"a picture is a path, a URL, bytes or an input's id, not a {kind}")


def _decoded(text: str) -> bytes:
    try:
        return from_base64(text)
    except ValueError as error:
        raise InputError("<base64>", f"not base64: {error}") from error
