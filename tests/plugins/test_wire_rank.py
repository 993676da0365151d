"""The seven requests of the API's Rank page, and what filters, negation and pages mean, over both faces."""

import numpy as np
import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

from wire_photos import (
    COLORS,
    CORNER,
    DOG_URL,
    Grpc,
    Rest,
    concepts,
    ids,
    of,
    picture,
    search,
    seeded,
    served,
    text,
)

from toolkit.fusion.joined import MISSES
from toolkit.store import NewInput
from toolkit.values.types import Annotation

A, I = "PostAnnotationsSearches", "PostInputsSearches"  # noqa: E741


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    dog = tmp_path_factory.mktemp("urls") / "dog.png"
    dog.write_bytes(picture((250, 130, 10)))  # the dog is orange
    with seeded() as photos, served(photos, url_files={DOG_URL: dog}) as server:
        server.photos = photos
        yield server


@pytest.fixture(params=[Rest, Grpc])
def client(request, server):
    client = request.param(server)
    yield client
    client.close()


def scores(response):
    return [hit["score"] for hit in response["hits"]]


class TestTheRankPage:
    def test_a_predicted_concept_ranks_by_its_confidence(self, client):
        response = client.ask(A, search(ranks=[concepts(("dog", 1))]))
        assert ids(response) == ["red", "orange", "green"]
        assert np.allclose(scores(response), [0.9, 0.7, 0.2])

    def test_a_custom_concept_ranks_by_the_model_that_was_trained_for_it(self, client):
        response = client.ask(A, search(ranks=[concepts(("people", 1))]))
        assert ids(response) == ["red", "green", "blue", "orange"]  # of green a person said yes, of blue no
        assert np.allclose(scores(response), [0.9, 0.6, 0.3, 0.1])

    def test_a_concept_and_the_absence_of_another_in_two_ranks(self, client):
        ranks = [concepts(("dog", 1)), concepts(("cat", 0))]
        response = client.ask(A, search(ranks=ranks))
        assert ids(response) == ["orange", "red", "green"]
        dogs = [MISSES + (1 - MISSES) * said for said in (0.7, 0.9, 0.2)]
        assert np.allclose(scores(response), np.sqrt(np.multiply(dogs, [0.9, 0.2, 0.4])))

    def test_a_concept_ranked_with_a_custom_one_absent_in_a_filter(self, client):
        response = client.ask(A, search(ranks=[concepts(("cat", 1))], filters=[concepts(("people", 0))]))
        assert ids(response) == ["blue"]  # a person said no of it; what the trained model says is no label

    @pytest.mark.parametrize("where", ["concept", "query"])
    def test_a_concept_named_in_another_language(self, client, where):
        named = {"name": "犬", "value": 1} | ({"language": "ja"} if where == "concept" else {})
        language = "ja" if where == "query" else ""
        assert ids(client.ask(A, search(ranks=[concepts(named)], language=language))) == [
            "red",
            "orange",
            "green",
        ]

    def test_a_picture_by_url(self, client):
        response = client.ask(A, search(ranks=[of(data={"image": {"url": DOG_URL}})]))
        assert ids(response) == ["orange", "red", "green", "blue"]
        assert scores(response)[0] == pytest.approx(1)

    def test_a_picture_by_its_bytes(self, client):
        image = {"base64": text(picture((10, 10, 250)))}
        response = client.ask(A, search(ranks=[of(data={"image": image})]))
        assert ids(response)[0] == "blue"
        assert ids(response)[-1] == "orange"
        assert scores(response) == sorted(scores(response), reverse=True)

    def test_a_lone_picture_scores_half_of_one_and_the_cosine_with_filters_or_without(self, client):
        ranks = [of(data={"embeddings": [{"vector": [1, 0, 0]}]})]
        colors = {id: np.float32(color) - 127.3 for id, (color, *_) in COLORS.items()}
        expected = {id: (1 + color[0] / np.linalg.norm(color)) / 2 for id, color in colors.items()}
        for filters in ([], [of(input_level=True)]):
            response = client.ask(I, search(ranks=ranks, filters=filters))
            found = dict(zip(ids(response), scores(response), strict=True))
            assert found == pytest.approx(expected, abs=1e-3)
            least = client.ask(I, search(ranks=ranks, filters=filters, min_value=0.8))
            assert ids(least) == [id for id in ids(response) if expected[id] >= 0.8]

    def test_a_picture_among_other_ranks_scores_a_probability(self, client):
        ranks = [
            of(data={"embeddings": [{"vector": [1, 0, 0]}]}),
            of(data={"embeddings": [{"vector": [1, 0, 0]}]}),
        ]
        opposite = scores(client.ask(I, search(ranks=ranks)))[-1]
        assert opposite < 0.01

    def test_an_input_by_its_id(self, client):
        response = client.ask(A, search(ranks=[of(input_id="green")]))
        assert ids(response)[0] == "green"
        assert ids(response)[1:] == ["orange", "red", "blue"] or ids(response)[1] == "orange"


