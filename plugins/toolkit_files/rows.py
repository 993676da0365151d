"""A row, by the names of its columns, as a record."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from datetime import date, time

import numpy as np

from toolkit.plugins import Detection, Failure, GeoPoint, InputError, Json, Record

from .origins import origin_of

__all__ = ["SOURCES", "record_of", "record_or_failure"]

SOURCES = ("uri", "path", "url", "image", "bytes")
_LATITUDE = ("lat", "latitude")
_LONGITUDE = ("lon", "lng", "longitude")
_DATASETS = ("dataset", "datasets")
_OWN = frozenset((*SOURCES, *_LATITUDE, *_LONGITUDE, *_DATASETS, "id", "concepts", "regions", "metadata"))


def record_of(row: Mapping[str, object], *, name: str) -> Record:
    """The record a row describes.

    Parameters
    ----------
    row : mapping
        The picture is in exactly one of ``uri``, ``path``, ``url``, ``image`` and ``bytes``. What is known of
        it is in ``id``; ``lat`` and ``lon``; ``dataset``, a name or a list of names; ``concepts``, a mapping
        of concept to value, which are a human's labels; ``regions``, a list of `toolkit.values.types.Detection`;
        ``metadata``, a mapping. Everything else goes to the metadata under its own name. None, NaN and what
        pandas has for missing values count as not there.
    name : str
        What to call the row in an error.

    Raises
    ------
    InputError
        No picture or several, a place off the Earth, a value that is not JSON.

    Examples
    --------
    >>> record = record_of({"url": "https://x.org/a.jpg", "camera": "Leica"}, name="row")
    >>> record.origin, record.metadata
    ('https://x.org/a.jpg', {'camera': 'Leica'})
    """
    given = {str(key): value for key, value in row.items() if not _missing(value)}
    try:
        return Record(
            origin=origin_of(_the_picture(given, name)),
            id=str(given["id"]) if "id" in given else None,
            metadata=_metadata(given),
            geo=_geo(given),
            datasets=_datasets(given),
            concepts=_concepts(given.get("concepts", {})),
            regions=_regions(given.get("regions", ())),
        )
    except (TypeError, ValueError) as error:  # InputError and QueryError among them
        reason = error.reason if isinstance(error, InputError) else str(error)
        raise InputError(name, reason) from error


def record_or_failure(row: Mapping[str, object], *, name: str) -> Record | Failure:
    """The record of a row, or the failure that says why it has none.

    Parameters
    ----------
    row : mapping
        As for `record_of`.
    name : str
        What to call the row in an error.
    """
    try:
        return record_of(row, name=name)
    except InputError as error:
        return Failure(error.uri, error.reason)


def _the_picture(given: Mapping[str, object], name: str) -> object:
    found = [key for key in SOURCES if key in given]
    if len(found) != 1:
        raise InputError(name, f"give one of {', '.join(SOURCES)}; found {', '.join(found) or 'none'}")
    return given[found[0]]


def _metadata(given: Mapping[str, object]) -> dict[str, Json]:
    nested = given.get("metadata", {})
    if not isinstance(nested, Mapping):
        raise TypeError(f"'metadata' is a mapping, not {type(nested).__name__}")
    rest = {key: value for key, value in given.items() if key not in _OWN}
    return {str(key): _json(value) for key, value in {**nested, **rest}.items()}


def _geo(given: Mapping[str, object]) -> GeoPoint | None:
    found = [next((given[key] for key in keys if key in given), None) for keys in (_LATITUDE, _LONGITUDE)]
    if found == [None, None]:
        return None
    latitude, longitude = (_number(value, "each of 'lat' and 'lon'") for value in found)
    return GeoPoint(latitude=latitude, longitude=longitude)


def _datasets(given: Mapping[str, object]) -> tuple[str, ...]:
    found = next((given[key] for key in _DATASETS if key in given), ())
    if isinstance(found, str):
        return (found,)
    if isinstance(found, list | tuple) and all(isinstance(name, str) for name in found):
        return tuple(found)
    raise TypeError(f"'dataset' is a name or a list of names, not {found!r}")


def _concepts(given: object) -> dict[str, float]:
    if not isinstance(given, Mapping):
        raise TypeError(f"'concepts' maps names to values in [0, 1], not {type(given).__name__}")
    return {str(concept): _number(value, f"the value of {concept!r}") for concept, value in given.items()}


def _regions(given: object) -> tuple[Detection, ...]:
    if isinstance(given, list | tuple) and all(isinstance(region, Detection) for region in given):
        return tuple(given)
    raise TypeError("'regions' is a list of toolkit.values.types.Detection")


def _number(value: object, what: str) -> float:
    if isinstance(value, int | float | np.number):
        return float(value)
    raise TypeError(f"{what} is a number, not {value!r}")


def _missing(value: object) -> bool:
    if isinstance(value, float | np.floating):
        return math.isnan(value)
    return value is None or type(value).__name__ in ("NAType", "NaTType")  # pandas', without importing it


def _json(value: object) -> Json:
    if isinstance(value, np.generic | np.ndarray):
        return _json(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): _json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    return None if _missing(value) else _scalar(value)


def _scalar(value: object) -> str | int | float:
    if isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, os.PathLike):
        return str(value)
    raise TypeError(f"metadata is JSON, and {value!r} is not")
