"""Valid requests, one or more for each method that is answered, as the API's documentation writes them."""

from wire_photos import concepts, of, picture, search, text

SITE = "http://127.0.0.1:{allowed}/dog.png"
AWAY = "http://127.0.0.1:{allowed}/away"  # leads to where nothing may be fetched
DOG, CAT = ("dog", 1), ("cat", 1)
BOX = {"region_info": {"bounding_box": {"top_row": 0.1, "left_col": 0, "bottom_row": 0.6, "right_col": 0.5}}}
PLACE = {"geo_point": {"longitude": -30.0, "latitude": 40.0}}
NEAR = {"geo": {**PLACE, "geo_limit": {"type": "withinKilometers", "value": 150}}}
BOTH = {"geo": {"geo_box": [PLACE, {"geo_point": {"longitude": -29, "latitude": 42}}]}}
ANIMALS = of(data={"metadata": {"type": "animal", "list": [1]}})
SINCE = {
    "last_updated_time_range": {"start_time": "2001-01-01T00:00:00Z", "end_time": "2099-01-01T00:00:00Z"}
}
TEAL = {"base64": text(picture((0, 128, 128)))}
LABEL = {"id": "abc", "name": "some name", "value": 1, "language": "de"}
USER = {"user_app_id": {"user_id": "me", "app_id": "main"}}

RANKS = [
    concepts(DOG),
    concepts(("dog", 1), ("people", 0)),
    concepts({"name": "犬", "language": "ja", "value": 1}),
    concepts({"id": "cat"}) | {"negate": True},
    of(data={"image": {"url": SITE}}),
    of(data={"image": {"url": AWAY}}),
    of(data={"image": TEAL}),
    of(data={"embeddings": [{"vector": [0.1, -1, 2], "num_dimensions": 3}]}, model_version_id="direction@1"),
    of(input_id="green"),
    of(data={"concepts": [{"id": "people", "value": 1}]}, model_version_id="mine@1"),
    of(data={"text": {"raw": "black dress with white polka dots"}}),
    {"annotation": {}},
]
FILTERS = [
    concepts(("people", 1)),
    concepts(("people", 0)),
    concepts({"name": "cat"}) | {"negate": True},
    ANIMALS,
    of(data=NEAR),
    of(data=BOTH),
    of(data={"regions": [{"data": {"concepts": [{"id": "sky", "value": 1}]}}]}),
    of(data={}),
    of(user_id="eve", status={"code": 24151}, annotation_info={"batch": "b1"}),
    of(worker={"model": {"id": "tagger", "model_version": {"id": "tagger@1"}}}),
    of(id="red", input_id="red", input_level=True),
    of(model_version_id="mine@1", data={"concepts": [{"id": "people", "value": 1}]}),
    {"input": {"id": "red", "dataset_ids": ["summer"], "status": {"code": 30000}, "data": {"image": {}}}},
    {"annotation": {}, "input": {}},
    SINCE,
]
ANDS = [
    {"input": {"data": {"metadata": {"type": "animal"}}}, "negate": True},
    {"output": {"data": {"concepts": [{"name": "cat"}]}}},
    {"output": {"input": {"id": "red", "data": {"image": TEAL}}}},
    {"annotation": {"data": {"concepts": [{"id": "people", "value": 1}]}}},
]
INPUT = {
    "id": "new",
    "dataset_ids": ["summer"],
    "data": {
        "image": {"url": SITE, "allow_duplicate_url": True},
        "concepts": [LABEL, {"id": "cat", "value": 0}],
        "regions": [{**BOX, "data": {"concepts": [{"id": "face"}]}}],
        "metadata": {"shop": {"floor": 2}, "tags": ["a"]},
        "geo": PLACE,
    },
}
ANNOTATION = {
    "id": "part",
    "input_id": "red",
    "annotation_info": {"batch": 7},
    "status": {"code": 24150},
    "data": {"regions": [{**BOX, "data": {"concepts": [LABEL], "metadata": {"shift": "day"}}}]},
}
SUMMER = {"dataset_id": "summer"}
GENERAL = "aaa03c23b3724a16a56b629203edc62c"
PICTURES = {"inputs": [{"data": {"image": TEAL}}, {"data": {"image": {"url": SITE}}}]}
SHOWN = {
    "max_concepts": 3,
    "min_value": 0.1,
    "language": "de",
    "select_concepts": [{"id": "dog"}, {"name": "cat"}],
}
MODEL = {"id": "mine", "name": "Mine", "model_type_id": "embedding-classifier"}
VERSION = {
    "output_info": {
        "data": {"concepts": [{"id": "people"}, {"id": "abc"}]},
        "output_config": {"hyper_params": {"N": 5}},
    },
    "description": "The first.",
}
THE_MODEL, THE_VERSION = {"model_id": "mine"}, {"model_id": "mine", "version_id": "mine@1"}
WORKFLOW = {
    "id": "ours",
    "nodes": [{"id": "first", "model": {"id": "direction", "model_version": {"id": "direction@1"}}}],
}
SAVED = search(ranks=RANKS[:1], id="mine", name="Mine", save=True)


