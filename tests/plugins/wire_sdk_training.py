"""What the API's Python SDK sends to train a concept in an application of its own; prints what it got as JSON."""

import io
import json
import os
import sys
import tempfile
import time

from clarifai.client.model import Model
from clarifai.client.search import Search
from clarifai.client.user import User
from clarifai.client.workflow import Workflow
from PIL import Image

COLORS = {"red": (180, 200, 220), "green": (190, 210, 230)}


def picture(color, strength):
    red, green = (strength, 20) if color == "red" else (20, strength)
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), (red, green, 20)).save(buffer, "PNG")
    return buffer.getvalue()


def upload(app):
    inputs = app.inputs()
    made = []
    for color, strengths in COLORS.items():
        for at, strength in enumerate(strengths):
            one = inputs.get_input_from_bytes(
                f"{color}{at}", image_bytes=picture(color, strength), dataset_id="summer", labels=[color]
            )
            made.append(one)
    inputs.upload_inputs(made, show_log=False)


def train(app):
    model = app.create_model(model_id="reds", model_type_id="embedding-classifier")
    with tempfile.TemporaryDirectory() as folder:
        model.get_params(save_to=f"{folder}/params.yaml")
    model.update_params(concepts=["red"])
    version = model.train()
    while model.training_status(version_id=version).code in (21101, 21103):
        time.sleep(0.05)
    return version, model.training_status(version_id=version).code


def main():
    who = {"user_id": os.environ["CLARIFAI_USER_ID"], "app_id": "sdk-app"}
    user = User(user_id=who["user_id"])
    app = user.create_app(app_id="sdk-app", base_workflow="General")
    app.create_dataset("summer")
    upload(app)
    version, trained = train(app)
    search = Search(**who, top_k=3, metric="euclidean")
    ranked = [
        hit.input.id
        for page in search.query(ranks=[{"concepts": [{"id": "red", "value": 1}]}])
        for hit in page.hits
    ]
    model = Model(**who, model_id="reds", model_version={"id": version})
    output = model.predict_by_bytes(picture("red", 240), input_type="image").outputs[0]
    results = (
        Workflow(**who, workflow_id="base").predict_by_bytes(picture("red", 240), input_type="image").results
    )
    found = {
        "apps": sorted(one.id for one in user.list_apps()),
        "datasets": [one.id for one in app.list_datasets()],
        "inputs": sorted(one.id for one in app.inputs().list_inputs()),
        "models": sorted(one.id for one in app.list_models()),
        "workflows": [one.id for one in app.list_workflows()],
        "trained": trained,
        "ranked": sorted(ranked),
        "predicted": [one.id for one in output.data.concepts],
        "sure": output.data.concepts[0].value > 0.5,
        "dimensions": [one.data.embeddings[0].num_dimensions for one in results[0].outputs],
    }
    app.delete_model("reds")
    app.delete_dataset("summer")
    user.delete_app("sdk-app")
    found["after"] = sorted(one.id for one in user.list_apps())
    print(json.dumps(found))
    return 0


sys.exit(main())
