"""Inputs, annotations, concepts, saved searches, models and datasets over REST and gRPC's own codes."""

import base64
from typing import get_type_hints

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

from toolkit_wire.methods import methods
from wire_photos import CORNER, Grpc, Rest, concepts, ids, of, picture, search, seeded, served, text

PINK, TEAL = picture((250, 100, 180)), picture((0, 128, 128))
PINK_URL, TEAL_URL = "https://samples.example.org/pink.png", "https://samples.example.org/teal.png"
A, I = "PostAnnotationsSearches", "PostInputsSearches"  # noqa: E741
BOX = {"top_row": 0.0, "left_col": 0.0, "bottom_row": 0.5, "right_col": 0.5}


@pytest.fixture
def client(tmp_path):
    files = {}
    for url, encoded in ((PINK_URL, PINK), (TEAL_URL, TEAL)):
        files[url] = tmp_path / url.rpartition("/")[2]
        files[url].write_bytes(encoded)
    with seeded() as photos, served(photos, url_files=files) as server:
        client = Rest(server)
        client.server = server
        client.photos = photos
        yield client
        client.close()


def post(client, path, **body):
    return client.ask("", body, path=f"/v2/{path}")


def get(client, path):
    return client.ask("", {}, path=f"/v2/{path}", verb="GET")


def patch(client, path, **body):
    return client.ask("", body, path=f"/v2/{path}", verb="PATCH")


def delete(client, path, **body):
    return client.ask("", body, path=f"/v2/{path}", verb="DELETE")


def code(response):
    return response["status"]["code"]


def image(url=None, encoded=None, **more):
    return {"data": {"image": {"url": url} if url else {"base64": text(encoded)}}} | more


def test_each_method_takes_and_returns_the_messages_of_its_definition():
    for one in methods().values():
        if one.answer is not None:
            hints = get_type_hints(one.answer)
            assert (hints["request"], hints["return"]) == (one.request, one.response), one.name


