"""Codes of one byte a number bound every cosine, and grow with the vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.similarity.code_files import SpaceCodes
from toolkit.similarity.codes import Codes, are_available, encoded
from toolkit.similarity.cosines import cosines, in_parts, product_bounds
from toolkit.similarity.mapped import file_of, let_go
from toolkit.snapshot import Space

pytestmark = pytest.mark.skipif(not are_available(), reason="the extra 'fast' is not installed")


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def codes_of(vectors):
    m, d = vectors.shape
    made = Codes(np.empty((m, d), np.int8), np.empty(m, np.float32), np.empty(m, np.float32))
    encoded(vectors, made.codes, made.scales, made.errors)
    return made


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    d=st.sampled_from([1, 3, 64, 512, 2500]),
    sparse=st.floats(0, 1),
    queries=st.integers(1, 3),
)
def test_no_cosine_is_outside_its_bounds(seed, d, sparse, queries):
    """Also of vectors that are nearly all zeros, and of the vectors themselves."""
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((50, d)) * (random.random((50, d)) >= sparse) + 1e-9
    vectors = unit(vectors)
    asked = np.concatenate([vectors[:1], unit(random.standard_normal((queries, d)))])
    exact = cosines(vectors, asked)
    ones = np.ones(len(asked), np.int64)
    highest = codes_of(vectors).bounds(asked, ones, in_parts)
    lowest = codes_of(vectors).bounds(asked, -ones, in_parts)
    assert (lowest <= exact).all()
    assert (exact <= highest).all()
    assert (product_bounds(vectors, asked, -ones) <= exact).all()
    assert (exact <= product_bounds(vectors, asked, ones)).all()
    assert (highest - lowest).max() < 0.2


def test_a_vector_that_holds_nan_has_no_bounds():
    vectors = unit(np.eye(3))
    vectors[1, 0] = np.nan
    found = codes_of(vectors).bounds(vectors[:1], np.array([1]), in_parts)
    assert np.isnan(found[0]).tolist() == [False, True, False]


def mapped(path, vectors, *, append=False):
    with path.open("ab" if append else "wb") as stream:
        stream.write(vectors.astype("<f4").tobytes())
    m = path.stat().st_size // (4 * vectors.shape[1])
    return np.asarray(np.memmap(path, "<f4", mode="r", shape=(m, vectors.shape[1])))


def space(vectors):
    return Space("color@1", vectors, np.arange(len(vectors), dtype=np.int32))


def same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("codes", "scales", "errors")
    )


def test_codes_lie_beside_the_matrix_and_are_appended(tmp_path, monkeypatch):
    vectors = unit(np.random.default_rng(0).standard_normal((30, 16)))
    path = tmp_path / "ab.array"
    first = mapped(path, vectors[:20])
    SpaceCodes(1).of(space(first))
    assert sorted(one.suffix for one in tmp_path.iterdir()) == [".array", ".codes", ".errors", ".scales"]
    longer = mapped(path, vectors[20:], append=True)
    made = []
    monkeypatch.setattr(
        "toolkit.similarity.code_files.encoded", lambda of, *into: (made.append(len(of)), encoded(of, *into))
    )
    assert same(SpaceCodes(1).of(space(longer)), codes_of(vectors))
    assert made == [20, 10]  # 20 to see that the codes are theirs


def test_codes_that_were_left_halfway_are_finished(tmp_path):
    vectors = unit(np.random.default_rng(0).standard_normal((20, 16)))
    path = tmp_path / "ab.array"
    SpaceCodes(1).of(space(mapped(path, vectors)))
    for of in ("codes", "scales", "errors"):
        content = bytearray((tmp_path / f"ab.{of}").read_bytes())
        content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
        (tmp_path / f"ab.{of}").write_bytes(content)
    assert same(SpaceCodes(1).of(space(mapped(path, vectors))), codes_of(vectors))


def test_codes_of_other_vectors_are_made_again(tmp_path):
    random = np.random.default_rng(0)
    path = tmp_path / "ab.array"
    for _ in range(2):
        vectors = unit(random.standard_normal((20, 16)))
        assert same(SpaceCodes(1).of(space(mapped(path, vectors))), codes_of(vectors))


def test_codes_of_vectors_in_memory_stay_in_memory():
    vectors = unit(np.random.default_rng(0).standard_normal((20, 16)))
    assert file_of(vectors) is None
    codes = SpaceCodes(1)
    of = space(vectors)
    assert codes.of(of) is codes.of(of)
    assert same(codes.of(of), codes_of(vectors))
    assert SpaceCodes(21).of(of) is None


def resident(path):
    """Bytes of a file in the memory of this process."""
    sizes, counts = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line.endswith(str(path)):
            counts = True
        elif line.startswith("VmFlags"):
            counts = False
        elif counts and line.startswith("Rss:"):
            sizes += int(line.split()[1]) * 1024
    return sizes


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="only Linux says what is in memory")
def test_vectors_in_a_file_do_not_stay_in_memory_where_there_are_codes(tmp_path):
    vectors = unit(np.random.default_rng(0).standard_normal((4_000, 256)))
    path = tmp_path / "ab.array"
    of = space(mapped(path, vectors))
    codes = SpaceCodes(1)
    codes.of(of)
    assert resident(path) < of.vectors.nbytes / 4  # to make them the file was read, and a few looked at
    assert of.vectors.sum() != 0
    assert resident(path) == of.vectors.nbytes
    codes.of(of)
    assert resident(path) == 0
    assert np.array_equal(of.vectors, vectors)


def test_vectors_in_memory_are_left_as_they_are():
    vectors = unit(np.random.default_rng(0).standard_normal((20, 16)))
    before = vectors.copy()
    let_go(vectors)
    let_go(vectors[5:])
    assert np.array_equal(vectors, before)
