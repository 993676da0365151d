"""What a client writes means what it says: each test fails for every answer but the right one."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError

import numpy as np
import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

from wire_photos import (
    CORNER,
    Grpc,
    Rest,
    concepts,
    ids,
    of,
    picture,
    registry,
    search,
    seeded,
    served,
    text,
)

import toolkit
from toolkit.plugins import Parameter
from toolkit.values.types import Annotation, Box

A, I = "PostAnnotationsSearches", "PostInputsSearches"  # noqa: E741
PINK = picture((250, 100, 180))
PINK_URL = "https://samples.example.org/pink.png"
OTHER_CORNER = Box(0.5, 0.5, 1.0, 1.0)
FACES = [Rest, Grpc]


@contextmanager
def asking(face=Rest, **options):
    """A client of a collection of its own, which it has as `photos`."""
    with seeded() as photos, served(photos, **options) as server:
        client = face(server)
        client.photos = photos
        try:
            yield client
        finally:
            client.close()


@pytest.fixture
def client(tmp_path):
    file = tmp_path / "pink.png"
    file.write_bytes(PINK)
    with asking(url_files={PINK_URL: file}) as client:
        yield client


def post(client, path, verb="POST", **body):
    return client.ask("", body, path=f"/v2/{path}", verb=verb)


def image(url="", **more):
    given = {"url": url, "allow_duplicate_url": True} if url else {"base64": text(PINK)}
    return {"data": {"image": given, **more}}


def made(response):
    assert response["status"]["code"] == 10000, response["status"]
    return [one["id"] for one in response["inputs"]]


class TestAnInputWithoutAnIdIsNew:
    def test_who_deletes_the_input_of_a_second_post_deletes_no_photo_that_was_there(self, client):
        client.photos.add(PINK, progress=False)
        [there] = client.photos.inputs.keys() - {"red", "orange", "green", "blue"}
        [posted] = made(post(client, "inputs", inputs=[image()]))
        assert posted != there
        post(client, f"inputs/{posted}", verb="DELETE")
        assert there in client.photos.inputs
        assert np.asarray(client.photos.image(there)).mean((0, 1)).tolist() == [250, 100, 180]

    def test_two_equal_images_in_one_request_are_two_inputs(self, client):
        by_bytes = made(post(client, "inputs", inputs=[image(), image()]))
        by_url = made(post(client, "inputs", inputs=[image(PINK_URL), image(PINK_URL)]))
        assert len({*by_bytes, *by_url}) == 4
        assert set(ids(client.ask(I, search(ranks=[of(input_id=by_url[0])])))[:4]) == {*by_bytes, *by_url}

    def test_what_comes_with_a_second_post_is_of_its_own_input_alone(self, client):
        place = {"geo_point": {"latitude": 48.0, "longitude": 11.0}}
        [first] = made(post(client, "inputs", inputs=[image(concepts=[{"id": "mine"}], metadata={"n": 1})]))
        [second] = made(
            post(client, "inputs", inputs=[image(concepts=[{"id": "yours"}], metadata={"n": 2}, geo=place)])
        )
        for id, concept, number in ((first, "mine", 1), (second, "yours", 2)):
            data = client.ask("", {}, path=f"/v2/inputs/{id}", verb="GET")["input"]["data"]
            assert ([one["id"] for one in data["concepts"]], data["metadata"]) == ([concept], {"n": number})
            assert ("geo" in data) == (id == second)

    def test_the_url_decides_what_a_duplicate_is_and_not_the_content(self, client):
        assert made(post(client, "inputs", inputs=[image()]))
        once = {"data": {"image": {"url": PINK_URL}}}
        assert made(post(client, "inputs", inputs=[once]))
        [again] = post(client, "inputs", inputs=[once])["inputs"]
        assert again["status"]["code"] == 30100
        [again] = post(client, "inputs", inputs=[image() | {"id": "red"}])["inputs"]
        assert again["status"]["code"] == 30100
        assert len(client.photos) == 6

    def test_requests_that_post_a_url_at_the_same_moment_make_one_input_of_it(self, tmp_path):
        """Each is past the first check before any of them has written."""
        many = 4
        all_here = Barrier(many)
        (tmp_path / "pink.png").write_bytes(PINK)

        class Meeting:
            name, version, dimension = "meeting", "1", 2

            def embed(self, images):
                with suppress(BrokenBarrierError):
                    all_here.wait(20)
                return [[0.6, 0.8]] * len(images)

        known = registry()
        known.add(Meeting)
        with (
            toolkit.open(workflow=toolkit.Workflow(embedders=("meeting",)), registry=known) as photos,
            served(photos, url_files={PINK_URL: tmp_path / "pink.png"}) as server,
            ThreadPoolExecutor(many) as pool,
        ):
            client = Rest(server)
            once = {"data": {"image": {"url": PINK_URL}}}
            answers = list(pool.map(lambda _: post(client, "inputs", inputs=[once]), range(many)))
            codes = sorted(answer["inputs"][0]["status"]["code"] for answer in answers)
            assert codes == [30000, *[30100] * (many - 1)]
            assert not all_here.broken
            assert len(photos) == 1
            client.close()

    def test_adding_the_content_in_a_notebook_finds_the_earliest(self, client):
        first, second = made(post(client, "inputs", inputs=[image(), image()]))
        client.photos.add(PINK, progress=False)
        assert len(client.photos) == 6
        client.photos.delete(first)
        client.photos.add(PINK, progress=False)
        assert list(client.photos.inputs)[-1] == second


class TestIdsAreIdsAndNamesAreNames:
    GIVEN = {"id": "abc", "name": "some name"}  # noqa: RUF012

    @pytest.mark.parametrize("path", ["inputs", "annotations", "patched inputs", "concepts"])
    def test_both_are_stored(self, client, path):
        posted = {
            "inputs": lambda: post(client, "inputs", inputs=[image(concepts=[self.GIVEN])]),
            "annotations": lambda: post(
                client, "annotations", annotations=[{"input_id": "red", "data": {"concepts": [self.GIVEN]}}]
            ),
            "patched inputs": lambda: post(
                client, "inputs", "PATCH", inputs=[{"id": "red", "data": {"concepts": [self.GIVEN]}}]
            ),
            "concepts": lambda: post(client, "concepts", concepts=[self.GIVEN]),
        }[path]()
        assert posted["status"]["code"] == 10000
        shown = post(client, "concepts/abc", verb="GET")["concept"]
        assert (shown["id"], shown["name"]) == ("abc", "some name")
        assert "some name" in str(posted)
        if path != "concepts":
            by_name = ids(client.ask(I, search(filters=[concepts({"name": "Some Name", "value": 1})])))
            assert len(by_name) == 1
            assert by_name == ids(client.ask(I, search(filters=[concepts(("abc", 1))])))
            assert ids(client.ask(I, search(filters=[concepts(("some name", 1))]))) == []

    def test_a_posted_id_is_never_looked_up_as_a_word(self, client):
        client.photos.concepts.add("n02123045", names={"en": ["tabby"]})
        post(
            client, "annotations", annotations=[{"input_id": "red", "data": {"concepts": [{"id": "tabby"}]}}]
        )
        post(
            client,
            "annotations",
            annotations=[{"input_id": "blue", "data": {"concepts": [{"name": "tabby"}]}}],
        )
        labels = {one.input_id: set(one.concepts) for one in client.photos.annotations.of(["red", "blue"])
                  if one.source == "human:me" and "people" not in one.concepts}  # fmt: skip
        assert labels == {"red": {"tabby"}, "blue": {"tabby"}}  # by then a concept has that id

    def test_a_posted_name_is_the_concept_that_goes_by_it(self, client):
        client.photos.concepts.add("n02123045", names={"en": ["tabby"], "ja": ["とら猫"]})
        for input, given in (("red", {"name": "Tabby"}), ("blue", {"name": "とら猫", "language": "ja"})):
            post(client, "annotations", annotations=[{"input_id": input, "data": {"concepts": [given]}}])
        assert ids(client.ask(I, search(filters=[concepts(("n02123045", 1))]))) == ["red", "blue"]
        assert "tabby" not in {one.casefold() for one in client.photos.concepts}

    @pytest.mark.parametrize("face", FACES)
    def test_by_id_exactly_that_concept_is_meant_and_by_name_every_one_of_that_name(self, face):
        with asking(face) as client:
            client.photos.concepts.add("n02084071", names={"en": ["dog"]})
            client.photos.annotations.put(
                [Annotation("", "blue", "blue", None, "model:net@1", {"n02084071": 0.95})]
            )
            for kind in ("ranks", "filters"):

                def found(*given, kind=kind):
                    return ids(client.ask(I, search(**{kind: [concepts(*given)]})))

                assert set(found(("n02084071", 1))) == {"blue"}
                assert set(found({"name": "dog", "value": 1})) == set(found(("dog", 1))) | {"blue"}
            refused = client.ask(A, search(ranks=[concepts(("canine", 1))]))["status"]
            assert (refused["code"], "'name'" in refused["details"]) == (40002, True)

    def test_names_of_a_concept_are_in_the_language_that_they_are_posted_in(self, client):
        post(client, "concepts", concepts=[{"id": "boat", "name": "船", "language": "ja"}])
        label = {"input_id": "red", "data": {"concepts": [{"id": "boat", "name": "Boot", "language": "de"}]}}
        post(client, "annotations", annotations=[label])
        post(client, "concepts/boat/languages", concept_languages=[{"id": "fr", "name": "bateau"}])
        for name, language, found in (
            ("船", "ja", ["red"]), ("Boot", "de", ["red"]), ("bateau", "fr", ["red"]), ("gelati", "it", []),
        ):  # fmt: skip
            asked = search(filters=[concepts({"name": name, "value": 1})], language=language)
            assert ids(client.ask(I, asked)) == found, name


@pytest.fixture(scope="module", params=FACES)
def ties(request):
    """Ties in two pictures: one is worn by a person, the other hangs alone."""
    with asking(request.param) as client:
        said = [
            ("red", CORNER, {"tie": 0.9}),
            ("red", OTHER_CORNER, {"person": 0.9}),
            ("blue", CORNER, {"tie": 0.6}),
        ]
        client.photos.annotations.put(
            [Annotation("", id, "", box, "model:detector@1", values) for id, box, values in said]
            + [Annotation("", "blue", "blue", None, "model:detector@1", {"person": 0.1})]
        )
        store = client.photos._resources.store
        with store.write() as batch:
            batch.progress.mark(store.inputs.keys(["red", "blue"]), "detector:detector@1")
        yield client


class TestNotJudgesThePicture:
    @pytest.mark.parametrize(
        "absent", [concepts({"id": "person"}) | {"negate": True}, concepts(("person", 0))]
    )
    def test_a_tie_without_a_person_is_never_one_that_a_person_wears(self, ties, absent):
        for asked in (
            search(filters=[concepts(("tie", 1)), absent]),
            search(ranks=[concepts(("tie", 1))], filters=[absent]),
        ):
            [hit] = ties.ask(A, asked)["hits"]
            assert (hit["input"]["id"], len(hit["annotation"]["data"]["regions"])) == ("blue", 1)

    def test_it_holds_for_all_rows_of_the_picture(self, ties):
        absent = concepts({"id": "person"}) | {"negate": True}
        rows = ids(ties.ask(A, search(filters=[absent])))
        assert sorted(rows) == ["blue", "blue", "green", "orange"]

    def test_inside_a_region_it_judges_the_picture_too(self, ties):
        region = of(data={"regions": [{"data": {"concepts": [{"id": "person", "value": 1}]}}]})
        assert ids(ties.ask(A, search(filters=[region]))) == ["red"]
        assert "red" not in ids(ties.ask(A, search(filters=[region | {"negate": True}])))

    def test_a_rank_by_absence_takes_the_surest_person_of_the_picture(self, ties):
        response = ties.ask(A, search(ranks=[concepts(("tie", 1)), concepts(("person", 0))]))
        scores = {
            hit["input"]["id"]: hit["score"] for hit in reversed(response["hits"])
        }  # the best row of each
        assert scores["blue"] > scores["red"]
        assert scores["red"] == pytest.approx(np.sqrt((0.1 + 0.9 * 0.9) * 0.1), abs=1e-3)


@pytest.mark.parametrize("face", FACES)
def test_a_word_finds_what_its_translation_finds_whichever_models_speak(face):
    """A detector says `dog`, a classifier WordNet's n02084071, and the lexicon joined them."""
    with asking(face) as client:
        client.photos.concepts.add("dog", names={"ja": []})
        client.photos.concepts["dog"].names["ja"] = []
        client.photos.concepts.add("n02084071", names={"en": ["dog"], "ja": ["犬"]})
        client.photos.concepts.relate("dog", "synonym", "n02084071")
        client.photos.annotations.put(
            [
                Annotation("", "blue", "", CORNER, "model:detector@1", {"dog": 0.8}),
                Annotation("", "green", "green", None, "model:net@1", {"n02084071": 0.95}),
            ]
        )
        for kind, level in (("ranks", A), ("ranks", I), ("filters", A), ("filters", I)):
            english, japanese = (
                client.ask(level, search(**{kind: [concepts({"name": name, "value": 1})]}, language=language))
                for name, language in (("dog", "en"), ("犬", "ja"))
            )
            assert {"green", "blue", "red", "orange"} == set(ids(english)), kind
            assert [(hit["input"]["id"], hit["score"]) for hit in english["hits"]] == [
                (hit["input"]["id"], hit["score"]) for hit in japanese["hits"]
            ]