class TestRanks:
    def test_an_embedding(self, client):
        response = client.ask(A, search(ranks=[of(data={"embeddings": [{"vector": [-1, -1, 1]}]})]))
        assert ids(response)[0] == "blue"

    def test_an_embedding_of_another_size_is_refused(self, client):
        response = client.ask(A, search(ranks=[of(data={"embeddings": [{"vector": [1, 2]}]})]))
        assert response["status"]["code"] == 40002
        assert "3 numbers" in response["status"]["details"]

    def test_several_concepts_in_one_rank_must_all_be_there(self, client):
        assert ids(client.ask(A, search(ranks=[concepts(("dog", 1), ("cat", 1))]))) == [
            "red",
            "green",
            "orange",
            "blue",  # of which no model said "dog": a small chance, and the last
        ]

    def test_a_negated_rank_is_its_contrary_although_no_value_was_written(self, client):
        rank = concepts({"id": "cat"}) | {"negate": True}
        response = client.ask(A, search(ranks=[rank]))
        assert ids(response) == ["orange", "green", "red", "blue"]
        assert np.allclose(scores(response), [0.9, 0.4, 0.2, 0.1])

    def test_a_model_version_says_whose_word_counts(self, client):
        rank = of(model_version_id="trained-people@1", data={"concepts": [{"id": "people", "value": 1}]})
        assert ids(client.ask(A, search(ranks=[rank]))) == ["red", "green", "blue", "orange"]

    def test_a_text_is_refused_with_the_reason(self, client):
        response = client.ask(A, search(ranks=[of(data={"text": {"raw": "a red dress"}})]))
        assert response["status"]["code"] == 40002
        assert "words and pictures" in response["status"]["details"]

    def test_ranks_and_filters_that_say_nothing_are_left_out(self, client):
        empty = {"annotation": {}, "input": {}}
        request = search(ranks=[{"annotation": {}}], filters=[empty], algorithm="nearest_neighbor", metric=1)
        response = client.ask(I, request)
        assert ids(response) == list(COLORS)
        assert scores(response) == [1, 1, 1, 1]

    @pytest.mark.parametrize("algorithm", ["", "nearest_neighbor", "brute_force"])
    @pytest.mark.parametrize("metric", [0, 1, 2])
    def test_metric_and_algorithm_change_nothing_because_the_search_is_exact(self, client, metric, algorithm):
        request = search(ranks=[of(input_id="red")], algorithm=algorithm, metric=metric)
        assert ids(client.ask(I, request)) == ids(client.ask(I, search(ranks=[of(input_id="red")])))

    def test_an_unknown_algorithm_is_refused(self, client):
        assert client.ask(A, search(algorithm="avg_concept_brute_force"))["status"]["code"] == 40002


