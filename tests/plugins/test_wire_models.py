"""What a client needs to finish its work: models to train, workflows, applications and datasets of its own."""

import time

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from test_wire_methods import PINK, TEAL, code, delete, get, image, patch, post
from toolkit_wire.client_models import change_model, client_models
from toolkit_wire.warming import warm
from wire_photos import Grpc, Rest, concepts, ids, of, picture, registry, search, seeded, served

import toolkit
from toolkit.values.types import Annotation, Concept

A, I = "PostAnnotationsSearches", "PostInputsSearches"  # noqa: E741
GENERAL = "aaa03c23b3724a16a56b629203edc62c"
REDS = [picture((red, 20, 20)) for red in (180, 200, 220)]
GREENS = [picture((20, green, 20)) for green in (180, 200, 220)]


@pytest.fixture
def client():
    with seeded() as photos, served(photos) as server:
        client = Rest(server)
        client.server = server
        client.photos = photos
        yield client
        client.close()


def label_reds(client, concept="rouge"):
    """Three red inputs labeled as such, and three green ones labeled as not."""
    given = [image(encoded=one, id=f"red{at}") for at, one in enumerate(REDS)]
    given += [image(encoded=one, id=f"green{at}") for at, one in enumerate(GREENS)]
    for one in given:
        one["data"]["concepts"] = [{"id": concept, "value": float(one["id"].startswith("red"))}]
    assert code(post(client, "inputs", inputs=given)) == 10000


def version_of(*names):
    return {"output_info": {"data": {"concepts": [{"id": name} for name in names]}}}


def train(client, model="reds", concept="rouge"):
    made = post(client, f"models/{model}/versions", model_versions=[version_of(concept)])
    assert code(made) == 10000
    return wait_for(client, model, made["model"]["model_version"]["id"])


def wait_for(client, model, version):
    """The version once it is no longer queued nor being trained."""
    for _ in range(600):
        found = get(client, f"models/{model}/versions/{version}")["model_version"]
        if found["status"]["code"] not in (21101, 21103):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