@pytest.fixture(scope="module", params=FACES)
def trained(request):
    """Ten reds and ten blues, of which people labeled some, and a model trained from that."""
    with asking(request.param) as client:
        photos = client.photos
        shades = [(250 - 5 * at, 10, 10) for at in range(10)] + [(10, 10, 250 - 5 * at) for at in range(10)]
        photos.add([picture(shade) for shade in shades], progress=False)
        client.warm, client.cold = list(photos.inputs)[4:14], list(photos.inputs)[14:]
        for id in client.warm[:6]:
            photos.annotate(id, concept="warm")
        for id in client.cold[:6]:
            photos.annotate(id, concept="warm", value=0)
        photos.train("warm")
        yield client


class TestARankIsConfidenceAndAFilterIsTheLabel:
    def test_a_rank_has_the_values_of_the_trained_model(self, trained):
        response = trained.ask(I, search(ranks=[concepts(("warm", 1))], pagination={"per_page": 1000}))
        found = dict(zip(ids(response), (hit["score"] for hit in response["hits"]), strict=True))
        model = {
            one.input_id: one.concepts["warm"]
            for one in trained.photos.annotations.of(list(found))
            if not one.source.is_human and "warm" in one.concepts
        }
        assert found == pytest.approx(model, abs=1e-6)
        assert len({found[id] for id in trained.warm[:6]}) > 1  # not 1.0 each, in order of creation
        assert max(found[id] for id in trained.cold[:6]) > 0  # nor 0.0

    def test_a_filter_has_the_labeled_rows_alone(self, trained):
        assert ids(trained.ask(A, search(filters=[concepts(("warm", 1))]))) == trained.warm[:6]
        assert ids(trained.ask(A, search(filters=[concepts(("warm", 0))]))) == trained.cold[:6]
        both = search(filters=[concepts(("warm", 1))], ranks=[concepts(("warm", 1))])
        assert set(ids(trained.ask(A, both))) == set(trained.warm[:6])

    def test_what_the_trained_model_claims_is_had_by_its_version(self, trained):
        by_model = of(model_version_id="trained-warm@1", data={"concepts": [{"id": "warm", "value": 1}]})
        claimed = [
            one.input_id
            for one in trained.photos.annotations.of(list(trained.photos.inputs))
            if one.source == "model:trained-warm@1" and one.concepts["warm"] >= 0.5
        ]
        assert set(claimed) - set(trained.warm[:6])  # also of rows without a label
        assert ids(trained.ask(A, search(filters=[by_model]))) == claimed

    @pytest.mark.parametrize("face", FACES)
    def test_a_persons_no_to_a_picture_stops_what_models_claim_of_its_parts(self, face):
        with asking(face) as client:
            photos = client.photos
            photos.annotations.put(
                [
                    Annotation("", id, "", box, "model:detector@1", {"bird": 0.9})
                    for id, box in (("red", CORNER), ("red", OTHER_CORNER), ("blue", CORNER))
                ]
            )
            asked = search(filters=[concepts(("bird", 1))])
            assert ids(client.ask(A, asked)) == ["red", "red", "blue"]
            photos.annotate("red", concept="bird", value=0)
            assert ids(client.ask(A, asked)) == ["blue"]
            photos.annotate("red", concept="bird", value=1, box=OTHER_CORNER)  # a person who sees one says so
            assert ids(client.ask(A, asked)) == ["red", "blue"]


