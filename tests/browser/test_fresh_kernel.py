"""What is clicked at once in a fresh kernel, where messages come in any order, is written all the same."""

from __future__ import annotations

import json

import pytest

from .lab import execute
from .test_lab import EXPLORER, SETUP

WRITTEN = """import json
rows = photos.annotations.frame()
mine = rows[rows.source.str.startswith("human")]
print(json.dumps(sorted(mine.concept + "=" + mine.value.astype(int).astype(str))))"""


def written(page, wanted):
    """The labels in the store, as soon as there are so many, or after half a minute."""
    for _ in range(150):
        found = json.loads(execute(page, WRITTEN))
        if len(found) >= wanted:
            break
        page.wait_for_timeout(200)
    return found


@pytest.mark.parametrize("run", range(5))
def test_three_marks_made_at_once_after_a_name_was_typed_are_written(notebook, run):
    page = notebook(SETUP, EXPLORER)
    page.wait_for_selector(".tk-frame img")
    # As fast as a page can: the name is typed, and three hits are clicked, before the kernel has answered anything.
    page.evaluate(
        """() => {
          const field = document.querySelector('[aria-label="Concept that marks are labels of"]');
          field.focus(); field.value = 'porch';
          field.dispatchEvent(new Event('input', { bubbles: true }));
          field.dispatchEvent(new Event('change', { bubbles: true }));
          field.blur();
          const clicked = (at, title) => document.querySelector(`.tk-cell[data-at="${at}"] [title="${title}"]`).click();
          clicked(0, 'Relevant'); clicked(1, 'Relevant'); clicked(2, 'Not relevant');
        }"""
    )
    assert written(page, 3) == ["porch=0", "porch=1", "porch=1"]
    assert page.locator(".tk-mark.tk-pending").count() == 0
    assert page.get_by_role("alert").filter(has_text="name the concept").count() == 0