class TestTraining:
    def test_a_client_makes_a_model_trains_it_waits_and_ranks_by_it(self, client):
        label_reds(client)
        made = post(client, "models", models=[{"id": "reds", "name": "Reds"}])["model"]
        assert (made["id"], made["model_type_id"]) == ("reds", "embedding-classifier")
        assert made["model_version"]["status"]["code"] == 21102
        trained = train(client)
        assert (trained["id"], trained["status"]["code"]) == ("reds@1", 21100)
        assert client.photos.models["trained-rouge"] == "trained-rouge@1"
        hits = client.ask(I, search(ranks=[concepts(("rouge", 1))]))["hits"]
        by_id = {hit["input"]["id"]: hit["score"] for hit in hits}
        assert by_id["red"] > by_id["blue"]
        assert by_id["red"] > by_id["green"]

    def test_its_outputs_are_asked_for_by_version_and_nothing_is_kept(self, client):
        label_reds(client)
        post(client, "models", models=[{"id": "reds"}])
        assert code(post(client, "models/reds/outputs", inputs=[image(encoded=PINK)])) == 21102
        train(client)
        before = len(client.photos)
        said = post(
            client,
            "models/reds/versions/reds@1/outputs",
            inputs=[image(encoded=one) for one in (REDS[0], TEAL)],
        )
        assert code(said) == 10000
        red, teal = (output["data"]["concepts"] for output in said["outputs"])
        assert [one["id"] for one in red] == [one["id"] for one in teal] == ["rouge"]
        assert red[0]["value"] > 0.5 > teal[0]["value"]
        assert len(client.photos) == before
        assert (
            code(post(client, "models/reds/versions/reds@7/outputs", inputs=[image(encoded=TEAL)])) == 21200
        )

    def test_too_few_labels_are_a_status_of_the_version_and_the_next_one_may_do(self, client):
        post(client, "models", models=[{"id": "reds"}])
        failed = train(client)
        assert failed["status"]["code"] == 21110
        label_reds(client)
        assert train(client)["status"]["code"] == 21100
        versions = get(client, "models/reds/versions")["model_versions"]
        assert [(one["id"], one["status"]["code"]) for one in versions] == [
            ("reds@2", 21100),
            ("reds@1", 21110),
        ]
        assert get(client, "models/reds")["model"]["model_version"]["id"] == "reds@2"
        client.photos.annotate("red", concept="single")
        post(client, "models", models=[{"id": "singles"}])
        alone = train(client, "singles", "single")
        assert (alone["status"]["code"], "2" in alone["status"]["details"]) == (21117, True)

    def test_a_version_is_evaluated_by_what_its_training_estimated(self, client):
        label_reds(client)
        post(client, "models", models=[{"id": "reds"}])
        assert train(client)["metrics"]["status"]["code"] == 21302
        assert code(post(client, "models/reds/versions/reds@1/metrics")) == 10000
        shown = get(client, "models/reds/versions/reds@1")["model_version"]["metrics"]
        report = client.photos.models["trained-rouge"].reliability
        assert shown["status"]["code"] == 21300
        assert shown["summary"]["macro_avg_recall"] == pytest.approx(report.recall.value)
        [figures] = get(client, "models/reds/versions/reds@1/metrics")["model_version"]["metrics"][
            "binary_metrics"
        ]
        assert (figures["concept"]["id"], figures["num_pos"], figures["num_neg"]) == ("rouge", 3, 3)
        assert figures["avg_precision"] == pytest.approx(report.average_precision.value)

    def test_a_model_is_there_after_a_restart_and_one_in_training_says_so(self, tmp_path):
        path = tmp_path / "photos.db"
        with seeded(path) as photos, served(photos) as server:
            client = Rest(server)
            label_reds(client)
            post(client, "models", models=[{"id": "reds", "notes": "by hand"}])
            train(client)
            client.close()
        with toolkit.open(path, registry=registry()) as photos:
            posted = resources_pb2.ModelVersion()
            posted.output_info.data.concepts.add(id="rouge")
            change_model(photos, "reds", lambda model: model.add_version(posted))  # and the server died
            with served(photos) as server:
                client = Rest(server)
                model = get(client, "models/reds")["model"]
                assert (model["notes"], model["model_version"]["status"]["code"]) == ("by hand", 21106)
                said = post(client, "models/reds/versions/1/outputs", inputs=[image(encoded=REDS[0])])
                assert said["outputs"][0]["data"]["concepts"][0]["value"] > 0.5
                client.close()

    def test_deleting_a_model_deletes_what_it_predicted_and_keeps_the_labels(self, client):
        label_reds(client)
        post(client, "models", models=[{"id": "reds"}])
        train(client)
        assert code(delete(client, "models/reds")) == 10000
        assert code(get(client, "models/reds")) == 21200
        assert "trained-rouge" not in client.photos.models
        said = {
            one.source for one in client.photos.annotations.of(["red0", "blue"]) if "rouge" in one.concepts
        }
        assert said == {"human:me"}

    def test_a_concept_that_was_trained_again_outlives_the_model(self, client):
        label_reds(client)
        post(client, "models", models=[{"id": "reds"}])
        train(client)
        client.photos.train("rouge", progress=False)
        assert code(post(client, "models/reds/outputs", inputs=[image(encoded=TEAL)])) == 21102
        assert code(delete(client, "models", ids=["reds"])) == 10000
        assert client.photos.models["trained-rouge"] == "trained-rouge@2"

    def test_a_rank_and_a_filter_by_its_version_mean_what_was_trained_as_it(self, client):
        label_reds(client)
        post(client, "models", models=[{"id": "reds"}])
        train(client)
        client.photos.annotations.put([Annotation("", "blue", "blue", None, "model:other@1", {"rouge": 1.0})])
        stored = client.photos.annotations.of(list(client.photos.inputs))
        said = {
            one.input_id: one.concepts["rouge"] for one in stored if one.source == "model:trained-rouge@1"
        }
        for wanted in ({"id": "rouge"}, {"name": "rouge"}):
            rank = of(model_version_id="reds@1", data={"concepts": [{**wanted, "value": 1}]})
            hits = client.ask(I, search(ranks=[rank]))["hits"]
            assert {hit["input"]["id"]: hit["score"] for hit in hits} == pytest.approx(said, abs=1e-6)
        claimed = {id for id, value in said.items() if value >= 0.5}
        assert "blue" not in claimed
        for named in (
            {"model_version_id": "reds@1"},
            {"worker": {"model": {"id": "reds", "model_version": {"id": "reds@1"}}}},
            {"worker": {"model": {"id": "reds"}}},
        ):
            labeled = of(**named, data={"concepts": [{"id": "rouge", "value": 1}]})
            assert set(ids(client.ask(I, search(filters=[labeled])))) == claimed
            assert set(ids(client.ask(I, search(filters=[of(**named)])))) == set(said)
        listed = get(client, "annotations?model_version_ids=reds@1&per_page=100")["annotations"]
        assert {one["input_id"] for one in listed} == set(said)

    def test_a_version_ranks_by_nothing_that_it_does_not_predict(self, client):
        label_reds(client)
        post(client, "models", models=[{"id": "reds"}])
        train(client)
        for version, concept in (
            ("reds@1", {"id": "dog"}),
            ("reds@1", {"name": "dog"}),
            ("reds@2", {"id": "rouge"}),
        ):
            asked = of(model_version_id=version, data={"concepts": [{**concept, "value": 1}]})
            assert code(client.ask(I, search(ranks=[asked]))) == 40002
            assert ids(client.ask(I, search(filters=[asked]))) == []

    @pytest.mark.parametrize(
        ("version", "status"),
        [
            ({}, 21203),
            (version_of(""), 21203),
            (version_of("rouge") | {"train_info": {"params": {"dataset_id": "summer"}}}, 21118),
            (version_of("rouge") | {"pretrained_model_config": {"local_dev": True}}, 21202),
        ],
    )
    def test_what_training_does_not_do_is_refused_and_no_version_is_made(self, client, version, status):
        post(client, "models", models=[{"id": "reds"}])
        assert code(post(client, "models/reds/versions", model_versions=[version])) == status
        assert client_models(client.photos)["reds"].versions == []

    def test_models_of_other_types_are_made_but_not_trained(self, client):
        assert (
            code(post(client, "models", models=[{"id": "words", "model_type_id": "text-classifier"}]))
            == 10000
        )
        assert code(post(client, "models/words/versions", model_versions=[version_of("rouge")])) == 21202
        assert code(post(client, "models/nobody/versions", model_versions=[version_of("rouge")])) == 21200

    def test_what_came_with_a_version_comes_back(self, client):
        post(client, "models", models=[{"id": "reds"}])
        posted = version_of("rouge") | {"description": "first"}
        posted["output_info"]["output_config"] = {"hyper_params": {"epochs": 5}}
        made = post(client, "models/reds/versions", model_versions=[posted])["model"]["model_version"]
        assert made["output_info"]["output_config"]["hyper_params"] == {"epochs": 5.0}
        assert (made["description"], made["active_concept_count"]) == ("first", 1)