@pytest.fixture(scope="module", params=FACES)
def asked(request):
    with asking(request.param) as client:
        yield client


class TestUnknownNames:
    UNKNOWN = ({"id": "giraffe"}, {"name": "giraffe"}, {"name": "キリン", "language": "ja"})

    @pytest.mark.parametrize("unknown", UNKNOWN)
    def test_in_a_filter_they_match_nothing_and_the_others_go_on(self, asked, unknown):
        unknown = {**unknown, "value": 1}
        assert ids(asked.ask(A, search(filters=[concepts(unknown)]))) == []
        assert ids(asked.ask(A, search(filters=[concepts(unknown, ("dog", 1))]))) == ["red", "orange"]
        negated = concepts(unknown) | {"negate": True}
        assert ids(asked.ask(A, search(filters=[negated]))) == ["red", "orange", "green", "blue"]

    @pytest.mark.parametrize(
        "part",
        [of(input_id="gone"), of(id="gone"), of(user_id="gone"), of(model_version_id="gone@1"),
         of(user_id="gone", data={"concepts": [{"id": "dog", "value": 1}]}),
         {"input": {"id": "gone"}}, {"input": {"dataset_ids": ["gone"]}}],
    )  # fmt: skip
    def test_of_inputs_annotations_people_models_and_datasets_too(self, asked, part):
        assert ids(asked.ask(I, search(filters=[part]))) == []
        assert len(ids(asked.ask(I, search(filters=[part | {"negate": True}])))) == 4
        if "input" in part:
            either = {"input": part["input"] | {"data": {"metadata": {"type": "plant"}}}}
            assert ids(asked.ask(I, search(filters=[either]))) == ["green"]

    @pytest.mark.parametrize("unknown", UNKNOWN)
    @pytest.mark.parametrize("value", [0, 1])
    def test_in_a_rank_they_are_refused(self, asked, unknown, value):
        ranks = [concepts(("dog", 1)), concepts({**unknown, "value": value})]
        status = asked.ask(A, search(ranks=ranks))["status"]
        assert status["code"] == 40002
        assert unknown.get("name", unknown.get("id")) in status["details"]