class TestInputs:
    def test_an_input_by_url_is_indexed_with_all_its_annotations(self, client):
        given = image(url=PINK_URL, id="pink", dataset_ids=["summer"])
        given["data"] |= {
            "concepts": [{"id": "dress"}, {"id": "cat", "value": 0}],
            "metadata": {"shop": {"floor": 2}},
            "geo": {"geo_point": {"latitude": 48.5, "longitude": 11.5}},
        }
        response = post(client, "inputs", inputs=[given])
        assert code(response) == 10000
        [made] = response["inputs"]
        assert made["id"] == "pink"
        assert made["status"]["code"] == 30000
        assert made["dataset_ids"] == ["summer"]
        assert made["data"]["image"]["url"] == PINK_URL
        assert made["data"]["metadata"] == {"shop": {"floor": 2.0}}
        assert {one["id"]: one["value"] for one in made["data"]["concepts"]} == {"dress": 1.0, "cat": 0.0}
        assert get(client, "inputs/pink")["input"] == made
        assert ids(
            client.ask(
                A, search(ranks=[of(input_id="pink")], filters=[{"input": {"dataset_ids": ["summer"]}}])
            )
        ) == ["pink"]

    def test_the_same_url_is_a_duplicate_unless_it_is_allowed(self, client):
        assert code(post(client, "inputs", inputs=[image(url=PINK_URL)])) == 10000
        again = post(client, "inputs", inputs=[image(url=PINK_URL, id="second")])
        assert code(again) == 10020
        assert again["inputs"][0]["status"]["code"] == 30100
        allowed = image(url=PINK_URL, id="second")
        allowed["data"]["image"]["allow_duplicate_url"] = True
        assert code(post(client, "inputs", inputs=[allowed])) == 10000
        assert len(client.photos) == 6

    def test_the_same_id_is_a_duplicate(self, client):
        assert (
            post(client, "inputs", inputs=[image(encoded=TEAL, id="red")])["inputs"][0]["status"]["code"]
            == 30100
        )

    def test_bad_ones_say_why_and_the_rest_go_on(self, client):
        given = [
            image(encoded=b"no picture"),
            image(url="http://127.0.0.1/a.png"),
            image(encoded=TEAL, id="teal"),
            {"id": "empty"},
            {"id": "t", "data": {"text": {"raw": "words"}}},
            image(encoded=PINK, id="a/b"),
        ]
        response = post(client, "inputs", inputs=given)
        assert code(response) == 10010
        assert [one["status"]["code"] for one in response["inputs"]] == [
            30101,
            30106,
            30000,
            30104,
            30101,
            30104,
        ]
        assert len(client.photos) == 5

    def test_an_input_and_its_labels_are_written_together(self, client):
        given = image(url=PINK_URL, id="pink")
        region = {"region_info": {"bounding_box": BOX}, "data": {"concepts": [{"id": "face"}]}}
        given["data"] |= {"concepts": [{"id": "dress"}], "regions": [region]}
        before = client.photos.snapshot().revision
        response = client.ask("", {"inputs": [given]}, path="/v2/users/ann/apps/main/inputs")
        assert code(response) == 10000
        assert client.photos.snapshot().revision == before + 1
        said = {one.box: (one.source, dict(one.concepts)) for one in client.photos.annotations.of(["pink"])}
        assert said == {None: ("human:ann", {"dress": 1.0}), CORNER: ("human:ann", {"face": 1.0})}
        assert ids(client.ask(A, search(ranks=[of(input_id="pink")], filters=[concepts(("face", 1))]))) == [
            "pink"
        ]

    def test_metadata_of_a_region_are_refused_rather_than_lost(self, client):
        given = image(url=PINK_URL, id="pink")
        region = {"region_info": {"bounding_box": BOX}, "data": {"metadata": {"a": 1}}}
        given["data"]["regions"] = [region]
        [refused] = post(client, "inputs", inputs=[given])["inputs"]
        assert refused["status"]["code"] == 30104
        assert "pink" not in client.photos.inputs

    def test_listing_goes_by_pages_ids_and_status(self, client):
        listed = get(client, "inputs?page=2&per_page=3")
        assert [one["id"] for one in listed["inputs"]] == ["blue"]
        assert [one["id"] for one in get(client, "inputs?ids=blue&ids=red&ids=gone")["inputs"]] == [
            "blue",
            "red",
        ]
        assert get(client, "inputs?status.code=30002")["inputs"] == []

    def test_counting(self, client):
        counts = get(client, "inputs/status")["counts"]
        assert (counts["processed"], counts["errors"]) == (4, 0)

    @pytest.mark.parametrize(
        ("action", "metadata"),
        [
            ("merge", {"type": "animal", "list": [1.0, 2.0, 3.0], "new": 1.0}),
            ("overwrite", {"new": 1.0}),
            ("remove", {"type": "animal", "list": [1.0, 2.0, 3.0]}),
        ],
    )
    def test_patching_metadata(self, client, action, metadata):
        given = {"id": "red", "data": {"metadata": {"new": 1}}}
        response = patch(client, "inputs", inputs=[given], action=action)
        assert response["inputs"][0]["data"]["metadata"] == metadata

    def test_patching_what_a_user_says(self, client):
        given = {"id": "red", "data": {"concepts": [{"id": "sofa"}, {"id": "lamp"}]}}
        patch(client, "inputs", inputs=[given], action="merge")
        given["data"]["concepts"] = [{"id": "lamp"}]
        [red] = patch(client, "inputs", inputs=[given], action="remove")["inputs"]
        assert [one["id"] for one in red["data"]["concepts"]] == ["sofa"]

    def test_a_deleted_input_does_not_exist(self, client):
        assert code(delete(client, "inputs/red")) == 10000
        assert code(get(client, "inputs/red")) == 11101
        assert code(delete(client, "inputs", ids=["orange", "gone"])) == 11101
        assert code(delete(client, "inputs", ids=["orange", "blue"])) == 10000
        assert code(delete(client, "inputs")) == 30104
        assert ids(client.ask(I, search())) == ["green"]


