"""Colors as people see them: CIE L*a*b*, in which equal distances look about equally different."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from toolkit.plugins import FloatArray

__all__ = ["lab", "luma"]

# IEC 61966-2-1 (sRGB) to CIE XYZ, each row divided by the D65 white point.
_XYZ = np.array(
    [
        [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883],
    ],
    dtype=np.float32,
)
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601, as JPEG has it
_LINEAR_BELOW = (6 / 29) ** 3


def luma(rgb: npt.NDArray[np.uint8]) -> FloatArray:
    """Gamma-coded brightness in [0, 1] : float32 (...), of colors uint8 (..., 3)."""
    return np.asarray(rgb @ (_LUMA / np.float32(255)), dtype=np.float32)


def lab(rgb: npt.NDArray[np.uint8] | FloatArray) -> FloatArray:
    """L* in [0, 100], a* (green to red), b* (blue to yellow) : float32 (..., 3), of sRGB in [0, 255].

    Examples
    --------
    >>> import numpy as np
    >>> lab(np.array([255, 0, 0], dtype=np.uint8)).round().tolist()
    [53.0, 80.0, 67.0]

    References
    ----------
    CIE 15:2004, Colorimetry; white point D65.
    """
    coded = np.asarray(rgb, dtype=np.float32) / np.float32(255)
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _XYZ.T
    root = np.where(xyz > _LINEAR_BELOW, np.cbrt(xyz), xyz * (841 / 108) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)