class TestAValueOfZeroUnderNegateIsUnset:
    WRITTEN = ({"id": "cat"}, {"id": "cat", "value": 0}, {"id": "cat", "value": 1})

    @pytest.mark.parametrize("cat", WRITTEN)
    def test_in_ranks_filters_the_older_form_and_what_is_saved(self, asked, cat):
        rank = concepts(cat) | {"negate": True}
        assert ids(asked.ask(I, search(ranks=[rank]))) == ["orange", "green", "red", "blue"]
        assert ids(asked.ask(I, search(filters=[rank]))) == ["orange"]
        older = {"query": {"ands": [{"output": {"data": {"concepts": [cat]}}, "negate": True}]}}
        assert ids(asked.ask("PostSearches", older))[0] == "orange"
        asked.ask("PatchInputsSearches", {}, path="/v2/inputs/searches", verb="PATCH")
        saved = search(ranks=[rank], id=f"{type(asked).__name__}-{len(cat)}-{cat.get('value')}", save=True)
        asked.ask(I, saved)
        by_id = {"id": saved["searches"][0]["id"]}
        again = asked.ask("PostSearchesByID", by_id, path=f"/v2/searches/{by_id['id']}")
        assert ids(again)[0] == "orange"


class Reddish:
    """A `text` ranker that knows one word."""

    name = "text"
    is_filter = False
    help = "Words."
    parameters = (
        Parameter("words", "text", "What the pictures should show."),
        Parameter("language", "language", "Of the words.", None),
        Parameter("space", "space", "The space to compare in.", None),
    )

    def rank(self, term, snapshot, context):
        assert term["words"] == "a red dress"
        return np.float32([0.6, 0.9, 0.2, 0.1])[snapshot.rows.input]  # by inputs in order of creation