class TestAnnotations:
    def test_each_post_makes_one_and_its_region_can_be_searched_at_once(self, client):
        region = {"region_info": {"bounding_box": BOX}, "data": {"concepts": [{"id": "wheel"}]}}
        given = [{"input_id": "red", "data": {"regions": [region]}, "annotation_info": {"batch": 7}},
                 {"input_id": "red", "data": {"concepts": [{"id": "wheel", "value": 0}]}}]  # fmt: skip
        response = post(client, "annotations", annotations=given)
        assert code(response) == 10000
        first, second = response["annotations"]
        assert first["annotation_info"] == {"batch": 7.0}
        assert first["data"]["regions"][0]["region_info"]["bounding_box"] == BOX
        hits = client.ask(A, search(ranks=[of(input_id="red")], filters=[concepts(("wheel", 1))]))["hits"]
        assert [hit["annotation"]["id"] for hit in hits] == [first["id"]]
        listed = get(client, "annotations?input_ids=red")["annotations"]
        assert [one["id"] for one in listed] == [first["id"], second["id"]]
        assert get(client, f"inputs/red/annotations/{first['id']}")["annotation"] == first

    def test_metadata_come_back_can_be_searched_and_change(self, client):
        whole = {"input_id": "red", "id": "whole", "data": {"metadata": {"shift": "night", "n": 1}}}
        region = {"region_info": {"bounding_box": BOX}, "data": {"metadata": {"shift": "day"}}}
        part = {
            "input_id": "blue",
            "id": "part",
            "annotation_info": {"batch": 7},
            "data": {"regions": [region]},
        }
        first, second = post(client, "annotations", annotations=[whole, part])["annotations"]
        assert first["data"]["metadata"] == {"shift": "night", "n": 1.0}
        assert "annotation_info" not in first
        assert second["data"]["regions"][0]["data"]["metadata"] == {"shift": "day"}
        assert second["annotation_info"] == {"batch": 7.0}
        for shift, found in (("night", ["red"]), ("day", ["blue"]), ("noon", [])):
            asked = of(data={"metadata": {"shift": shift}})
            assert ids(client.ask(A, search(filters=[asked]))) == found
            assert ids(client.ask(I, search(filters=[{"input": asked["annotation"]}]))) == []
        change = {"input_id": "red", "id": "whole", "data": {"metadata": {"n": 2}}}

        def patched(action):
            [after] = patch(client, "annotations", annotations=[change], action=action)["annotations"]
            return after["data"].get("metadata")

        assert patched("merge") == {"shift": "night", "n": 2.0}
        assert patched("remove") == {"shift": "night"}
        assert patched("overwrite") == {"n": 2.0}

    def test_a_concept_without_an_id_is_the_one_that_goes_by_its_name(self, client):
        client.photos.concepts.add("n02084071", names={"en": "hound"})
        said = {"concepts": [{"name": "hound"}]}
        for path, one in (("annotations", {"input_id": "red"}), ("inputs", {"id": "teal"})):
            data = said | ({"image": {"base64": text(TEAL)}} if path == "inputs" else {})
            assert code(post(client, path, **{path: [one | {"data": data}]})) == 10000
        assert set(ids(client.ask(I, search(filters=[concepts(("n02084071", 1))])))) == {"red", "teal"}
        assert "hound" not in client.photos.concepts

    def test_an_id_is_taken_once(self, client):
        given = {"input_id": "red", "id": "mine", "data": {"concepts": [{"id": "x"}]}}
        assert code(post(client, "annotations", annotations=[given, given])) == 40010
        assert code(post(client, "annotations", annotations=[given])) == 10000
        assert code(post(client, "annotations", annotations=[given])) == 40010

    def test_models_are_listed_only_if_asked_for(self, client):
        assert {one["user_id"] for one in get(client, "annotations")["annotations"]} == {"me", "eve"}
        everything = get(client, "annotations?list_all_annotations=true")["annotations"]
        assert {one.get("model_version_id") for one in everything} == {None, "tagger@1", "trained-people@1"}
        mine = get(client, "annotations?user_ids=eve")["annotations"]
        assert [one["input_id"] for one in mine] == ["orange"]
        versions = get(client, "annotations?model_version_ids=tagger@1&per_page=2")["annotations"]
        assert [one["input_id"] for one in versions] == ["red", "orange"]
        pending = get(client, "annotations?statuses=x")
        assert code(pending) == 11102

    def test_a_bad_one_takes_the_others_with_it(self, client):
        good = {"input_id": "red", "data": {"concepts": [{"id": "x"}]}}
        for bad in (
            {"input_id": "nobody"},
            {"input_id": "red", "data": {"concepts": [{"id": "x", "value": 2}]}},
            {"input_id": "red", "data": {"regions": [{}, {}]}},
            {"input_id": "red", "data": {"regions": [{}]}},
        ):
            assert code(post(client, "annotations", annotations=[good, bad])) in (11101, 24155)
        assert get(client, "annotations?input_ids=red")["annotations"] == []

    def test_patching_merges_overwrites_and_removes(self, client):
        [made] = post(
            client, "annotations", annotations=[{"input_id": "red", "data": {"concepts": [{"id": "a"}]}}]
        )["annotations"]

        def patched(action, *names, **more):
            change = {
                "id": made["id"],
                "input_id": "red",
                "data": {"concepts": [{"id": name} for name in names]},
            }
            [after] = patch(client, "annotations", annotations=[change], action=action, **more)["annotations"]
            return [one["id"] for one in after["data"].get("concepts", [])]

        assert patched("merge", "b") == ["a", "b"]
        assert patched("remove", "a") == ["b"]
        assert patched("overwrite", "c") == ["c"]
        assert patched("remove", "c", delete_if_empty_data=True) == []
        assert code(get(client, f"inputs/red/annotations/{made['id']}")) == 11101

    def test_deleting(self, client):
        assert code(delete(client, "annotations", input_ids=["orange"])) == 10000
        assert get(client, "annotations?input_ids=orange")["annotations"] == []
        assert code(delete(client, "inputs/red/annotations/nothing")) == 11101


