"""Without a mouse: opened, walked, zoomed, marked, closed; and every key is said by `?`."""

from __future__ import annotations

import re
from importlib.resources import files

from widget_photos import photos as made

from toolkit.query import Term
from toolkit.widgets import Widgets

from .bridge import eventually


def test_hits_are_reached_opened_walked_zoomed_marked_and_closed_by_keys_alone(bridge):
    with made() as photos:
        explorer = Widgets(photos).explorer(Term("concept", "dark"), limit=6)
        explorer.labeler.concept = "porch"
        page = bridge.show(explorer)
        page.wait_for_selector(".tk-frame img")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.classList.contains('tk-cell')"):
                break
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.get_by_role("dialog").locator("img").first.wait_for()
        first = explorer.gallery.opened
        page.keyboard.press("ArrowRight")
        eventually(bridge, lambda: explorer.gallery.opened not in ("", first))
        second = explorer.gallery.opened
        page.wait_for_function("document.querySelector('[role=dialog] img')")
        width = "document.querySelector('[role=dialog] img').getBoundingClientRect().width"
        before = page.evaluate(width)
        page.keyboard.press("+")
        page.wait_for_function(f"{width} > {before * 1.2}")
        page.keyboard.press("r")
        eventually(bridge, lambda: explorer.gallery.marks == {second: 1.0})
        page.keyboard.press("Escape")
        eventually(bridge, lambda: explorer.gallery.opened == "")
        assert page.evaluate("document.activeElement.classList.contains('tk-cell')")
        page.keyboard.press("?")
        assert page.locator(".tk-keys").is_visible()
        explorer.close()


def test_the_question_mark_lists_every_key_that_a_script_of_the_gallery_acts_on():
    static = files("toolkit.widgets").joinpath("static")
    script = "".join(
        static.joinpath(name).read_text(encoding="utf-8") for name in ("gallery.js", "large_view.js")
    )
    acted = set(re.findall(r'event\.key === "([^"]+)"', script)) - {"Tab", "a"}  # Tab stays in the dialog
    said = script[script.index("function keysHelp") :]
    spoken = {" ": "Space", "ArrowLeft": "←", "ArrowRight": "→", "Escape": "Esc", "-": "−"}
    assert [key for key in sorted(acted) if spoken.get(key, key) not in said] == []