class TestARankThatCannotBeServedIsRefused:
    @pytest.mark.parametrize(
        "data",
        [{"text": {}}, {"text": {"raw": ""}}, {"text": {"raw": "  "}}, {"text": {"url": PINK_URL}},
         {"text": {"raw": "a red dress", "url": PINK_URL}}, {"text": {"raw": "a red dress"}},
         {"image": {}}, {"image": {"hosted": {"prefix": "x"}}}, {"embeddings": [{}]},
         {"concepts": [{}]}, {"video": {"url": PINK_URL}}, {"metadata": {"a": 1}},
         {"regions": [{}]}, {"geo": {"geo_point": {"latitude": 1}}}],
    )  # fmt: skip
    @pytest.mark.parametrize("beside", [[], [concepts(("dog", 1))]])
    def test_whatever_stands_beside_it(self, asked, data, beside):
        status = asked.ask(A, search(ranks=[of(data=data), *beside]))["status"]
        assert (status["code"], bool(status["details"])) == (40002, True)

    def test_a_model_without_anything_to_rank_by(self, asked):
        assert asked.ask(A, search(ranks=[of(model_version_id="direction@1")]))["status"]["code"] == 40002

    @pytest.mark.parametrize("face", FACES)
    def test_with_a_ranker_of_text_words_rank(self, face):
        with asking(face) as client:
            client.photos.registry.add(Reddish())
            words = of(data={"text": {"raw": "a red dress"}})
            response = client.ask(A, search(ranks=[words]))
            assert ids(response) == ["orange", "red", "green", "blue"]
            assert [hit["score"] for hit in response["hits"]] == pytest.approx([0.9, 0.6, 0.2, 0.1])


