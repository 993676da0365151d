"""The engine that others are judged by, and the page about all of them."""

from pages import make_home, run
from toolkit_exact import ExactEngine

from toolkit.testing import KeyedIndexContract


class TestExact(KeyedIndexContract):
    factory = ExactEngine


def test_the_page_runs_from_top_to_bottom(tmp_path, monkeypatch):
    make_home(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {}
    run("docs/plugins/engines.md", names)
    with names["photos"] as photos:
        assert photos.info()["engine"] == "exact"
        assert names["keys"].shape == (1, 3)
        assert abs(names["cosines"][0, 0] - 1) < 1e-6
