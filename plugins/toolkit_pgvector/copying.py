"""Vectors on their way into a table: the rows of a binary COPY, made by NumPy at once."""

from __future__ import annotations

import numpy as np

from toolkit.plugins import FloatArray, IntArray

__all__ = ["copied"]

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no extension
END = b"\xff\xff"


def copied(keys: IntArray, vectors: FloatArray) -> bytes:
    """What ``COPY table (key, vector) FROM STDIN (FORMAT BINARY)`` reads.

    Parameters
    ----------
    keys : int64 (m,)
        Of regions.
    vectors : float32 (m, d)
        In the order of the keys.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-copy.html and ``vector_recv`` of pgvector: two int16, of which the first
    is the dimension, then the numbers.
    """
    dimension = vectors.shape[1]
    rows = np.zeros(
        len(keys),
        [
            ("fields", ">i2"),
            ("key_size", ">i4"),
            ("key", ">i8"),
            ("vector_size", ">i4"),
            ("dimension", ">i2"),
            ("unused", ">i2"),
            ("vector", ">f4", (dimension,)),
        ],
    )
    rows["fields"], rows["key_size"], rows["vector_size"] = 2, 8, 4 + 4 * dimension
    rows["key"], rows["dimension"], rows["vector"] = keys, dimension, vectors
    return HEADER + rows.tobytes() + END
