"""The widgets in a page: the real Python object, the real script, a real browser, no Jupyter."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from widget_photos import COUNT
from widget_photos import photos as made

from toolkit.hits import Hits
from toolkit.query import Term
from toolkit.types import Annotation, Box, Hit, Input, Part
from toolkit.widgets import Gallery, Widgets

from .bridge import Bridge
from .conftest import absent

DARK = Term("concept", "dark")
BOX = Box(0.1, 0.2, 0.5, 0.6)
PAYLOAD = '"><img src=x onerror=window.hurt=1><script>window.hurt=1</script>{{7*7}}'


@pytest.fixture
def page_of(browser):
    opened = []

    def page(scheme="light", width=1100, height=1000):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        opened.append(context)
        return context.new_page()

    yield page
    for context in opened:
        context.close()


@pytest.fixture
def bridge(page_of, monkeypatch):
    made = Bridge(page_of(), monkeypatch)
    yield made
    assert made.errors == []
    assert [url for url in made.requests if not url.startswith(("blob:", "data:"))] == []


@pytest.fixture(scope="module")
def photos():
    with made() as collection:
        yield collection


def hits_of(count, *, name="rex.jpg", words="concept('dog')", box=BOX):
    picture = io.BytesIO()
    Image.new("RGB", (48, 36), (90, 140, 60)).save(picture, "JPEG")
    found = [
        Hit(
            at + 1,
            1 - at / (2 * count),
            Input(f"id{at}", f"/photos/{name}", "0" * 64, 48, 36),
            Annotation(f"a{at}", f"id{at}", f"id{at}", box, words, {words: 0.5}),
            f"id{at}",
            box,
            (Part(words, 0.9, notes=(words,), box=box), Part("concept('cat')", 0.2, 2.0, negated=True)),
        )
        for at in range(count)
    ]
    return Hits(
        found,
        query=words,
        total=count,
        milliseconds=1.0,
        pictures=lambda ids: dict.fromkeys(ids, picture.getvalue()),
    )


def eventually(bridge, condition):
    for _ in range(500):
        if condition():
            return
        bridge.page.wait_for_timeout(10)
    pytest.fail("it did not come to pass within 5 seconds")


# ---- the gallery


def test_only_visible_cells_exist_however_many_hits_there_are(bridge):
    gallery = Gallery(hits_of(5000))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    assert page.locator(".tk-cell").count() <= 60
    page.eval_on_selector(".tk-grid", "grid => { grid.scrollTop = grid.scrollHeight; }")
    page.wait_for_selector('.tk-cell[data-rank="5000"] img')
    assert page.locator(".tk-cell").count() <= 60


def test_the_grid_is_walked_marked_and_selected_by_keys(bridge):
    gallery = Gallery(hits_of(40))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("r")
    eventually(bridge, lambda: gallery.marks == {"id0": 1})
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    eventually(bridge, lambda: gallery.marks == {"id0": 1, "id1": 0})
    page.keyboard.press("z")
    eventually(bridge, lambda: gallery.marks == {"id0": 1})
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    eventually(bridge, lambda: gallery.selected == ["id1", "id2"])
    page.keyboard.press("End")
    page.wait_for_selector('.tk-cell[data-rank="40"]:focus')
    page.keyboard.press("Escape")
    eventually(bridge, lambda: gallery.selected == [])


def test_a_hit_is_opened_by_enter_walked_and_closed_by_escape(bridge):
    gallery = Gallery(hits_of(10))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[role="dialog"] img')
    assert "why: term" in page.locator('[role="dialog"]').inner_text()
    page.keyboard.press("ArrowRight")
    eventually(bridge, lambda: gallery.opened == "id1")
    page.keyboard.press("Escape")
    eventually(bridge, lambda: gallery.opened == "")
    assert page.evaluate("document.activeElement.classList.contains('tk-cell')")


def test_clicks_ask_for_more_and_less_like_a_hit_or_a_box(bridge):
    gallery, seen = Gallery(hits_of(5)), []
    gallery.on_act(lambda verb, hit, box: seen.append((verb, hit.input.id, box)))
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").nth(1).hover()
    page.locator(".tk-cell").nth(1).get_by_title("Less like this").click()
    page.locator(".tk-frame").first.click()
    page.get_by_role("button", name="Region 0.90 concept('dog')").click()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    eventually(bridge, lambda: seen == [("less", "id1", None), ("more", "id0", Box(0.1, 0.2, 0.5, 0.6))])


def test_two_views_of_one_gallery_stay_in_step(bridge):
    gallery = Gallery(hits_of(3))
    page = bridge.show(gallery, gallery)
    page.wait_for_function("document.querySelectorAll('.tk-frame img').length === 6")
    page.locator(".tk-cell").first.focus()
    page.keyboard.press("r")
    page.wait_for_function("document.querySelectorAll('.tk-mark').length === 2")


def test_a_page_that_is_loaded_again_shows_the_same(bridge):
    gallery = Gallery(hits_of(3))
    gallery.mark([1])
    page = bridge.show(gallery)
    page.wait_for_selector(".tk-mark")
    page.evaluate("tk.cleanups.splice(0).forEach((cleanup) => cleanup())")
    bridge.show(gallery)
    page.wait_for_function("document.querySelectorAll('.tk-frame img').length === 3")
    assert page.locator(".tk-mark").count() == 1


def test_object_urls_are_given_back_when_a_view_goes(bridge):
    bridge.page.evaluate(
        "() => { window.urls = new Set(); const [make, free] = [URL.createObjectURL, URL.revokeObjectURL];"
        " URL.createObjectURL = (blob) => { const url = make.call(URL, blob); urls.add(url); return url; };"
        " URL.revokeObjectURL = (url) => { urls.delete(url); free.call(URL, url); }; }"
    )
    page = bridge.show(Gallery(hits_of(30)))
    page.wait_for_selector(".tk-frame img")
    assert page.evaluate("urls.size") > 0
    page.evaluate("tk.cleanups.splice(0).forEach((cleanup) => cleanup())")
    assert page.evaluate("urls.size") == 0


def test_an_answer_about_hits_that_are_gone_is_dropped(bridge):
    gallery = Gallery(hits_of(30, name="old.jpg"))
    page = bridge.show(gallery)
    gallery.show(hits_of(2, name="new.jpg"))
    page.wait_for_selector('.tk-cell:has-text("new.jpg") img')
    page.wait_for_timeout(100)
    assert page.locator(".tk-cell").count() == 2
    assert page.get_by_text("old.jpg").count() == 0


# ---- the query builder


def test_a_concept_is_named_in_japanese_excluded_and_searched(bridge, photos):
    explorer = Widgets(photos).explorer(limit=10)
    page = bridge.show(explorer.builder, explorer.gallery)
    page.get_by_role("button", name="Add a rank: concept.").click()
    page.locator("[role=combobox]:focus").wait_for()  # the new row is drawn a moment after the click
    page.keyboard.insert_text("暗い")
    page.get_by_role("option", name="暗い").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    eventually(bridge, lambda: explorer.query == Term("concept", "暗い", {"language": "ja"}))
    page.get_by_role("button", name="Add a rank: concept.").click()
    page.keyboard.insert_text("bright")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="NOT: ask for the contrary of rank 2").click()
    eventually(bridge, lambda: explorer.builder.text.endswith("& ~concept('bright')"))
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_selector(".tk-frame img")
    assert explorer.hits.query == "concept('暗い', language='ja') & ~concept('bright')"
    assert "hits in" in page.locator(".tk-builder .tk-said").inner_text()


def test_a_stale_suggestion_is_never_shown(bridge, photos):
    builder = Widgets(photos).query_builder(Term("concept", "x"))
    real, waiting = builder._suggest, []
    builder._suggest = lambda asked, buffers: (waiting.append(asked["prefix"]), real(asked, buffers))[1]
    page = bridge.show(builder)
    field = page.get_by_role("combobox", name="name")
    field.fill("dun")
    page.wait_for_timeout(130)
    field.fill("bri")
    page.get_by_role("option", name="bright").first.wait_for()
    assert page.get_by_role("option", name="dunkel").count() == 0


def test_rows_are_weighted_switched_moved_and_undone_in_the_page(bridge, photos):
    builder = Widgets(photos).query_builder(DARK & Term("concept", "bright"))
    page = bridge.show(builder)
    page.get_by_role("slider", name="Weight of rank 1").focus()
    page.keyboard.press("End")
    eventually(bridge, lambda: builder.rows[0].weight == 4)
    page.get_by_role("button", name="Move rank 1: arrow up").focus()
    page.keyboard.press("ArrowDown")
    eventually(bridge, lambda: builder.rows[1].weight == 4)
    assert page.evaluate("document.activeElement.dataset.path") == "1/grip"
    page.get_by_role("checkbox", name="Use rank 1").uncheck()
    eventually(bridge, lambda: builder.query == DARK**4)
    page.get_by_role("combobox", name="How ranks are joined").select_option("any")
    eventually(bridge, lambda: builder.join == "any")
    for _ in range(4):
        page.get_by_role("button", name="Undo").click()
        page.wait_for_timeout(50)
    eventually(bridge, lambda: builder.query == DARK & Term("concept", "bright"))
    page.get_by_role("button", name="Remove rank 1", exact=True).click()
    eventually(bridge, lambda: builder.query == Term("concept", "bright"))


def test_rows_follow_a_query_set_from_python_and_nested_groups_are_shown_whole(bridge, photos):
    builder = Widgets(photos).query_builder()
    page = bridge.show(builder)
    builder.query = DARK & ~(Term("concept", "red") | Term("concept", "blue"))
    page.get_by_text("concept('red') | concept('blue')", exact=True).wait_for()
    assert page.locator(".tk-row").count() == 2
    page.get_by_role("checkbox", name="Use rank 2").uncheck()
    eventually(bridge, lambda: builder.query == DARK)


def test_a_picture_is_chosen_downscaled_upright_and_ranked_by(bridge, photos, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    sent = np.random.default_rng(0).integers(0, 255, (600, 2400, 3), np.uint8)
    Image.fromarray(sent).save(tmp_path / "wide.jpg", exif=exif)
    explorer = Widgets(photos).explorer(limit=5)
    page = bridge.show(explorer.builder, explorer.gallery)
    page.get_by_role("button", name="Add a rank: image.").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="File: choose a picture for source").click()
    chooser.value.set_files(tmp_path / "wide.jpg")
    eventually(bridge, lambda: explorer.query is not None)
    picture = Image.open(io.BytesIO(explorer.query.subject))
    assert (picture.size, picture.format) == ((256, 1024), "JPEG")
    page.wait_for_selector(".tk-thumb[src]")
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_selector(".tk-frame img")


DROP = """([name, bytes, type, how]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
  const node = document.querySelector('.tk-builder');
  const bubbling = { bubbles: true, cancelable: true };
  const event = how === 'paste' ? new ClipboardEvent('paste', { clipboardData: transfer, ...bubbling })
    : new DragEvent('drop', { dataTransfer: transfer, ...bubbling });
  node.dispatchEvent(event);
}"""


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(bridge, photos, how):
    builder = Widgets(photos).query_builder(DARK)
    page = bridge.show(builder)
    file = io.BytesIO()
    Image.new("RGB", (32, 32), (9, 9, 9)).save(file, "PNG")
    page.evaluate(DROP, ["q.png", list(file.getvalue()), "image/png", how])
    eventually(bridge, lambda: len(builder.rows) == 2)
    assert builder.query.terms()[1].ranker == "image"


def test_a_file_that_is_no_picture_is_refused_in_words(bridge, photos):
    builder = Widgets(photos).query_builder(DARK)
    page = bridge.show(builder)
    page.evaluate(DROP, ["notes.png", [1, 2, 3], "image/png", "drop"])
    page.get_by_role("alert").get_by_text("notes.png is not a picture that the browser can open.").wait_for()
    assert len(builder.rows) == 1


def test_a_strangers_ranker_gets_controls_by_itself(bridge):
    from test_widgets_builder import Stripes

    with made() as photos:
        photos.registry.add(Stripes())
        builder = Widgets(photos).query_builder()
        page = bridge.show(builder)
        page.get_by_role("button", name="Add a rank: stripes.").click()
        page.get_by_role("combobox", name="direction").select_option("along")
        page.get_by_role("combobox", name="Say more of rank 1").select_option("count")
        page.get_by_role("spinbutton", name="count").fill("5")
        page.keyboard.press("Tab")
        eventually(bridge, lambda: builder.query == Term("stripes", "along", {"count": 5}))
        builder.close()


def test_the_query_is_copied(bridge, photos):
    builder = Widgets(photos).query_builder(DARK)
    page = bridge.show(builder)
    page.get_by_role("combobox", name="Copy the query").select_option("python")
    page.get_by_role("textbox", name="The query to copy").wait_for()
    eventually(
        bridge, lambda: page.get_by_role("textbox", name="The query to copy").input_value() == builder.code()
    )


def test_errors_are_an_alert_and_a_restarted_kernel_says_so(bridge, photos):
    builder = Widgets(photos).query_builder(Term("concept", "no such thing"))
    page = bridge.show(builder)
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("alert").get_by_text("no concept named 'no such thing'").wait_for()
    bridge.restart()
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("alert").get_by_text("run this cell again").wait_for()


def test_a_kernel_that_is_busy_says_so(bridge, photos):
    builder = Widgets(photos).query_builder(DARK)
    page = bridge.show(builder)
    builder.asks = {}  # nobody answers
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("The kernel is busy; the answer will follow.").wait_for()


def test_no_plain_key_leaves_the_widgets_but_shift_enter_does(bridge, photos):
    explorer = Widgets(photos).explorer(DARK, limit=5)
    page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
    page.wait_for_selector(".tk-frame img")
    page.evaluate(
        "() => { window.leaked = []; document.addEventListener('keydown', (e) => leaked.push(e.key)); }"
    )
    for selector in (".tk-grip", ".tk-switch", ".tk-main", ".tk-cell", "select"):
        page.locator(selector).first.focus()
        for key in ("a", "x", "d", "Escape"):
            page.keyboard.press(key)
    assert page.evaluate("leaked") == []
    page.keyboard.press("Shift+Enter")
    assert page.evaluate("leaked") == ["Shift", "Enter"] or page.evaluate("leaked") == ["Enter"]


# ---- the labeler and the picker


def test_ten_marks_refine_the_query(bridge):
    with made() as photos:
        explorer = Widgets(photos).explorer(~DARK, limit=COUNT)
        page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
        page.wait_for_selector(".tk-frame img")
        field = page.get_by_role("combobox", name="Concept that marks are labels of")
        field.fill("porch")
        field.press("Enter")
        field.blur()
        eventually(bridge, lambda: explorer.labeler.concept == "porch")
        for at, key in enumerate("rrrrrnnnnn"):
            page.locator(f'.tk-cell[data-at="{at}"]').focus()
            page.keyboard.press(key)
        eventually(bridge, lambda: (explorer.labeler.yes, explorer.labeler.no) == (5, 5))
        page.get_by_role("button", name="Refine").click()
        page.get_by_text("Learned 'porch' from 5 yes and 5 no").wait_for(
            timeout=90_000
        )  # imports scikit-learn
        assert explorer.query == ~DARK & Term("concept", "porch")
        explorer.close()


def test_a_region_is_drawn_moved_by_keys_and_used(bridge, photos):
    picker = Widgets(photos).region_picker(photos.search(DARK, limit=1)[0])
    page = bridge.show(picker)
    page.wait_for_selector(".tk-canvas img:not([hidden])")
    frame = page.locator(".tk-canvas").bounding_box()
    page.mouse.move(frame["x"] + frame["width"] * 0.25, frame["y"] + frame["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.5, frame["y"] + frame["height"] * 0.75, steps=4)
    page.mouse.up()
    eventually(bridge, lambda: np.allclose(picker.box or [0] * 4, [0.25, 0.25, 0.75, 0.5], atol=0.02))
    page.locator(".tk-chosen").focus()
    left = picker.box[1]
    page.keyboard.press("ArrowLeft")
    eventually(bridge, lambda: abs(picker.box[1] - (left - 0.02)) < 1e-3)
    page.get_by_role("button", name="Search by this region").click()
    eventually(bridge, lambda: picker.hits is not None)


# ---- safe and for everyone


def test_hostile_words_in_any_field_stay_words(bridge):
    with made() as photos:
        photos.concepts.add(PAYLOAD, names={"en": [PAYLOAD]}, definition=PAYLOAD)
        explorer = Widgets(photos).explorer(limit=5)
        explorer.gallery.show(hits_of(3, name=PAYLOAD, words=PAYLOAD))
        explorer.gallery.on_act(lambda *_: None, verbs=("more", "less", "region"))
        page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery, explorer.picker)
        explorer.builder.query = (
            Term("concept", PAYLOAD) & Term("image", PAYLOAD) & (Term("concept", PAYLOAD) | DARK)
        )
        explorer.labeler.concept = PAYLOAD
        for widget in (explorer.builder, explorer.labeler, explorer.gallery, explorer.picker):
            widget.status = {"level": "error", "text": PAYLOAD, "trace": PAYLOAD}
        with explorer.picker.hold_sync():
            explorer.picker.caption = PAYLOAD
            explorer.picker.regions = [{"id": PAYLOAD, "box": [0, 0, 0.5, 0.5]}]
        page.wait_for_selector(".tk-frame img")
        page.get_by_role("combobox", name="name").first.fill(PAYLOAD[:4])
        page.locator(".tk-list li").first.wait_for()
        explorer.gallery.enlarge(0)
        page.wait_for_selector('[role="dialog"] table')
        page.wait_for_timeout(200)
        assert page.locator("img[onerror], script").count() == 0
        assert page.evaluate("window.hurt") is None
        assert page.get_by_text(PAYLOAD).count() > 5
        bridge.errors = [error for error in bridge.errors if "Failed to load resource" not in error]
        explorer.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The script of axe-core: from AXE_CORE, else from npm."""
    if at := os.environ.get("AXE_CORE"):
        return Path(at).read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("axe")
    try:
        packed = subprocess.run(
            ["npm", "pack", "axe-core@4", "--silent"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        subprocess.run(
            ["tar", "xzf", packed.stdout.split()[-1], "package/axe.min.js"], cwd=folder, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        absent(f"axe-core could not be fetched by npm: {error}")
    return (folder / "package" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(page_of, monkeypatch, photos, axe, scheme, artifacts):
    bridge = Bridge(page_of(scheme), monkeypatch)
    explorer = Widgets(photos).explorer(
        DARK & ~(Term("concept", "bright") ** 2) & Term("where", None, {"status": "success"}), limit=12
    )
    explorer.gallery.set_marks({explorer.hits.ids[0]: 1.0, explorer.hits.ids[1]: 0.0})
    explorer.picker.show(explorer.hits[0], box=Box(0.1, 0.1, 0.6, 0.6))
    page = bridge.show(explorer.builder, explorer.labeler, explorer.picker, explorer.gallery)
    page.add_style_tag(content=":root{color-scheme:light dark}body{background:Canvas;color:CanvasText}")
    page.wait_for_selector(".tk-frame img")
    page.locator(".tk-cell").first.focus()
    page.evaluate(axe)
    faults = page.evaluate(
        "async () => (await axe.run(document)).violations.map((v) => [v.id, v.nodes[0].html])"
    )
    page.screenshot(path=artifacts / f"explorer-{scheme}.png", full_page=True)
    assert faults == []
    explorer.gallery.enlarge(0)
    page.wait_for_selector('[role="dialog"] table')
    assert page.evaluate("async () => (await axe.run('[role=dialog]')).violations.map((v) => v.id)") == []
    page.screenshot(path=artifacts / f"opened-{scheme}.png", full_page=True)


def test_nothing_is_cut_off_at_400_pixels(page_of, monkeypatch, photos, artifacts):
    bridge = Bridge(page_of(width=400), monkeypatch)
    explorer = Widgets(photos).explorer(
        DARK & ~Term("concept", "bright") & Term("image", {"input": photos.search(DARK)[0].input.id}),
        limit=12,
    )
    page = bridge.show(explorer.builder, explorer.labeler, explorer.gallery)
    page.wait_for_selector(".tk-frame img")
    page.screenshot(path=artifacts / "explorer-400.png", full_page=True)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('.tk, .tk *')].filter((n) => n.getClientRects().length && "
        "n.getBoundingClientRect().right > innerWidth + 1).map((n) => n.outerHTML.slice(0, 120))"
    )
    assert wide == []