class TestModels:
    def test_those_of_the_collection_are_listed_with_those_that_clients_made(self, client):
        post(client, "models", models=[{"id": "reds", "name": "Rouge"}])
        listed = {one["id"]: one["model_type_id"] for one in get(client, "models")["models"]}
        assert listed == {"direction": "visual-embedder", "reds": "embedding-classifier"}
        assert [one["id"] for one in get(client, "models?name=rou*")["models"]] == ["reds"]
        assert [one["id"] for one in get(client, "models?trained_only=true")["models"]] == ["direction"]
        assert get(client, "models?page=1000&per_page=500")["models"] == []
        found = post(client, "models/searches", model_query={"name": "*ire*"})["models"]
        assert [one["id"] for one in found] == ["direction"]

    def test_one_of_the_collection_is_got_but_neither_changed_nor_deleted(self, client):
        shown = get(client, "models/direction")["model"]
        assert (shown["model_version"]["id"], shown["model_version"]["status"]["code"]) == (
            "direction@1",
            21100,
        )
        assert code(get(client, "models/direction/versions/2")) == 21200
        assert code(delete(client, "models/direction")) == 21200
        assert (
            code(patch(client, "models", models=[{"id": "direction", "name": "x"}], action="overwrite"))
            == 21200
        )
        assert code(post(client, "models", models=[{"id": "direction"}])) == 40010
        assert code(post(client, "models", models=[{"id": GENERAL}])) == 40010

    def test_a_name_is_changed(self, client):
        post(client, "models", models=[{"id": "reds"}])
        patch(client, "models", models=[{"id": "reds", "name": "Rouge"}], action="overwrite")
        assert get(client, "models/reds")["model"]["name"] == "Rouge"

    def test_the_types_say_what_can_be_trained(self, client):
        types = {one["id"]: one.get("trainable", False) for one in get(client, "models/types")["model_types"]}
        assert types["embedding-classifier"] is True
        assert types["visual-embedder"] is False
        assert get(client, "models/types/visual-embedder")["model_type"]["input_fields"] == ["image"]


