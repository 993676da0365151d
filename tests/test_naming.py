"""An input is named by its id, or by a path or URL of its file, to every verb, term and command alike."""

from __future__ import annotations

import shutil
import unicodedata

import pytest
from made_up_models import opened, write_pictures

from toolkit.errors import UnknownNameError
from toolkit.terms import input, only


@pytest.fixture
def photos():
    with opened() as collection:
        yield collection


def test_every_verb_and_term_takes_a_path(photos, tmp_path):
    paths = write_pictures(tmp_path, 3)
    photos.add(paths)
    path = str(paths[1])
    id = photos.find(path).id
    assert photos[path].id == photos.inputs[path].id == id
    assert photos.image(path).size == (photos[id].width, photos[id].height)
    assert photos.thumbnail(path) == photos.thumbnail(id)
    photos.annotate(path, concept="cat")
    photos.datasets.add("d", [path])
    photos.inputs.update(path, metadata={"a": 1})
    assert (photos[id].datasets, photos[id].metadata) == (("d",), {"a": 1})
    assert photos.search(input(path), limit=1).ids == photos.search(only([path])).ids == [id]
    photos.delete(path)
    assert id not in photos


def test_any_place_of_a_content_names_it(photos, tmp_path):
    (path,) = write_pictures(tmp_path, 1)
    shutil.copy(path, tmp_path / "copy.png")
    photos.add(tmp_path)
    assert photos.find(path).id == photos.find(tmp_path / "copy.png").id


@pytest.mark.parametrize(("written", "typed"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_forms_of_unicode_are_one_name(photos, tmp_path, written, typed):
    (path,) = write_pictures(tmp_path, 1)
    path.rename(tmp_path / unicodedata.normalize(written, "Übung café.png"))
    photos.add(tmp_path)
    assert photos.find(tmp_path / unicodedata.normalize(typed, "Übung café.png")).id == next(iter(photos))


def test_case_matters_only_where_it_tells_two_files_apart(photos, tmp_path):
    one, two, three = write_pictures(tmp_path, 3)
    for path, name in ((one, "A.png"), (two, "a.png"), (three, "B.png")):
        path.rename(tmp_path / name)
    photos.add(tmp_path)
    assert photos.find(tmp_path / "b.PNG").id == photos.find(tmp_path / "B.png").id
    assert photos.find(tmp_path / "a.png").id != photos.find(tmp_path / "A.png").id
    if len(list(tmp_path.iterdir())) == 3:  # a file system that tells them apart
        with pytest.raises(UnknownNameError, match=r"did you mean '.*/A.png' or '.*/a.png'"):
            photos.find(tmp_path / "a.PNG")


def test_an_error_names_files_and_not_hashes(photos, tmp_path):
    (path,) = write_pictures(tmp_path, 1)
    path.rename(tmp_path / "harbor.png")
    photos.add(tmp_path)
    with pytest.raises(UnknownNameError) as error:
        photos.image(str(tmp_path / "harbour.png"))
    assert str(error.value) == (
        f"no input named '{tmp_path}/harbour.png'; did you mean '{tmp_path}/harbor.png'? "
        "An input is named by its id, or by a path or URL as it was added; there are 1."
    )
    with pytest.raises(UnknownNameError, match=f"did you mean '{tmp_path}/harbor.png'"):
        photos.find("harbor.png")
