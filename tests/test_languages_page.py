from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

from toolkit.languages import nearest_tags


def test_the_page_on_languages_holds():
    page = Path(__file__).parents[1] / "docs" / "languages.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    assert test.examples
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert runner.run(test).failed == 0


@pytest.mark.parametrize("module", ["languages", "concept_names", "store.names"])
def test_the_examples_in_docstrings_hold(module):
    assert doctest.testmod(importlib.import_module(f"toolkit.{module}")).failed == 0


@pytest.mark.parametrize(
    ("typed", "meant"), [("jp", "ja"), ("zho-TW", "zh"), ("german", "de"), ("frr", "fr"), ("arb", "ar")]
)
def test_a_tag_that_is_mistaken_has_a_nearest(typed, meant):
    assert nearest_tags(typed, ["de", "fr"])[0] == meant
