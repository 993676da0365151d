"""The drawn scenes are what they say: tutorials and pages rely on it."""

import numpy as np
from PIL import Image

from toolkit.demo.scenes import scenes, write_scenes


def test_every_time_of_day_with_every_land_in_turn():
    assert [(scene.time, scene.land) for scene in scenes(9)] == [
        (time, land) for land in ("meadow", "sea", "snow") for time in ("day", "dusk", "night")
    ]


def test_a_scene_is_the_same_however_many_are_drawn_and_another_seed_draws_others():
    one, more, other = scenes(1)[0], scenes(3)[0], scenes(1, seed=1)[0]
    assert one.things == more.things != other.things
    assert one.picture.tobytes() == more.picture.tobytes() != other.picture.tobytes()


def test_boats_are_at_sea_and_houses_and_trees_are_not():
    for scene in scenes(36):
        names = {name for name, _ in scene.things}
        assert names
        assert names == {"boat"} if scene.land == "sea" else names <= {"house", "tree"}


def test_a_box_holds_the_thing_and_little_else():
    lit = (255, 214, 110)  # the windows of a house
    for scene in scenes(36):
        pixels = np.asarray(scene.picture, np.int16)
        windows = (np.abs(pixels - lit) <= 12).all(axis=2)
        inside = np.zeros_like(windows)
        for name, box in scene.things:
            left, upper, right, lower = box.pixels(width=240, height=180)
            assert 500 < (right - left) * (lower - upper) < 4_000
            if name == "house":
                inside[upper:lower, left:right] = True
                assert windows[upper:lower, left:right].any()
        assert not windows[108:][~inside[108:]].any()  # below the horizon, where nothing else is so yellow


def test_files_are_named_for_what_they_show(tmp_path):
    paths = write_scenes(3, tmp_path / "new")
    assert [path.name for path in paths] == ["day-meadow-00.png", "dusk-meadow-01.png", "night-meadow-02.png"]
    with Image.open(paths[2]) as picture:
        assert (picture.size, picture.mode) == ((240, 180), "RGB")
