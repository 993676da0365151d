"""How Pillow takes memory for a large picture: so that it goes back to the system."""

from __future__ import annotations

from functools import cache

from PIL import Image

__all__ = ["take_large_blocks"]

# Of more than 32 MiB, the C library of Linux asks the system for each block alone, and returns it when it is free. The
# blocks of 16 MiB that are usual stay in the heap of whichever thread decoded: eight threads that each decoded
# a PNG of 99 megapixels, one at a time, held 2.1 GB, and hold 0.6 GB with these.
BLOCK_BYTES = 64 * 2**20


@cache
def take_large_blocks() -> None:
    """Let a picture larger than that be of large blocks, from now on in this process; smaller ones stay as they are."""
    Image.core.set_block_size(BLOCK_BYTES)  # type: ignore[attr-defined]  # documented, but not in its types