class TestThePublicModels:
    @pytest.fixture
    def pixels(self):
        with toolkit.open(workflow="pixels") as photos:
            photos.concepts.add("dark", names={"en": "dark", "de": "dunkel"})
            with served(photos) as server:
                client = Rest(server)
                yield client
                client.close()

    @pytest.mark.parametrize("id", [GENERAL, "general-image-recognition", "pixels"])
    def test_the_general_model_is_the_collections_concept_model(self, pixels, id):
        black = image(encoded=picture((0, 0, 0)))
        said = post(pixels, f"models/{id}/outputs", inputs=[black])["outputs"][0]
        assert (said["model"]["id"], said["model"]["model_version"]["id"]) == (id, "pixels@1")
        assert said["data"]["concepts"][0]["value"] == 1

    def test_of_several_concept_models_it_is_the_first_of_the_workflow(self):
        class Words:
            name, version = "words", "1"
            concepts = (Concept("dog", {"en": ("dog",)}),)

            def predict(self, images):
                return [{"dog": 0.9} for _ in images]

        known = registry()
        known.add(Words)
        order = ("words", "pixels")  # the other one is an embedder too
        workflow = toolkit.Workflow(embedders=("pixels",), concept_models=order)
        with toolkit.open(workflow=workflow, registry=known) as photos, served(photos) as server:
            client = Rest(server)
            said = post(client, f"models/{GENERAL}/outputs", inputs=[image(encoded=TEAL)])["outputs"][0]
            assert said["model"]["model_version"]["id"] == "words@1"
            client.close()

    def test_a_client_chooses_which_concepts_it_is_shown_and_in_what_language(self, pixels):
        def asked(**config):
            model = {"output_info": {"output_config": config}}
            given = [image(encoded=picture((0, 0, 0)))]
            said = post(pixels, f"models/{GENERAL}/outputs", inputs=given, model=model)["outputs"][0]["data"]
            newer = {"model_version": {"output_info": {"output_config": config}}}
            again = post(pixels, f"models/{GENERAL}/outputs", inputs=given, model=newer)["outputs"][0]["data"]
            assert again == said
            return [(one["name"], one["value"]) for one in said["concepts"]]

        assert len(asked(max_concepts=2)) == 2
        assert all(value >= 0.9 for _, value in asked(min_value=0.9))
        assert asked(select_concepts=[{"name": "Dark"}, {"id": "bright"}]) == [("dark", 1.0)]
        assert asked(select_concepts=[{"id": "dark"}], language="de-AT") == [("dunkel", 1.0)]

    def test_a_picture_that_cannot_be_had_is_a_status_of_its_output(self, pixels):
        gone = image(url="http://127.0.0.1:9/gone.png")
        said = post(pixels, f"models/{GENERAL}/outputs", inputs=[gone])
        assert (code(said), said["outputs"][0]["status"]["code"]) == (30002, 30002)
        said = post(pixels, f"models/{GENERAL}/outputs", inputs=[image(encoded=TEAL), gone])
        assert (code(said), len(said["outputs"][0]["data"]["concepts"]) > 0) == (10010, True)

    def test_a_collection_without_such_a_model_says_so(self, client):
        said = post(client, f"models/{GENERAL}/outputs", inputs=[image(encoded=TEAL)])
        assert (code(said), "concept model" in said["status"]["details"]) == (21200, True)

    def test_outputs_come_as_a_stream_too(self, pixels, client):
        grpc = Grpc(client.server)
        request = service_pb2.PostModelOutputsRequest(model_id="direction")
        request.inputs.add().data.image.base64 = TEAL
        [answer] = grpc._stub.GenerateModelOutputs(request, metadata=grpc._metadata)
        both = list(grpc._stub.StreamModelOutputs(iter([request, request]), metadata=grpc._metadata))
        grpc.close()
        assert answer.outputs[0].data.embeddings[0].num_dimensions == 3
        assert [one.status.code for one in both] == [10000, 10000]


