"""The visual terms: a picture however it is given, a box on it, a region, an input, a vector."""

from __future__ import annotations

import io

import numpy as np
import pytest
from made_up_collection import MadeUp, MeanColor, registry
from PIL import Image
from toolkit_visual.rankers import EmbeddingRanker, ImageRanker, InputRanker, RegionRanker

from toolkit.demo.file_server import serving
from toolkit.errors import ContractError, InputError, NotIndexedError, QueryError, UnknownNameError
from toolkit.query import from_json
from toolkit.terms import constructor
from toolkit.testing import RankerContract
from toolkit.values.settings import Settings, Workflow
from toolkit.values.types import Box

image, region = constructor(ImageRanker()), constructor(RegionRanker())
input, embedding = constructor(InputRanker()), constructor(EmbeddingRanker())

COLORS = {"red": (250, 10, 10), "green": (10, 250, 10), "blue": (10, 10, 250), "orange": (250, 120, 10)}
NEAREST_TO_RED = ["red", "orange", "green", "blue"]  # green and blue are as far; green is older
LEFT, RIGHT = Box(0, 0, 1, 0.5), Box(0, 0.5, 1, 1)


class TestImage(RankerContract):
    ranker = ImageRanker()


class TestRegion(RankerContract):
    ranker = RegionRanker()


class TestInput(RankerContract):
    ranker = InputRanker()


class TestEmbedding(RankerContract):
    ranker = EmbeddingRanker()


def solid(*color) -> np.ndarray:
    return np.full((24, 32, 3), color, np.uint8)


def half_and_half(left, right) -> np.ndarray:
    return np.concatenate([solid(*left), solid(*right)], axis=1)


def png(pixels) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, format="PNG")
    return encoded.getvalue()


@pytest.fixture
def address(tmp_path):
    with serving(tmp_path) as address:
        yield address


@pytest.fixture
def made(address):
    with MadeUp(workflow=Workflow(embedders=("color",)), settings=Settings(allow_urls=(address,))) as made:
        rows = [{"image": solid(*color), "id": name} for name, color in COLORS.items()]
        made.photos.add(rows, progress=False)
        yield made


# a picture, however it is given


def test_a_picture_ranks_the_same_however_it_is_given(made, tmp_path, address):
    pixels = solid(255, 0, 0)
    file = tmp_path / "größe & 犬.png"
    file.write_bytes(png(pixels))
    sources = {
        "path": file,
        "text": str(file),
        "url": f"{address}gr%C3%B6%C3%9Fe%20&%20%E7%8A%AC.png",
        "bytes": file.read_bytes(),
        "PIL": Image.fromarray(pixels),
        "array": pixels,
    }
    scores = {name: made.scores(image(source)) for name, source in sources.items()}
    assert list(scores["path"]) == NEAREST_TO_RED
    assert scores == dict.fromkeys(sources, scores["path"])


def cosine_to_red(name):
    one, red = (np.array(COLORS[color], float) for color in (name, "red"))
    return one @ red / np.linalg.norm(one) / np.linalg.norm(red)


def test_a_score_is_a_sigmoid_of_the_cosine_against_the_background_of_the_space(made):
    hits = made.photos.search(image(solid(250, 10, 10)))
    cosines = {hit.input.id: hit.parts[0].raw for hit in hits}
    assert cosines == pytest.approx({name: cosine_to_red(name) for name in COLORS}, abs=1e-4)
    background = made.photos._resources.backgrounds.of("color@1", made.photos.snapshot())
    expected = background.scale(np.array(list(cosines.values())))
    assert [hit.score for hit in hits] == pytest.approx(expected.tolist())
    assert background.rows == len(COLORS)


def test_a_hit_shows_the_cosine_beside_the_score_and_what_is_usual(made):
    hits = made.photos.search(image(solid(250, 10, 10)), limit=1)
    assert hits[0].parts[0].unit == "cosine"
    term = hits[0].parts[0].term
    frame = hits.frame()
    assert frame[f"cosine of {term}"][0] == pytest.approx(1, abs=1e-4)
    assert frame[term][0] == hits[0].score
    assert hits.records()[0]["terms"][0]["cosine"] == pytest.approx(1, abs=1e-4)
    assert "cosine 1.00, far above this collection's usual 0." in str(hits.explain())


def test_alone_a_picture_may_score_half_of_one_and_the_cosine(made):
    query = image(solid(250, 10, 10))
    expected = {name: round((1 + cosine_to_red(name)) / 2, 3) for name in NEAREST_TO_RED}
    hits = made.photos.search(query, lone_cosine="half")
    assert {hit.input.id: round(hit.score, 3) for hit in hits} == expected
    least = made.photos.search(query, lone_cosine="half", minimum=0.8)
    assert least.ids == [name for name in NEAREST_TO_RED if expected[name] >= 0.8]


