from __future__ import annotations

from pages import examples_failed


def test_the_page_on_languages_holds():
    assert examples_failed("docs/languages.md") == ""