class TestFilters:
    def test_filters_alone_score_one_in_order_of_creation(self, client):
        response = client.ask(A, search(filters=[concepts(("cat", 1))]))
        assert ids(response) == ["red", "green", "blue"]
        assert scores(response) == [1, 1, 1]

    def test_several_concepts_in_one_filter_are_any_of_them(self, client):
        response = client.ask(I, search(filters=[concepts(("dog", 1), ("people", 1))]))
        assert ids(response) == ["red", "orange", "green"]

    def test_several_filters_all_hold(self, client):
        response = client.ask(I, search(filters=[concepts(("cat", 1)), concepts(("dog", 1))]))
        assert ids(response) == ["red"]

    def test_a_negated_filter_keeps_the_inputs_with_no_match(self, client):
        filter = concepts({"id": "cat"}) | {"negate": True}
        assert ids(client.ask(I, search(filters=[filter]))) == ["orange"]

    def test_metadata_contain_what_is_given(self, client):
        assert ids(client.ask(I, search(filters=[of(data={"metadata": {"list": [1, 2]}})]))) == ["red"]

    def test_several_metadata_keys_are_any_of_them(self, client):
        filter = of(data={"metadata": {"type": "plant", "list": [3]}})
        assert ids(client.ask(I, search(filters=[filter]))) == ["red", "green"]

    def test_metadata_filter_first_and_the_rank_orders_what_is_left(self, client):
        request = search(filters=[of(data={"metadata": {"type": "animal"}})], ranks=[concepts(("cat", 0))])
        assert ids(client.ask(I, request)) == ["orange", "red"]

    @pytest.mark.parametrize(
        ("limit", "found"),
        [
            (("withinKilometers", 100), ["red"]),
            (("withinKilometers", 120), ["red", "orange"]),
            (("withinMiles", 68), ["red"]),
            (("withinMiles", 70), ["red", "orange"]),
            (("withinDegrees", 0.99), ["red"]),
            (("withinDegrees", 1.01), ["red", "orange"]),
            (("withinRadians", 0.0174), ["red"]),
            (("withinRadians", 0.0176), ["red", "orange"]),
        ],
    )
    def test_within_a_distance_by_great_circle(self, client, limit, found):
        geo = {
            "geo_point": {"latitude": 40, "longitude": -30},
            "geo_limit": {"type": limit[0], "value": limit[1]},
        }
        assert ids(client.ask(I, search(filters=[of(data={"geo": geo})]))) == found

    @pytest.mark.parametrize(
        "corners", [((39, -31), (40.5, -29)), ((40.5, -31), (39, -29)), ((40.5, -29), (39, -31))]
    )
    def test_inside_a_box_of_any_two_opposite_corners(self, client, corners):
        box = [{"geo_point": {"latitude": lat, "longitude": lon}} for lat, lon in corners]
        assert ids(client.ask(I, search(filters=[of(data={"geo": {"geo_box": box}})]))) == ["red"]

    def test_a_place_without_a_limit_is_refused(self, client):
        response = client.ask(I, search(filters=[of(data={"geo": {"geo_point": {"latitude": 1}}})]))
        assert response["status"]["code"] == 40002

    def test_user_status_and_info(self, client):
        for said in (
            {"user_id": "eve"},
            {"worker": {"user": {"id": "eve"}}},
            {"status": {"code": 24151}},
            {"annotation_info": {"batch": "b1"}},
        ):
            assert ids(client.ask(A, search(filters=[of(**said)]))) == ["orange"], said

    def test_an_unknown_user_has_no_annotations(self, client):
        assert ids(client.ask(A, search(filters=[of(user_id="mallory")]))) == []

    def test_an_annotation_and_an_input_by_id(self, client):
        assert ids(client.ask(A, search(filters=[of(input_id="blue")]))) == ["blue"]
        [hit] = client.ask(A, search(filters=[of(user_id="eve")]))["hits"]
        assert ids(client.ask(A, search(filters=[of(id=hit["annotation"]["id"])]))) == ["orange"]

    def test_any_of_the_input_kinds_and_states_is_enough(self, client):
        several = {"input": {"data": {"text": {}, "audio": {}}, "status": {"code": 30000}}}
        assert ids(client.ask(I, search(filters=[several]))) == list(COLORS)
        assert ids(client.ask(I, search(filters=[{"input": {"data": {"text": {}}}}]))) == []

    def test_annotation_part_and_input_part_both_hold(self, client):
        filter = concepts(("cat", 1)) | {"input": {"data": {"text": {}}}}
        assert ids(client.ask(I, search(filters=[filter]))) == []

    def test_a_time_range_of_changes(self, client):
        long_ago = {"start_time": "2001-01-01T00:00:00Z", "end_time": "2002-01-01T00:00:00Z"}
        assert ids(client.ask(I, search(filters=[{"last_updated_time_range": long_ago}]))) == []
        since = {"start_time": "2001-01-01T00:00:00Z"}
        assert ids(client.ask(I, search(filters=[{"last_updated_time_range": since}]))) == list(COLORS)

    def test_a_time_range_is_of_annotations_and_not_of_the_picture(self):
        with seeded() as photos, served(photos, grpc_port=None) as server:
            photos.annotate(
                "green", concept="late", box=CORNER
            )  # the picture is as new as what is said of its part
            bare = photos.add_region("blue", CORNER)  # of which nothing is said: as new as its picture
            client = Rest(server)
            [late] = client.ask(A, search(filters=[concepts(("late", 1))]))["hits"]
            since = {"last_updated_time_range": {"start_time": late["annotation"]["modified_at"]}}
            rows = client.ask(A, search(filters=[since]))["hits"]
            client.close()
        assert [hit["annotation"]["id"] for hit in rows] == [late["annotation"]["id"], bare]

    def test_an_unknown_field_is_refused_and_not_ignored(self, client):
        response = client.ask(I, search(filters=[of(task_id="t1")]))
        assert response["status"]["code"] == 40002
        assert "'task_id'" in response["status"]["details"]