def _searches(**more):
    one_each = [search(ranks=[one], **more) for one in RANKS] + [
        search(filters=[one], **more) for one in FILTERS
    ]
    several = search(ranks=RANKS[:2], filters=FILTERS[2:4], language="ja", min_value=0.1, metric=1,
                     algorithm="nearest_neighbor", pagination={"page": 1, "per_page": 2}, **more)  # fmt: skip
    return [*one_each, several, {"searches": [*one_each[0]["searches"], *several["searches"]], **USER}]


# By method: verb, path, and bodies.
DOCUMENTED = {
    "PostAnnotationsSearches": ("POST", "annotations/searches", [*_searches(), SAVED]),
    "PostInputsSearches": ("POST", "users/me/apps/main/inputs/searches",
                           [one | {"only_count": at % 5 == 0} for at, one in enumerate(_searches())]),
    "PostSearches": ("POST", "searches", [{"query": {"ands": [one]}} for one in ANDS]
                     + [{"query": {"ands": ANDS, "language": "ja"}}, *_searches()[:4], SAVED]),
    "PostSearchesByID": ("POST", "searches/mine", [{"id": "mine", "pagination": {"page": 1, "per_page": 3}}]),
    "ListSearches": ("GET", "searches", [{"page": 1, "per_page": 3}]),
    "GetSearch": ("GET", "searches/mine", [{"id": "mine"}]),
    "PatchSearches": ("PATCH", "searches", [{"searches": SAVED["searches"], "action": "overwrite"}]),
    "PatchInputsSearches": ("PATCH", "inputs/searches", [{"searches": SAVED["searches"], "action": "overwrite"}]),
    "PatchAnnotationsSearches": ("PATCH", "annotations/searches",
                                 [{"searches": SAVED["searches"], "action": "overwrite"}]),
    "DeleteSearch": ("DELETE", "searches/mine", [{"id": "mine"}]),
    "PostInputs": ("POST", "inputs", [{"inputs": [INPUT]}, {"inputs": [{"data": {"image": TEAL}}] * 2},
                                      {"inputs": [INPUT], "inputs_add_job_id": "job"}]),
    "StreamInputs": ("GET", "inputs/stream", [{"per_page": 2}, {"per_page": 2, "last_id": "red"}]),
    "ListInputs": ("GET", "inputs", [{"page": 1, "per_page": 3}, {"ids": ["red"], "status": {"code": 30000}}]),
    "GetInput": ("GET", "inputs/red", [{"input_id": "red"}]),
    "GetInputCount": ("GET", "inputs/status", [USER]),
    "GetInputsAddJob": ("GET", "inputs/jobs/add/7", [{"id": "7"}]),
    "PatchInputs": ("PATCH", "inputs", [{"inputs": [{"id": "red", "dataset_ids": ["summer"], "data":
                    {key: INPUT["data"][key] for key in ("concepts", "metadata", "geo")}}], "action": action}
                    for action in ("merge", "overwrite", "remove")]),
    "DeleteInput": ("DELETE", "inputs/new", [{"input_id": "new"}]),
    "DeleteInputs": ("DELETE", "inputs", [{"ids": ["new"]}]),
    "PostAnnotations": ("POST", "annotations", [{"annotations": [ANNOTATION]},
                        {"annotations": [{"input_id": "blue", "data": {"concepts": [LABEL]}}]}]),
    "ListAnnotations": ("GET", "annotations", [{"input_ids": ["red"], "list_all_annotations": True},
                        {"user_ids": ["eve"], "model_version_ids": ["tagger@1"], "statuses": [{"code": 24150}]}]),
    "GetAnnotation": ("GET", "inputs/red/annotations/part", [{"input_id": "red", "annotation_id": "part"}]),
    "PatchAnnotations": ("PATCH", "annotations", [{"annotations": [ANNOTATION], "action": action}
                         for action in ("merge", "overwrite", "remove")]),
    "DeleteAnnotation": ("DELETE", "inputs/red/annotations/part", [{"input_id": "red", "annotation_id": "part"}]),
    "DeleteAnnotations": ("DELETE", "annotations", [{"ids": ["part"]}, {"input_ids": ["red"]}]),
    "PostConcepts": ("POST", "concepts", [{"concepts": [{"id": "boat", "name": "Boat", "definition": "It floats."}]}]),
    "ListConcepts": ("GET", "concepts", [{"page": 1, "per_page": 2}]),
    "GetConcept": ("GET", "concepts/dog", [{"concept_id": "dog"}]),
    "PatchConcepts": ("PATCH", "concepts", [{"concepts": [{"id": "dog", "name": "Hound"}], "action": "overwrite"}]),
    "PostConceptsSearches": ("POST", "concepts/searches", [{"concept_query": {"name": "人", "language": "ja"}},
                             {"concept_query": {"name": "d*"}, "pagination": {"page": 1, "per_page": 2}}]),
    "PostConceptLanguages": ("POST", "concepts/dog/languages",
                             [{"concept_id": "dog", "concept_languages": [{"id": "fr", "name": "chien"}]}]),
    "ListConceptLanguages": ("GET", "concepts/dog/languages", [{"concept_id": "dog"}]),
    "GetConceptLanguage": ("GET", "concepts/dog/languages/ja", [{"concept_id": "dog", "language": "ja"}]),
    "PatchConceptLanguages": ("PATCH", "concepts/dog/languages",
                              [{"concept_id": "dog", "concept_languages": [{"id": "ja", "name": "いぬ"}]}]),
    "PostConceptRelations": ("POST", "users/me/apps/main/concepts/dog/relations",
                             [{"concept_id": "dog", "concept_relations": [
                                 {"object_concept": {"id": "cat"}, "predicate": "hypernym"}]}]),
    "ListConceptRelations": ("GET", "users/me/apps/main/concepts/dog/relations", [{"concept_id": "dog"}]),
    "DeleteConceptRelations": ("DELETE", "users/me/apps/main/concepts/dog/relations",
                               [{"concept_id": "dog", "ids": ["dog:hypernym:cat"]}]),
    "PostModelOutputs": ("POST", "models/direction/outputs", [PICTURES | {"model_id": "direction"},
                         PICTURES | {"model_id": GENERAL, "model": {"output_info": {"output_config": SHOWN}}}]),
    "PostModels": ("POST", "models", [{"models": [MODEL]}, {"model": MODEL}]),
    "GetModel": ("GET", "models/mine", [THE_MODEL, {"model_id": GENERAL}]),
    "GetModelOutputInfo": ("GET", "models/mine/versions/mine@1/output_info", [THE_VERSION]),
    "ListModels": ("GET", "models", [{"page": 1, "per_page": 2}, {"name": "*direction*", "trained_only": True},
                                     {"model_type_id": "visual-embedder"}]),
    "PostModelsSearches": ("POST", "models/searches", [{"model_query": {"name": "*general*"}},
                           {"model_query": {"model_type_id": "visual-classifier"}, "pagination": {"page": 1}}]),
    "PatchModels": ("PATCH", "models", [{"models": [MODEL | {"name": "Ours"}], "action": "overwrite"}]),
    "DeleteModel": ("DELETE", "models/mine", [THE_MODEL]),
    "DeleteModels": ("DELETE", "models", [{"ids": ["mine"]}, {"delete_all": True}]),
    "PostModelVersions": ("POST", "models/mine/versions", [THE_MODEL | {"model_versions": [VERSION]}]),
    "GetModelVersion": ("GET", "models/mine/versions/mine@1", [THE_VERSION]),
    "ListModelVersions": ("GET", "models/mine/versions", [THE_MODEL | {"page": 1, "trained_only": True}]),
    "DeleteModelVersion": ("DELETE", "models/mine/versions/mine@1", [THE_VERSION]),
    "PostModelVersionMetrics": ("POST", "models/mine/versions/mine@1/metrics", [THE_VERSION]),
    "GetModelVersionMetrics": ("GET", "models/mine/versions/mine@1/metrics",
                               [THE_VERSION | {"fields": {"binary_metrics": True}}]),
    "ListModelTypes": ("GET", "models/types", [{"page": 1, "per_page": 3}]),
    "GetModelType": ("GET", "models/types/embedding-classifier", [{"model_type_id": "embedding-classifier"}]),
    "PostWorkflows": ("POST", "workflows", [{"workflows": [WORKFLOW]}]),
    "GetWorkflow": ("GET", "workflows/ours", [{"workflow_id": "ours"}, {"workflow_id": "base"}]),
    "ListWorkflows": ("GET", "workflows", [{"page": 1, "per_page": 2}]),
    "DeleteWorkflow": ("DELETE", "workflows/ours", [{"workflow_id": "ours"}]),
    "DeleteWorkflows": ("DELETE", "workflows", [{"ids": ["ours"]}, {"delete_all": True}]),
    "PostWorkflowResults": ("POST", "workflows/ours/results", [PICTURES | {"workflow_id": "ours"},
                            PICTURES | {"workflow_id": "base", "output_config": SHOWN}]),
    "GetApp": ("GET", "app", [USER]),
    "ListApps": ("GET", "users/me/apps", [{"page": 1, "per_page": 2}, {"id": "x"}]),
    "PostApps": ("POST", "users/me/apps", [{"apps": [{"id": "x"}]}]),
    "DeleteApp": ("DELETE", "users/me/apps/x", [{"user_app_id": {"user_id": "me", "app_id": "x"}}, USER]),
    "PostDatasets": ("POST", "datasets", [{"datasets": [{"id": "summer"}]}]),
    "ListDatasets": ("GET", "datasets", [{"page": 1}]),
    "GetDataset": ("GET", "datasets/summer", [SUMMER]),
    "DeleteDatasets": ("DELETE", "datasets", [{"dataset_ids": ["summer"]}]),
    "PostDatasetInputs": ("POST", "datasets/summer/inputs", [SUMMER | {"dataset_inputs": [{"input": {"id": "red"}}]}]),
    "ListDatasetInputs": ("GET", "datasets/summer/inputs", [SUMMER | {"page": 1, "per_page": 2}]),
    "DeleteDatasetInputs": ("DELETE", "datasets/summer/inputs", [SUMMER | {"input_ids": ["red"]}]),
}  # fmt: skip