def test_an_input_of_the_collection_is_a_picture_too(made):
    hit = made.photos.search(image(solid(255, 0, 0)))[0]
    assert made.ranked(image(made.photos["blue"]))[0] == "blue"
    assert made.ranked(image(hit))[0] == "red"


def test_a_box_on_a_picture_ranks_by_that_part_alone(made):
    pixels = half_and_half((0, 0, 255), (0, 255, 0))
    assert made.ranked(image(pixels, box=LEFT))[0] == "blue"
    assert made.ranked(image(pixels, box=RIGHT))[0] == "green"
    assert made.ranked(image(pixels, box=[0, 0.5, 1, 1]))[0] == "green"


@pytest.mark.parametrize(
    "box", [[0, 0, 1, 1.5], [0.5, 0, 0.5, 1], [1, 1, 0, 0], [0, 0, 1], [0, 0, 1, np.nan]]
)
def test_a_box_that_cannot_be_is_refused(made, box):
    with pytest.raises(QueryError, match="box"):
        made.ranked(image(solid(1, 2, 3), box=box))


def test_the_same_picture_comes_back_from_json(made):
    query = image(solid(0, 0, 255), box=LEFT)
    assert made.scores(from_json(query.to_json())) == made.scores(query)


def test_a_picture_that_cannot_be_read_says_why(made, tmp_path, address):
    (tmp_path / "text.png").write_text("no picture")
    for source in (tmp_path / "missing.png", tmp_path / "text.png", b"no picture"):
        with pytest.raises(InputError):
            made.ranked(image(source))
    with pytest.raises(InputError, match="404"):
        made.ranked(image(f"{address}missing.png"))
    with pytest.raises(InputError):
        made.ranked(image("gopher://example.org/a.png"))


def test_an_address_on_the_loopback_is_refused_unless_the_settings_allow_it(tmp_path, address):
    (tmp_path / "a.png").write_bytes(png(solid(1, 2, 3)))
    with MadeUp("a") as made:
        made.embed({"a": [1, 0, 0]})
        with pytest.raises(InputError, match="allow_urls"):
            made.ranked(image(f"{address}a.png"))


# a region


def test_a_region_ranks_by_its_own_part_of_its_image(made):
    made.photos.add([{"image": half_and_half((255, 0, 0), (0, 0, 255)), "id": "both"}], progress=False)
    left, right = (made.photos.add_region("both", box) for box in (LEFT, RIGHT))
    assert made.ranked(region(right))[:2] == ["both", "blue"]
    assert made.ranked(region(left))[:2] == ["both", "red"]
    assert set(list(made.rows(region(right)))[:2]) == {"blue", right}
    assert made.ranked(region("green"))[0] == "green"  # the row of a whole input has the input's id


def test_the_hit_shows_the_region_that_is_near(made):
    made.photos.add([{"image": half_and_half((255, 0, 0), (0, 0, 255)), "id": "both"}], progress=False)
    made.photos.add_region("both", LEFT)
    blue = made.photos.add_region("both", RIGHT)
    hits = made.photos.search(image(solid(0, 0, 255)) & ~image(solid(0, 255, 0)))
    both = next(hit for hit in hits if hit.input.id == "both")
    assert (both.region_id, both.box, both.parts[0].box) == (blue, RIGHT, RIGHT)


def test_an_unknown_region_or_input_is_refused_with_the_nearest(made):
    with pytest.raises(UnknownNameError, match="no region named 'rod'; did you mean 'red'"):
        made.ranked(region("rod"))
    with pytest.raises(UnknownNameError, match="no input named 'rod'; did you mean 'red'"):
        made.ranked(input("rod"))


def test_a_region_without_an_embedding_says_which_call_makes_one():
    with MadeUp("a", "b") as made:
        made.embed({"a": [1, 0, 0]})
        with pytest.raises(NotIndexedError, match=r"region 'b' has no embedding in space 'color@1': .*index"):
            made.ranked(region("b"))


# an input


def test_an_input_ranks_by_its_whole_picture_or_by_the_mean_of_its_embeddings():
    with MadeUp("a", "b", "c", "d") as made:
        part = made.region("a", LEFT)
        made.embed({"a": [1, 0, 0], part: [0, 1, 0], "b": [1, 1, 0], "c": [1, 0, 0.2], "d": [0, 0, 1]})

        def cosines(query):
            return {hit.input.id: round(hit.parts[0].raw, 4) for hit in made.photos.search(query)}

        assert cosines(input("a")) == {"a": 1.0, "c": 0.9806, "b": 0.7071, "d": 0.0}
        assert cosines(input("a", by="whole")) == cosines(input("a"))
        assert cosines(input("a", by="mean")) == {"b": 1.0, "a": 0.7071, "c": 0.6934, "d": 0.0}
        assert cosines(input("b", by="mean"))["b"] == 1