class TestPagesAndLimits:
    def test_pages_follow_one_another(self, client):
        pages = [
            ids(client.ask(I, search(ranks=[concepts(("cat", 1))], pagination={"page": page, "per_page": 3})))
            for page in (1, 2, 3)
        ]
        assert pages == [["blue", "red", "green"], ["orange"], []]

    def test_more_than_a_thousand_a_page_is_refused(self, client):
        assert client.ask(I, search(pagination={"per_page": 1001}))["status"]["code"] == 40002

    def test_past_the_cap_the_words_that_the_client_looks_for(self, client):
        response = client.ask(I, search(pagination={"page": 11, "per_page": 1000}))
        assert "page * perPage cannot exceed" in response["status"]["details"]

    def test_min_value_drops_what_scores_less(self, client):
        assert ids(client.ask(I, search(ranks=[concepts(("dog", 1))], min_value=0.5))) == ["red", "orange"]

    def test_only_count_counts_and_shows_no_hit(self, client):
        response = client.ask(I, search(ranks=[concepts(("dog", 1))]) | {"only_count": True})
        assert [int(one["estimated_total"]) for one in response["hit_counts"]] == [3]
        assert response["hits"] == []

    def test_several_searches_give_one_list_after_the_other(self, client):
        first, second = search(ranks=[concepts(("dog", 1))]), search(ranks=[concepts(("cat", 1))])
        both = {"searches": first["searches"] + second["searches"], "pagination": {"page": 1, "per_page": 2}}
        assert ids(client.ask(I, both)) == ["red", "orange", "blue", "red"]