class TestWorkflows:
    def test_the_base_workflow_is_what_runs_over_every_picture(self, client):
        assert get(client, "app")["app"]["default_workflow_id"] == "base"
        for id in ("base", "General"):
            shown = get(client, f"workflows/{id}")["workflow"]
            assert [node["model"]["model_version"]["id"] for node in shown["nodes"]] == ["direction@1"]
        said = post(client, "workflows/General/results", inputs=[image(encoded=TEAL)])
        assert said["results"][0]["outputs"][0]["data"]["embeddings"][0]["num_dimensions"] == 3

    def test_a_client_makes_one_of_the_models_that_are_here(self, client):
        label_reds(client)
        post(client, "models", models=[{"id": "reds"}])
        train(client)
        nodes = [{"id": "a", "model": {"id": "reds"}}, {"id": "b", "model": {"id": "direction"}}]
        assert code(post(client, "workflows", workflows=[{"id": "mine", "nodes": nodes}])) == 10000
        assert code(post(client, "workflows", workflows=[{"id": "mine", "nodes": nodes}])) == 22100
        assert [one["id"] for one in get(client, "workflows")["workflows"]] == ["base", "mine"]
        [result] = post(client, "workflows/mine/results", inputs=[image(encoded=REDS[0])])["results"]
        first, second = result["outputs"]
        assert first["data"]["concepts"][0]["id"] == "rouge"
        assert second["data"]["embeddings"][0]["num_dimensions"] == 3
        assert code(delete(client, "workflows/mine")) == 10000
        assert code(get(client, "workflows/mine")) == 22102

    @pytest.mark.parametrize(
        ("workflow", "status"),
        [
            ({"id": "mine"}, 22104),
            ({"id": "mine", "nodes": [{"model": {"id": "gpt"}}]}, 21200),
            ({"id": "base", "nodes": [{"model": {"id": "direction"}}]}, 22100),
        ],
    )
    def test_one_that_cannot_be_is_not_made(self, client, workflow, status):
        assert code(post(client, "workflows", workflows=[workflow])) == status
        assert [one["id"] for one in get(client, "workflows")["workflows"]] == ["base"]


class TestApplications:
    def test_one_that_a_client_makes_is_empty_and_apart(self, client):
        assert code(post(client, "users/me/apps", apps=[{"id": "fresh"}])) == 10000
        assert (
            code(post(client, "users/me/apps/fresh/inputs", inputs=[image(encoded=TEAL, id="red")])) == 10000
        )
        fresh = client.ask("", search(), path="/v2/users/me/apps/fresh/inputs/searches")
        assert ids(fresh) == ["red"]
        assert len(client.photos) == 4
        assert code(get(client, "users/me/apps/fresh/concepts/dog")) == 11101
        assert {one["id"] for one in get(client, "users/me/apps")["apps"]} == {"main", "fresh"}
        by_direction = search(ranks=[{"annotation": {"input_id": "red"}}])
        assert ids(client.ask("", by_direction, path="/v2/users/me/apps/fresh/annotations/searches")) == [
            "red"
        ]

    def test_a_deleted_one_is_gone_and_its_name_does_not_stand_for_the_collection(self, client):
        post(client, "users/me/apps", apps=[{"id": "fresh"}])
        assert code(delete(client, "users/me/apps/fresh")) == 10000
        assert code(delete(client, "users/me/apps/fresh/inputs", ids=["red"])) == 11101
        assert code(delete(client, "users/me/apps/fresh")) == 11101
        assert "red" in client.photos
        assert code(post(client, "users/me/apps", apps=[{"id": "fresh"}])) == 10000
        assert ids(client.ask("", search(), path="/v2/users/me/apps/fresh/inputs/searches")) == []

    @pytest.mark.parametrize("name", ["main", "YOUR_APP_ID_HERE"])
    def test_the_collection_that_is_served_cannot_be_deleted(self, client, name):
        assert code(delete(client, f"users/me/apps/{name}")) == 11007
        assert len(client.photos) == 4

    @pytest.mark.parametrize("id", ["", "../up", "a/b", ".hidden", "x" * 64, "main"])
    def test_an_id_is_no_path_and_none_that_is_taken(self, client, id):
        assert code(post(client, "users/me/apps", apps=[{"id": "good"}, {"id": id}])) in (11102, 40010)
        assert [one["id"] for one in get(client, "users/me/apps")["apps"]] == ["main"]

    def test_they_are_files_where_there_is_a_folder_and_outlive_the_server(self, tmp_path):
        folder = tmp_path / "photos.db.apps"
        with seeded() as photos:
            with served(photos, apps=folder) as server:
                client = Rest(server)
                post(client, "users/me/apps", apps=[{"id": "one"}, {"id": "two"}])
                post(client, "users/me/apps/one/inputs", inputs=[image(encoded=TEAL, id="teal")])
                client.close()
            with served(photos, apps=folder) as server:
                client = Rest(server)
                assert ids(client.ask("", search(), path="/v2/users/me/apps/one/inputs/searches")) == ["teal"]
                assert code(delete(client, "users/me/apps/one")) == 10000
                client.close()
        assert [one.name for one in folder.iterdir()] == ["two"]


