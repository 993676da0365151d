"""What the logits of each network are divided by, and how reliable its confidences are then.

Each temperature was chosen to make the confidence of the likeliest class right on average (by the calibration error)
on the 510 photos of photos-dev whose 17 classes are among those of ImageNet.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from toolkit.plugins import Reliability

from .variants import Variant

__all__ = ["reliability_of", "temperature_of"]

SAMPLE = "510 photos of 17 of its 1,000 classes"
# By network and side: the temperature, and the calibration error at it. The larger the pictures, the less sure it is.
MEASURED: Mapping[str, Mapping[int, tuple[float, float]]] = {
    "lite0": {192: (1.0, 0.038), 224: (0.8, 0.045)},
    "lite2": {192: (1.3, 0.042), 224: (1.0, 0.047), 260: (0.75, 0.049)},
}


def temperature_of(variant: Variant) -> float:
    """The temperature of a network at a size, in hundredths; between two sizes that were measured on their line.

    Below the smallest and above the largest it is theirs; of a network that was not measured it is 1.

    Examples
    --------
    >>> from toolkit_efficientnet.variants import variant_of
    >>> [temperature_of(variant_of(name)) for name in ("lite2@192", "lite2@208", "lite2@512", "lite1@192")]
    [1.3, 1.15, 0.75, 1.0]
    """
    known = MEASURED.get(variant.name)
    if known is None:
        return 1.0
    return round(float(np.interp(variant.side, [*known], [at for at, _ in known.values()])), 2)


def reliability_of(variant: Variant) -> Reliability | None:
    """How reliable its confidences are, if that was measured at this very size."""
    measured = MEASURED.get(variant.name, {}).get(variant.side)
    return None if measured is None else Reliability(measured[1], SAMPLE)
