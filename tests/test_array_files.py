"""A stored array that was damaged anywhere is found when all of it is read, however large it is."""

from __future__ import annotations

import os
from dataclasses import asdict

import numpy as np
import pytest

from toolkit.store.snapshots.array_file import WHOLE, ArrayFile
from toolkit.store.snapshots.array_files import ArrayFiles


def flip(path, position):
    """Change one byte, and leave no other trace."""
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(position)
        byte = file.read(1)[0]
        file.seek(position)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.fixture
def files(tmp_path):
    return ArrayFiles(tmp_path)


@pytest.fixture
def matrix(files):
    values = np.random.default_rng(0).random((3 * WHOLE // 256 + 100, 64), np.float32)
    return files.create([values], shape=values.shape)


def test_what_is_as_it_was_written_is_sound(files, matrix):
    assert files.damaged([files.file_of(matrix)]) == []


@pytest.mark.parametrize("position", [5_000, WHOLE + 9_999, 3 * WHOLE + 25_000])
def test_one_byte_is_found_wherever_it_is(files, matrix, tmp_path, position):
    file = files.file_of(matrix)
    flip(tmp_path / file.name, position)
    assert files.damaged([file]) == [file.name]


def test_an_array_that_got_longer_is_known_to_its_end(files, matrix, tmp_path):
    more = np.ones((WHOLE // 256, 64), np.float32)
    longer = files.extend(matrix, [more], rows=len(matrix) + len(more))
    file = files.file_of(longer)
    assert files.damaged([file]) == []
    assert ArrayFile.of(asdict(file)) == file
    flip(tmp_path / file.name, file.size - 1)
    assert files.damaged([file]) == [file.name]