def test_rows_without_an_embedding_are_no_hits():
    with MadeUp("a", "b", "c") as made:
        made.embed({"c": [1, 0, 0], "a": [1, 1, 0]})
        assert made.ranked(input("c")) == ["c", "a"]


# a vector


def test_a_vector_of_any_length_is_a_direction(made):
    expected = made.scores(embedding([1, 0, 0]))
    assert list(expected) == NEAREST_TO_RED
    for scale in (1e-300, 3.0, 1e300):
        assert made.scores(embedding([scale, 0, 0])) == expected
    assert made.scores(embedding(np.array([2, 0, 0], np.int8))) == expected


@pytest.mark.parametrize("vector", [[], [0, 0, 0], [1, 0, np.nan], [1, np.inf, 0], ["a", 0, 0], 1.0])
def test_a_vector_without_a_direction_is_refused(vector):
    with pytest.raises(QueryError, match="vector is a list of finite numbers, not all zero"):
        embedding(vector)


def test_a_vector_of_another_size_is_refused_with_the_dimension_of_the_space(made):
    with pytest.raises(QueryError, match="a vector of space 'color@1' has 3 numbers, not 4"):
        made.ranked(embedding([1, 0, 0, 0]))


# spaces


def test_a_space_may_be_named_in_full_without_its_version_or_by_its_embedder():
    with MadeUp("a", "b") as made:
        made.embed({"a": [1, 0, 0], "b": [0, 1, 0]}, space="other@1")
        made.embed({"a": [0, 1, 0], "b": [1, 0, 0]}, space="color@1")
        made.embed({"a": [1, 0], "b": [0, 1]}, space="color@2")
        with made.store.write() as batch:
            batch.spaces.add("hidden@1", embedder="net:resnet18", dimension=1)
            batch.embeddings.put("hidden@1", [made.store.regions.get("b").key], np.ones((1, 1), np.float32))
        assert made.ranked(embedding([1, 0, 0])) == ["a", "b"]  # the first there is
        assert made.ranked(embedding([1, 0, 0], space="color@1")) == ["b", "a"]
        assert made.ranked(embedding([1, 0], space="color")) == ["a", "b"]  # the newest version
        assert made.ranked(embedding([1], space="net:resnet18")) == ["b"]


def test_the_workflow_gives_the_space_when_none_is_named():
    with MadeUp("a", "b", workflow=Workflow(embedders=("color",))) as made:
        made.embed({"a": [1, 0, 0], "b": [0, 1, 0]}, space="other@1")
        made.embed({"a": [0, 1, 0], "b": [1, 0, 0]}, space="color@1")
        assert made.ranked(embedding([1, 0, 0])) == ["b", "a"]


def test_an_unknown_space_says_which_call_makes_it(made):
    for query in (image(solid(1, 2, 3), space="net:resnet18"), input("red", space="net:resnet18")):
        with pytest.raises(NotIndexedError) as caught:
            made.ranked(query)
        message = (
            "no 'net:resnet18' embeddings here; run photos.index(embedder='net:resnet18'). There are: color@1"
        )
        assert str(caught.value) == message


def test_nothing_embedded_says_what_to_do():
    with MadeUp("a") as made, pytest.raises(NotIndexedError, match=r"photos\.index\(embedder="):
        made.ranked(embedding([1, 0, 0]))
    with (
        MadeUp(workflow=Workflow(embedders=("color",))) as made,
        pytest.raises(NotIndexedError, match=r"add images with photos\.add"),
    ):
        made.ranked(embedding([1, 0, 0]))


def test_an_embedder_of_another_version_cannot_compare():
    with MadeUp("a") as made:
        made.embed({"a": [1, 0, 0]}, space="color@0")
        with pytest.raises(NotIndexedError, match=r"embedder 'color' is now 'color@1' .*photos\.index"):
            made.ranked(image(solid(1, 2, 3)))
        assert made.ranked(input("a")) == ["a"]  # what needs no embedder works


def test_an_embedder_that_fails_is_named_and_not_the_ranker():
    class Broken(MeanColor):
        def embed(self, images):
            raise MemoryError("out of it")

    with MadeUp("a", registry=registry(Broken())) as made:
        made.embed({"a": [1, 0, 0]})
        with pytest.raises(ContractError, match=r"embedder 'color@1': .* MemoryError: out of it"):
            made.ranked(image(solid(1, 2, 3)))
