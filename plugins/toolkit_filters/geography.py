"""Which inputs were taken near a place, or inside a box on the globe."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from toolkit.plugins import GeoPoint, InputArrays, QueryError

__all__ = ["near", "within_box"]

EARTH_RADIUS_KM = 6371.0088  # the mean radius of the IUGG


def near(inputs: InputArrays, center: GeoPoint, kilometers: float) -> npt.NDArray[np.bool_]:
    """Bool (n,): within a great-circle distance (haversine formula); False where there is no place.

    Parameters
    ----------
    inputs : InputArrays
        Latitudes and longitudes (n,), NaN where there is no place.
    center : GeoPoint
        In degrees.
    kilometers : float
        The distance, at least 0.

    Raises
    ------
    QueryError
        The distance is negative or no number.
    """
    if not kilometers >= 0:
        raise QueryError(f"a distance of {kilometers} km: give 0 or more")
    latitude, longitude = (np.radians(side, dtype=np.float64) for side in (inputs.latitude, inputs.longitude))
    # Rounded as the stored ones are: a place is at distance 0 from itself.
    latitude0, longitude0 = np.radians(
        np.array([center.latitude, center.longitude], np.float32), dtype=np.float64
    )
    squared_half_chord = (
        np.sin((latitude - latitude0) / 2) ** 2
        + np.cos(latitude) * np.cos(latitude0) * np.sin((longitude - longitude0) / 2) ** 2
    )
    distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(squared_half_chord, 0, 1)))
    return np.asarray(distance <= kilometers)


def within_box(inputs: InputArrays, corner: GeoPoint, opposite: GeoPoint) -> npt.NDArray[np.bool_]:
    """Bool (n,): inside the box that two opposite corners span, in any order, sides included.

    Two meridians bound two boxes; the narrower is taken, so one across the antimeridian is as easy as any other.
    A difference of 360 degrees is the whole way round.

    Parameters
    ----------
    inputs : InputArrays
        Latitudes and longitudes (n,), NaN where there is no place.
    corner, opposite : GeoPoint
        In degrees.
    """
    south, north = sorted((corner.latitude, opposite.latitude))
    west, east = sorted((corner.longitude, opposite.longitude))
    in_band = (inputs.latitude >= south) & (inputs.latitude <= north)
    if 180 < east - west < 360:
        return np.asarray(in_band & ((inputs.longitude >= east) | (inputs.longitude <= west)))
    return np.asarray(in_band & (inputs.longitude >= west) & (inputs.longitude <= east))