class TestWhatTheModelsSay:
    """Clients look concepts up before they post the first picture."""

    @pytest.mark.parametrize("app", ["main", "fresh"])
    def test_is_known_before_there_is_a_picture(self, app):
        with toolkit.open(workflow="pixels", registry=registry()) as photos, served(photos) as server:
            client = Rest(server)
            post(client, "users/me/apps", apps=[{"id": "fresh"}])
            asked = post(client, f"users/me/apps/{app}/concepts/searches", concept_query={"name": "brig*"})
            assert [one["id"] for one in asked["concepts"]] == ["bright"]
            ranked = search(ranks=[concepts(("bright", 1))])
            found = client.ask("", ranked, path=f"/v2/users/me/apps/{app}/inputs/searches")
            assert (code(found), ids(found)) == (10000, [])
            client.close()

    def test_a_collection_that_is_only_read_is_served_as_it_is(self, tmp_path):
        toolkit.open(tmp_path / "photos.db", workflow="pixels", registry=registry()).close()
        with (
            toolkit.open(tmp_path / "photos.db", registry=registry(), readonly=True) as photos,
            served(photos) as server,
        ):
            client = Rest(server)
            assert get(client, "concepts").get("concepts", []) == []
            client.close()


class TestDatasets:
    def test_they_are_filled_listed_and_deleted_and_inputs_stay(self, client):
        post(client, "datasets", datasets=[{"id": "summer"}, {"id": "winter"}])
        filled = [{"input": {"id": "red"}}, {"input": {"id": "blue"}}]
        assert code(post(client, "datasets/summer/inputs", dataset_inputs=filled)) == 10000
        listed = get(client, "datasets/summer/inputs")["dataset_inputs"]
        assert [one["input"]["id"] for one in listed] == ["red", "blue"]
        assert code(delete(client, "datasets/summer/inputs", input_ids=["red"])) == 10000
        assert client.photos.datasets["summer"] == 1
        assert code(delete(client, "datasets", dataset_ids=["summer", "gone"])) == 11101
        assert code(delete(client, "datasets", dataset_ids=["summer"])) == 10000
        assert list(client.photos.datasets) == ["winter"]
        assert len(client.photos) == 4


class TestNamesInALanguage:
    def test_a_query_chooses_the_names_that_are_shown_and_falls_back(self, client):
        client.photos.concepts.add("porch", names={"fr": ["véranda"]})

        def shown(language):
            hits = client.ask(A, search(ranks=[concepts({"id": "dog"})], language=language))["hits"]
            said = {one["id"]: one["name"] for one in hits[0]["annotation"]["data"]["concepts"]}
            return said["dog"], said["cat"]

        assert shown("ja") == ("犬", "猫")
        assert shown("ja-JP") == ("犬", "猫")
        assert shown("de") == ("Hund", "cat")
        assert shown("fr") == ("dog", "cat")
        assert shown("") == ("dog", "cat")


def test_inputs_are_leafed_through_by_the_last_one(client):
    first = get(client, "inputs/stream?per_page=3")["inputs"]
    rest = get(client, f"inputs/stream?per_page=3&last_id={first[-1]['id']}")["inputs"]
    assert [one["id"] for one in first + rest] == ["red", "orange", "green", "blue"]
    assert get(client, "inputs/stream?last_id=blue")["inputs"] == []
    assert code(get(client, "inputs/stream?last_id=nobody")) == 11101


def test_warming_loads_every_model_and_leaves_the_collection_as_it_was():
    with seeded() as photos:
        loaded = []

        class Watched:
            name, version, dimension = "watched", "1", 2

            def embed(self, images):
                loaded.append(len(images))
                return [[0.6, 0.8]] * len(images)

        photos.registry.add(Watched)
        photos.index(embedder="watched", progress=False)
        loaded.clear()
        revision = photos.snapshot().revision
        warm(photos)
        assert loaded == [1]
        assert photos.snapshot().revision == revision