class TestCodesAndPatches:
    @pytest.mark.parametrize("face", FACES)
    def test_a_wrong_key_is_11008_in_the_documented_words(self, face):
        with seeded() as photos, served(photos, token="right") as server:
            client = face(server, headers={"Authorization": "Key SOME_INVALID_KEY"})
            status = client.ask("PostAnnotationsSearches", search())["status"]
            client.close()
        assert status["code"] == 11008
        assert status["description"] == "Invalid API key or Invalid API key/application pair"

    def test_a_concept_that_is_there_is_40003_in_the_documented_words(self, client):
        status = post(client, "concepts", concepts=[{"id": "dog"}])["status"]
        assert (status["code"], status["description"]) == (40003, "Invalid request")
        assert "duplicate" in status["details"].lower()

    def test_merging_appends_concepts_and_keeps_their_order(self, client):
        given = [{"id": "zebra", "value": 1}, {"id": "cat", "value": 0}]  # the cat was a concept before
        [id] = made(post(client, "inputs", inputs=[image(concepts=given)]))
        for more, expected in (
            ([{"id": "dog", "value": 1}], [("zebra", 1), ("cat", 0), ("dog", 1)]),
            ([{"id": "cat", "value": 1}], [("zebra", 1), ("cat", 1), ("dog", 1)]),
        ):
            patched = post(
                client, "inputs", "PATCH", inputs=[{"id": id, "data": {"concepts": more}}], action="merge"
            )
            shown = client.ask("", {}, path=f"/v2/inputs/{id}", verb="GET")["input"]
            for one in (patched["inputs"][0], shown):
                assert [(each["id"], each["value"]) for each in one["data"]["concepts"]] == expected

    def test_merging_metadata_lets_lists_grow_and_objects_merge(self, client):
        before = {"list": [1], "rows": [{"id": "x", "n": 1}], "shop": {"floor": 1}, "word": "old", "left": 1}
        rows = [{"id": "y"}, {"id": "x", "n": 2}]
        given = {"list": [3, 2], "rows": rows, "shop": {"aisle": 2}, "word": "new", "left": None}
        after = {
            "list": [1, 3, 2], "rows": [{"id": "x", "n": 2}, {"id": "y"}], "shop": {"floor": 1, "aisle": 2},
            "word": "new", "left": 1,
        }  # fmt: skip
        [id] = made(post(client, "inputs", inputs=[image(metadata=before)]))
        post(client, "inputs", "PATCH", inputs=[{"id": id, "data": {"metadata": given}}], action="merge")
        assert client.photos.inputs[id].metadata == after
