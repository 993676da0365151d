"""Vectors in files beside the collection."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from toolkit_qdrant import QdrantEngine

import toolkit
from toolkit.errors import QueryError, StoreError
from toolkit.testing import KeyedIndexContract
from toolkit.testing.keyed_index import SPACE

pytest.importorskip("qdrant_edge", reason="the extra `qdrant` is not installed")

CHECKOUT = Path(__file__).parents[2]


class TestQdrant(KeyedIndexContract):
    factory = QdrantEngine

    def test_killed_while_it_is_fed_it_is_made_anew(self, tmp_path):
        with self.opened(tmp_path) as fed:
            fed.add(30)
        program = (
            "import os, sys\n"
            "from pathlib import Path\n"
            "from toolkit_qdrant.shards import Shards\n"
            "from tests.plugins.test_qdrant import TestQdrant\n"
            "from toolkit.testing.keyed_index import SPACE\n"
            "Shards.end = lambda *given: os._exit(9)\n"
            "with TestQdrant().opened(Path(sys.argv[1])) as fed:\n"
            "    fed.engine()\n"
        )
        killed = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=CHECKOUT, check=False)
        assert killed.returncode == 9
        with self.opened(tmp_path) as fed:
            assert fed.bare().revision(SPACE) is None
            found, _ = fed.engine().nearest(SPACE, np.eye(32, dtype=np.float32)[:1], 40)
            assert (found >= 0).sum() == 30


def grays(count):
    return [np.full((16, 16, 3), 8 * one, np.uint8) for one in range(count)]


def test_one_session_at_a_time_has_its_files(tmp_path):
    settings = toolkit.Settings(engine="qdrant")
    with toolkit.open(tmp_path / "photos.db", workflow="pixels", settings=settings) as one:
        one.add(grays(3), progress=False)
        one.engine()
        assert (tmp_path / "photos.db.engine" / "qdrant").is_dir()
        with (
            toolkit.open(tmp_path / "photos.db", settings=settings) as other,
            pytest.raises(StoreError, match=r"another process has the engine in .* open"),
        ):
            other.engine()
    with toolkit.open(tmp_path / "photos.db", settings=settings) as other:
        other.engine()


def test_a_collection_in_memory_has_no_files():
    with toolkit.open(workflow="pixels", settings=toolkit.Settings(engine="qdrant")) as photos:
        photos.add(grays(1), progress=False)
        with pytest.raises(QueryError, match="this one is in memory"):
            photos.engine()


def test_it_takes_nothing_after_its_name(tmp_path):
    settings = toolkit.Settings(engine="qdrant:elsewhere")
    with toolkit.open(tmp_path / "photos.db", workflow="pixels", settings=settings) as photos:
        photos.add(grays(1), progress=False)
        with pytest.raises(QueryError, match="takes nothing after its name"):
            photos.engine()
