"""The models that need no download say what they promise: on made-up pictures, digits and the sets beside us."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import toolkit_visual
from PIL import Image, ImageDraw, ImageFilter
from toolkit_visual.color import lab
from toolkit_visual.color_names import COLOR_NAMES
from toolkit_visual.embedder import PixelEmbedder
from toolkit_visual.pixel_concepts import FLOOR, PixelConcepts
from toolkit_visual.proposals import MOST, RegionProposals

from toolkit.errors import QueryError
from toolkit.testing import ConceptModelContract, DetectorContract, EmbedderContract
from toolkit.values.types import Box

SHARED = Path(__file__).parents[3] / "shared"
MODELS = [PixelEmbedder, PixelConcepts, RegionProposals]


class TestPixelEmbedder(EmbedderContract):
    embedder = PixelEmbedder()


class TestPixelConcepts(ConceptModelContract):
    concept_model = PixelConcepts()


class TestRegionProposals(DetectorContract):
    detector = RegionProposals()


def test_the_plugin_offers_each_of_them() -> None:
    assert toolkit_visual.toolkit_embedders() == [PixelEmbedder]
    assert toolkit_visual.toolkit_concept_models() == [PixelConcepts]
    assert toolkit_visual.toolkit_detectors() == [RegionProposals]


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    code = "import sys, toolkit_visual; print({'sklearn', 'scipy', 'pandas', 'torch'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("model", MODELS)
def test_a_variant_is_refused_by_name(model: type) -> None:
    with pytest.raises(QueryError, match="has no variants, but 'large' was asked for"):
        model("large")


# ----------------------------------------------------------------------------------------------- embedder


def embed(*images: Image.Image) -> np.ndarray:
    return PixelEmbedder().embed(images)


def cosine(first: Image.Image, second: Image.Image) -> float:
    a, b = embed(first, second)
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def scene(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    random = np.random.default_rng(seed)
    picture = Image.new("RGB", size, tuple(random.integers(0, 256, 3).tolist()))
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        corners = np.sort(random.random((2, 2)), axis=0) * size
        draw.rectangle(corners.ravel().tolist(), fill=tuple(random.integers(0, 256, 3).tolist()))
    return picture


@pytest.mark.parametrize("color", ["black", "white", "#777777", "red", "blue"])
@pytest.mark.parametrize("size", [(1, 1), (10000, 1), (1, 3000), (64, 64)])
def test_a_plain_picture_of_any_size_has_a_finite_vector_that_is_not_zero(color: str, size: tuple) -> None:
    (vector,) = embed(Image.new("RGB", size, color))
    assert vector.dtype == np.float32
    assert vector.shape == (468,)
    assert np.isfinite(vector).all()
    assert 0.5 < np.linalg.norm(vector) < 1.5


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK"])
def test_a_picture_of_another_mode_is_read_as_rgb(mode: str) -> None:
    picture = scene(1).convert(mode)
    np.testing.assert_array_equal(embed(picture), embed(picture.convert("RGB")))


def test_plain_pictures_are_nearer_the_more_alike_their_colors_are() -> None:
    red, dark_red, blue = (Image.new("RGB", (50, 50), color) for color in ("red", "#b00000", "blue"))
    assert cosine(red, dark_red) > cosine(red, blue)


@pytest.mark.parametrize(
    "edit",
    [
        lambda picture: picture.resize((97, 61)),
        lambda picture: picture.filter(ImageFilter.GaussianBlur(1)),
        lambda picture: picture.point(lambda value: min(255, int(value * 1.2))),
        lambda picture: picture.rotate(3),
    ],
    ids=["smaller", "softer", "brighter", "turned"],
)
def test_an_edited_copy_is_nearer_than_any_other_scene(edit) -> None:
    others = max(cosine(scene(0), scene(seed)) for seed in range(1, 12))
    assert cosine(scene(0), edit(scene(0))) > others


def test_a_mirrored_copy_is_nearer_than_any_other_scene() -> None:
    others = max(cosine(scene(0), scene(seed)) for seed in range(1, 12))
    assert cosine(scene(0), scene(0).transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > others


def test_the_nearest_digit_is_nearly_always_the_same_digit() -> None:
    from sklearn.datasets import load_digits

    digits = load_digits()
    pictures = [Image.fromarray((pixels * 255 / 16).astype(np.uint8)) for pixels in digits.images[:400]]
    vectors = embed(*(picture.resize((64, 64), Image.Resampling.BICUBIC) for picture in pictures))
    precision = precision_at(1, vectors, digits.target[:400])
    assert precision > 0.97


def precision_at(k: int, vectors: np.ndarray, classes: np.ndarray) -> float:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = np.argsort(-cosines, axis=1)[:, :k]
    return float((classes[nearest] == classes[:, None]).mean())


@pytest.mark.skipif(not (SHARED / "photos-dev").is_dir(), reason="the labelled photos are not here")
def test_on_photos_most_of_the_ten_nearest_are_of_the_same_class() -> None:
    with (SHARED / "photos-dev" / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:300]
    vectors = embed(*(Image.open(SHARED / "photos-dev" / row["path"]) for row in rows))
    assert precision_at(10, vectors, np.array([row["class"] for row in rows])) > 0.55


# ---------------------------------------------------------------------------------------- pixel concepts


def say(image: Image.Image) -> dict[str, float]:
    return dict(PixelConcepts().predict([image])[0])


def halves(left: str, right: str, share: float = 0.5) -> Image.Image:
    picture = Image.new("RGB", (200, 200), right)
    picture.paste(left, (0, 0, round(200 * share), 200))
    return picture


CSS = {
    "black": "black", "white": "white", "gray": "gray", "red": "red", "orange": "orange", "yellow": "yellow",
    "green": "green", "blue": "blue", "purple": "purple", "pink": "pink", "brown": "saddlebrown",
}  # fmt: skip


@pytest.mark.parametrize("name", COLOR_NAMES)
def test_a_picture_all_of_one_color_goes_by_its_name_alone(name: str) -> None:
    said = say(Image.new("RGB", (120, 120), CSS[name]))
    assert {color: said[color] for color in COLOR_NAMES if color in said} == {name: 1.0}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("#000060", "blue"), ("#87ceeb", "blue"), ("#228b22", "green"), ("#a0d080", "green"),
        ("#d2b48c", "brown"), ("#b22222", "red"), ("#9400d3", "purple"), ("#ff69b4", "pink"),
        ("#ffd700", "yellow"), ("#f0f0f0", "white"), ("#101010", "black"), ("#909090", "gray"),
    ],
)  # fmt: skip
def test_shades_go_by_the_word_people_use(code: str, name: str) -> None:
    assert say(Image.new("RGB", (50, 50), code)).get(name) == 1.0


def test_the_value_of_a_color_is_the_root_of_its_share() -> None:
    said = say(halves("red", "white", share=0.25))
    assert said["red"] == pytest.approx(0.5, abs=0.02)
    assert said["white"] == pytest.approx(0.75**0.5, abs=0.02)


def test_a_color_never_falls_as_there_is_more_of_it() -> None:
    values = [say(halves("green", "white", share=share)).get("green", 0.0) for share in np.linspace(0, 1, 21)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (0.0, 1.0)


def test_light_rises_from_dark_to_bright() -> None:
    said = [say(Image.new("RGB", (40, 40), (level,) * 3)) for level in range(0, 256, 15)]
    dark, bright = ([each.get(id, 0.0) for each in said] for id in ("dark", "bright"))
    assert dark == sorted(dark, reverse=True)
    assert bright == sorted(bright)
    assert (dark[0], bright[-1]) == (1.0, 1.0)
    assert not any(d and b for d, b in zip(dark, bright, strict=True))


def test_contrast_is_high_between_black_and_white_and_low_on_one_gray() -> None:
    assert say(halves("black", "white"))["high-contrast"] == 1.0
    assert say(Image.new("RGB", (40, 40), "gray"))["low-contrast"] == 1.0
    assert "low-contrast" not in say(halves("black", "white"))


def test_a_gray_picture_is_grayscale_and_a_painted_one_colorful() -> None:
    rainbow = Image.merge("HSV", [Image.linear_gradient("L"), *[Image.new("L", (256, 256), 255)] * 2])
    said = say(rainbow.convert("RGB"))
    assert said["colorful"] == 1.0
    assert "grayscale" not in said
    assert say(scene(0).convert("L"))["grayscale"] == 1.0


def test_blurring_turns_sharp_into_blurry_and_a_plain_picture_is_neither() -> None:
    said = [
        say(scene(2, size=(256, 192)).filter(ImageFilter.GaussianBlur(radius))) for radius in (0, 1, 2, 4, 8)
    ]
    sharp, blurry = ([each.get(id, 0.0) for each in said] for id in ("sharp", "blurry"))
    assert sharp == sorted(sharp, reverse=True)
    assert blurry == sorted(blurry)
    assert (sharp[0], blurry[-1]) == (1.0, 1.0)
    assert not {"sharp", "blurry"} & say(Image.new("RGB", (300, 300), "teal")).keys()


@pytest.mark.parametrize(
    ("size", "id"),
    [
        ((300, 400), "portrait-format"), ((400, 300), "landscape-format"), ((400, 400), "square-format"),
        ((400, 392), "square-format"), ((1, 1), "square-format"), ((10000, 1), "landscape-format"),
    ],
)  # fmt: skip
def test_the_format_is_one_of_three(size: tuple[int, int], id: str) -> None:
    said = say(Image.new("RGB", size))
    formats = {name: value for name, value in said.items() if name.endswith("-format")}
    assert formats == {id: 1.0}


def test_a_thing_on_plain_ground_is_not_busy_and_a_clutter_is() -> None:
    plain = Image.new("RGB", (200, 200), "white")
    plain.paste("navy", (70, 70, 130, 130))
    random = np.random.default_rng(0)
    clutter = Image.fromarray(random.integers(0, 256, (40, 40, 3), dtype=np.uint8)).resize((200, 200))
    assert say(plain)["plain-background"] == 1.0
    assert "busy" not in say(plain)
    assert say(clutter)["busy"] > 0.9
    assert "plain-background" not in say(clutter)


def test_what_is_hardly_there_is_left_out() -> None:
    assert min(min(say(scene(seed)).values()) for seed in range(10)) >= FLOOR
    assert "red" not in say(halves("red", "white", share=0.02))


def test_every_concept_has_a_definition_and_names_in_six_languages() -> None:
    for concept in PixelConcepts.concepts:
        assert concept.definition.endswith("."), concept.id
        assert set(concept.names) == {"en", "de", "fr", "es", "ja", "zh"}
        assert all(name.strip() for names in concept.names.values() for name in names)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja", "zh"])
def test_no_name_means_two_concepts_in_one_language(language: str) -> None:
    names = [name.casefold() for concept in PixelConcepts.concepts for name in concept.names[language]]
    assert len(set(names)) == len(names)


def test_lab_is_the_one_of_the_standard() -> None:
    colors = np.array(
        [[255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [119, 119, 119]], dtype=np.uint8
    )
    expected = [
        [100, 0, 0],
        [53.24, 80.09, 67.20],
        [87.73, -86.18, 83.18],
        [32.30, 79.19, -107.86],
        [50.03, 0, 0],
    ]
    np.testing.assert_allclose(lab(colors), expected, atol=0.05)


# --------------------------------------------------------------------------------------------- proposals


def noise_with_square(seed: int) -> tuple[Image.Image, Box]:
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (240, 320, 3), dtype=np.uint8)
    side = int(random.integers(60, 150))
    top, left = int(random.integers(0, 240 - side)), int(random.integers(0, 320 - side))
    pixels[top : top + side, left : left + side] = random.integers(0, 256, 3)
    return Image.fromarray(pixels), Box(top / 240, left / 320, (top + side) / 240, (left + side) / 320)


@pytest.mark.parametrize("seed", range(10))
def test_a_square_on_noise_is_found(seed: int) -> None:
    picture, square = noise_with_square(seed)
    (found,) = RegionProposals().detect([picture])
    assert max(each.box.iou(square) for each in found) > 0.6


def test_a_thing_on_plain_ground_comes_first() -> None:
    picture = Image.new("RGB", (300, 200), "white")
    picture.paste(Image.effect_noise((90, 90), 80).convert("RGB"), (30, 60))
    (found,) = RegionProposals().detect([picture])
    assert found[0].box.iou(Box(0.3, 0.1, 0.75, 0.4)) > 0.75


def test_a_plain_picture_holds_no_region() -> None:
    assert RegionProposals().detect([Image.new("RGB", (300, 200), "teal")]) == [[]]


def test_regions_have_no_concepts_and_come_best_first() -> None:
    (found,) = RegionProposals().detect([scene(3)])
    assert 0 < len(found) <= MOST
    assert all(each.concepts == {} for each in found)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.skipif(not (SHARED / "boxes-dev").is_dir(), reason="the photos with boxes are not here")
def test_on_photos_it_finds_more_than_a_grid_of_as_many_boxes() -> None:
    folder = SHARED / "boxes-dev"
    content = json.loads((folder / "instances.json").read_text(encoding="utf-8"))
    detector, found, gridded = RegionProposals(), 0, 0
    whole_and_middle = [Box(0, 0, 1, 1), Box(0.15, 0.15, 0.85, 0.85)]
    strips = [Box(0.1, 0.3, 0.9, 0.7), Box(0.3, 0.1, 0.7, 0.9)]
    quarters = [Box(row, col, row + 0.5, col + 0.5) for row in (0, 0.5) for col in (0, 0.5)]
    grid = whole_and_middle + strips + quarters
    for photo in content["images"][:60]:
        boxes = [
            _fractions(each["bbox"], photo)
            for each in content["annotations"]
            if each["image_id"] == photo["id"] and not each["iscrowd"]
        ]
        (proposed,) = detector.detect([Image.open(folder / "images" / Path(photo["file_name"]).name)])
        found += sum(any(each.box.iou(box) >= 0.5 for each in proposed) for box in boxes)
        gridded += sum(any(each.iou(box) >= 0.5 for each in grid) for box in boxes)
    assert found > gridded


def _fractions(sides: list[float], photo: dict[str, int]) -> Box:
    left, top, width, height = sides
    bottom, right = (top + height) / photo["height"], (left + width) / photo["width"]
    return Box(top / photo["height"], left / photo["width"], min(bottom, 1.0), min(right, 1.0))