class TestConcepts:
    def test_made_listed_got_and_renamed(self, client):
        made = post(client, "concepts", concepts=[{"id": "boat", "name": "Boat", "definition": "It floats."}])
        assert made["concepts"][0]["name"] == "Boat"
        again = post(client, "concepts", concepts=[{"id": "boat"}])
        assert code(again) == 40003
        assert "duplicate" in again["status"]["details"]
        patch(client, "concepts", concepts=[{"id": "boat", "name": "Vessel"}], action="overwrite")
        assert get(client, "concepts/boat")["concept"]["name"] == "Vessel"
        assert get(client, "concepts?page=1&per_page=2")["concepts"][0]["id"] == "dog"
        assert code(get(client, "concepts/unicorn")) == 11101

    @pytest.mark.parametrize(
        ("name", "language", "found"),
        [("dog", "", {"dog"}), ("d*", "", {"dog"}), ("*o*", "en", {"dog", "people", "person"}),
         ("人", "ja", {"people", "person"}), ("人", "en", set()), ("Hu*", "de", {"dog"}), ("100%", "", set())],
    )  # fmt: skip
    def test_searched_by_name_with_wildcards_in_a_language(self, client, name, language, found):
        response = post(client, "concepts/searches", concept_query={"name": name, "language": language})
        assert {one["id"] for one in response["concepts"]} == found

    def test_languages(self, client):
        path = "concepts/dog/languages"
        assert code(post(client, path, concept_languages=[{"id": "fr", "name": "chien"}])) == 10000
        assert code(post(client, path, concept_languages=[{"id": "fr", "name": "clebs"}])) == 40003
        assert ids(client.ask(A, search(ranks=[concepts({"name": "chien"})], language="fr")))[0] == "red"
        patch(client, path, concept_languages=[{"id": "fr", "name": "toutou"}], action="overwrite")
        assert get(client, f"{path}/fr")["concept_language"]["name"] == "toutou"
        assert {one["id"] for one in get(client, path)["concept_languages"]} == {"en", "ja", "de", "fr"}
        assert code(get(client, f"{path}/xx")) == 11101

    def test_relations_hold_both_ways(self, client):
        path = "users/me/apps/main/concepts/dog/relations"
        post(client, "concepts", concepts=[{"id": "animal"}])
        relation = {"object_concept": {"id": "animal"}, "predicate": "hypernym"}
        assert code(post(client, path, concept_relations=[relation])) == 10000
        [there] = get(client, path.replace("dog", "animal"))["concept_relations"]
        assert (there["predicate"], there["object_concept"]["id"]) == ("hyponym", "dog")
        [mine] = get(client, path)["concept_relations"]
        assert code(delete(client, path, ids=[mine["id"]])) == 10000
        assert get(client, path.replace("dog", "animal"))["concept_relations"] == []