class TestRefusals:
    def test_a_custom_concept_without_a_model_says_what_to_do(self, client):
        response = client.ask(A, search(ranks=[concepts(("porch", 1))]))
        assert response["status"]["code"] == 40002
        assert "run toolkit train COLLECTION porch" in response["status"]["details"]

    def test_an_unknown_concept_says_which_languages_were_tried(self, client):
        response = client.ask(A, search(ranks=[concepts({"name": "giraffe", "language": "ja", "value": 1})]))
        assert response["status"]["code"] == 40002
        assert "giraffe" in response["status"]["details"]
        assert "ja" in response["status"]["details"]

    def test_an_unknown_input_is_an_invalid_search(self, client):
        assert client.ask(A, search(ranks=[of(input_id="nobody")]))["status"]["code"] == 40002

    def test_an_input_that_is_not_indexed_yet(self, client, server):
        store = server.photos._resources.store
        with store.write() as batch:
            batch.inputs.add(
                [NewInput(uri="/x.png", sha256="f" * 64, width=1, height=1, id="raw", status="pending")]
            )
        assert client.ask(A, search(ranks=[of(input_id="raw")]))["status"]["code"] == 43004
        server.photos.delete("raw")

    def test_base64_that_is_none(self, server):
        client = Rest(server)
        assert client.ask(A, search(ranks=[of(data={"image": {"base64": "***"}})]))["status"]["code"] == 11102
        client.close()

    def test_bytes_that_are_no_picture(self, client):
        response = client.ask(A, search(ranks=[of(data={"image": {"base64": text(b"GIF no more")}})]))
        assert response["status"]["code"] == 43002

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:1/x.png", "http://169.254.169.254/latest", "file:///etc/passwd"]
    )
    def test_a_url_of_this_machine_or_its_network_is_not_fetched(self, client, url):
        status = client.ask(A, search(ranks=[of(data={"image": {"url": url}})]))["status"]
        assert status["code"] == 43002
        assert "root" not in status["details"]

    def test_every_answer_has_a_request_id_and_the_http_code(self, client):
        for request in (search(), search(algorithm="nothing")):
            status = client.ask(A, request)["status"]
            assert len(status["req_id"]) == 32
            assert status["http_status_code"] in (200, 400)


class TestRegions:
    @pytest.fixture
    def server(self):
        with seeded() as photos, served(photos) as server:
            server.photos = photos
            yield server

    def test_hits_of_regions_have_their_box_and_both_ids(self, client, server):
        region = server.photos.add_region("blue", CORNER)
        server.photos.annotate("blue", concept="sky", value=1, box=CORNER)
        [hit] = client.ask(A, search(filters=[concepts(("sky", 1))]))["hits"]
        assert hit["annotation"]["input_id"] == hit["input"]["id"] == "blue"
        assert hit["annotation"]["id"]
        [shown] = hit["annotation"]["data"]["regions"]
        assert shown["id"] == region
        box = shown["region_info"]["bounding_box"]
        assert box == {"top_row": 0, "left_col": 0, "bottom_row": 0.5, "right_col": 0.5}
        assert [one["id"] for one in shown["data"]["concepts"]] == ["sky"]

    def test_an_empty_region_means_regions_only(self, client, server):
        server.photos.add_region("blue", CORNER)
        assert ids(client.ask(A, search(filters=[of(data={"regions": [{}]})]))) == ["blue"]
        whole = client.ask(A, search(filters=[of(data={})]))
        assert ids(whole) == list(COLORS)

    def test_all_filters_of_an_annotation_search_hold_on_one_row(self, client, server):
        server.photos.annotate("blue", concept="sky", value=1, box=CORNER)
        both = [concepts(("sky", 1)), concepts(("cat", 1))]
        assert ids(client.ask(A, search(filters=both))) == []  # the sky is on a part, the cat on the whole
        assert ids(client.ask(I, search(filters=both))) == ["blue"]


@pytest.mark.parametrize("face", [Rest, Grpc])
def test_by_its_id_a_concept_is_ranked_alone_and_by_its_name_with_all_of_that_name(face):
    with seeded() as photos, served(photos) as server:
        photos.concepts.add("canine", names={"en": ["dog"]})
        photos.annotations.put([Annotation("", "blue", "blue", None, "model:hounds@1", {"canine": 0.95})])
        client = face(server)
        try:
            by_id = client.ask(A, search(ranks=[concepts(("dog", 1))]))
            by_name = client.ask(A, search(ranks=[concepts({"name": "dog", "value": 1})]))
        finally:
            client.close()
    assert ids(by_id) == ["red", "orange", "green"]
    assert ids(by_name) == ["blue", "red", "orange", "green"]
