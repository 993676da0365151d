"""Where a picture changes, and which way: central differences and their orientation as Fourier coefficients."""

from __future__ import annotations

import numpy as np

from toolkit.plugins import FloatArray

__all__ = ["differences", "oriented_energy"]


def differences(planes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Down and across, each pixel's next neighbour less its previous one : float32 (..., h, w); 0 on the rim."""
    down, across = np.zeros_like(planes), np.zeros_like(planes)
    np.subtract(planes[..., 2:, :], planes[..., :-2, :], out=down[..., 1:-1, :])
    np.subtract(planes[..., 2:], planes[..., :-2], out=across[..., 1:-1])
    return down, across


def oriented_energy(planes: FloatArray) -> FloatArray:
    """Gradient magnitude m and its orientation t : float32 (b, 5, h, w), of brightness (b, h, w).

    The channels are m, m cos 2t, m sin 2t, m cos 4t, m sin 4t: the first Fourier coefficients of the histogram
    of orientations that HOG counts in 9 bins. They need no arctangent and no bins, turn smoothly with the
    picture, and mirroring flips the sign of the two sines alone.

    References
    ----------
    N. Dalal, B. Triggs, Histograms of Oriented Gradients for Human Detection, CVPR 2005.
    K. Liu et al., Rotation-Invariant HOG Descriptors Using Fourier Analysis, IJCV 106(3), 2014.
    """
    down, across = differences(planes)
    energy = np.empty((len(planes), 5, *planes.shape[1:]), dtype=np.float32)
    m, cos2, sin2, cos4, sin4 = np.moveaxis(energy, 1, 0)
    np.sqrt(down * down + across * across, out=m)
    per_m = 1 / np.maximum(m, np.float32(1e-6))
    np.multiply((across - down) * (across + down), per_m, out=cos2)
    np.multiply(2 * across * down, per_m, out=sin2)
    np.subtract(2 * cos2 * cos2 * per_m, m, out=cos4)
    np.multiply(2 * cos2 * sin2, per_m, out=sin4)
    return energy