class TestSavedSearches:
    def test_saving_does_not_run_and_running_finds(self, client):
        asked = search(
            ranks=[concepts(("dog", 1))], filters=[concepts(("cat", 1))], id="dogs", name="Dogs", save=True
        )
        kept = client.ask("PostSearches", asked)
        assert (code(kept), kept["hits"], kept["searches"][0]["id"]) == (10000, [], "dogs")
        assert ids(post(client, "searches/dogs")) == ["red", "green"]
        assert client.photos.search(client.photos.queries["dogs"]).ids == ["red", "green"]
        assert get(client, "searches/dogs")["search"]["name"] == "Dogs"
        assert [one["id"] for one in get(client, "searches")["searches"]] == ["dogs"]
        assert code(client.ask("PostSearches", asked)) == 40010
        client.photos.delete("red")
        assert ids(post(client, "searches/dogs")) == ["green"]
        assert code(delete(client, "searches/dogs")) == 10000
        assert code(post(client, "searches/dogs")) == 11101
        assert "dogs" not in list(client.photos.queries)

    def test_they_are_listed_in_order_of_saving_and_an_overwritten_one_keeps_its_place(self, client):
        for id in ("zebra", "ant"):
            client.ask(I, search(ranks=[concepts(("cat", 1))], id=id, save=True))
        made = get(client, "searches/zebra")["search"]["created_at"]
        again = search(ranks=[concepts(("dog", 1))], id="zebra", save=True)
        assert code(patch(client, "inputs/searches", **again, action="overwrite")) == 10000
        assert [one["id"] for one in get(client, "searches")["searches"]] == ["zebra", "ant"]
        assert get(client, "searches/zebra")["search"]["created_at"] == made
        assert ids(post(client, "searches/zebra")) == ["red", "orange", "green"]

    def test_a_query_of_the_notebooks_own_is_none(self, client):
        client.photos.queries["mine"] = client.photos.terms.concept("cat")
        assert "searches" not in get(client, "searches")
        assert code(post(client, "searches/mine")) == 11101

    def test_a_saved_absence_stays_one(self, client):
        kept = client.ask(I, search(ranks=[concepts(("cat", 0))], id="no-cats", save=True))
        assert code(kept) == 10000
        assert ids(post(client, "searches/no-cats"))[0] == "orange"

    def test_a_saved_search_is_read_as_it_was_asked(self, client):
        """Over gRPC a value that is not there is 0, in a negated part it means 1; asked again over REST, too."""
        server = client.server
        grpc = Grpc(server)
        rank = concepts({"id": "cat"}) | {"negate": True}
        grpc.ask(I, search(ranks=[rank], id="not-cats", save=True))
        grpc.close()
        assert ids(post(client, "searches/not-cats"))[0] == "orange"


class TestTheOlderForm:
    def test_an_input_filters_and_an_output_ranks(self, client):
        query = {
            "ands": [
                {"input": {"data": {"metadata": {"type": "animal"}}}},
                {"output": {"data": {"concepts": [{"name": "cat"}]}}},
            ]
        }
        assert ids(client.ask("PostSearches", {"query": query})) == ["red", "orange"]

    def test_a_picture_to_rank_by(self, client):
        query = {
            "ands": [{"output": {"input": {"data": {"image": {"base64": text(picture((10, 10, 250)))}}}}}]
        }
        assert ids(client.ask("PostSearches", {"query": query}))[0] == "blue"

    def test_a_url_to_the_letter(self, client):
        post(client, "inputs", inputs=[image(url=PINK_URL, id="pink")])
        query = {"ands": [{"input": {"data": {"image": {"url": PINK_URL}}}}]}
        assert ids(client.ask("PostSearches", {"query": query})) == ["pink"]

    def test_a_negated_input_filter(self, client):
        query = {"ands": [{"input": {"data": {"metadata": {"type": "animal"}}}, "negate": True}]}
        assert ids(client.ask("PostSearches", {"query": query})) == ["green", "blue"]


class TestTheRest:
    def test_a_model_of_the_collection_is_asked_and_nothing_is_kept(self, client):
        response = post(client, "models/direction/outputs", inputs=[image(encoded=TEAL)])
        assert code(response) == 10000
        [embedding] = response["outputs"][0]["data"]["embeddings"]
        assert embedding["num_dimensions"] == 3
        assert len(client.photos) == 4
        assert code(post(client, "models/gpt/outputs", inputs=[image(encoded=TEAL)])) == 21200

    def test_the_application_and_datasets(self, client):
        assert get(client, "app")["app"]["default_language"] == "en"
        assert get(client, "users/ann/apps/garden")["app"]["id"] == "garden"
        assert code(post(client, "users/me/apps", apps=[{"id": "x"}])) == 10000
        assert code(post(client, "datasets", datasets=[{"id": "summer"}])) == 10000
        assert [one["id"] for one in get(client, "datasets")["datasets"]] == ["summer"]
        assert get(client, "datasets/summer")["dataset"]["id"] == "summer"

    def test_an_upload_job_is_done_when_it_is_asked_for(self, client):
        job = get(client, "inputs/jobs/add/7")["inputs_add_job"]
        assert job["progress"] == {}
        assert job["id"] == "7"

    def test_other_methods_say_that_they_are_not_implemented(self, client):
        response = post(client, "datasets/summer/versions", dataset_versions=[])
        assert (code(response), response["status"]["http_status_code"]) == (10040, 501)

    def test_a_picture_of_this_machine_has_no_path_in_an_answer(self, tmp_path, client):
        path = tmp_path / "secret-place" / "a.png"
        path.parent.mkdir()
        path.write_bytes(base64.b64decode(text(TEAL)))
        client.photos.add(path, progress=False)
        assert "secret-place" not in str(client.ask(I, search()))
        assert "secret-place" not in str(get(client, "inputs"))
