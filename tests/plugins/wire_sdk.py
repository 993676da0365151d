"""What the API's Python SDK sends for its documented searches, and one upload; prints what it got as JSON."""

import json
import os
import sys

from clarifai.client.input import Inputs
from clarifai.client.search import Search


def ids(pages):
    return [hit.input.id for page in pages for hit in page.hits]


def main(url, file):
    who = {"user_id": os.environ["CLARIFAI_USER_ID"], "app_id": os.environ["CLARIFAI_APP_ID"]}
    search = Search(**who, top_k=10, metric="euclidean")
    two = Search(**who, top_k=2, metric="euclidean")
    concept = {"name": "dog", "value": 1}
    found = {
        "concept": ids(search.query(ranks=[{"concepts": [concept]}])),
        "absent": ids(
            search.query(ranks=[{"concepts": [concept]}, {"concepts": [{"name": "cat", "value": 0}]}])
        ),
        "url": ids(two.query(ranks=[{"image_url": url}])),
        "metadata": ids(search.query(filters=[{"metadata": {"type": "animal"}}])),
        "types": ids(search.query(filters=[{"input_types": ["image", "text"], "input_status_code": 30000}])),
        "nothing": ids(search.query(filters=[{"input_types": ["audio"]}])),
    }
    with open(file, "rb") as opened:  # noqa: PTH123  (as a user of the API writes it)
        inputs = Inputs(**who)
        made = inputs.get_input_from_bytes("pink", image_bytes=opened.read())
        _, response = inputs.upload_inputs([made], show_log=False)
        assert response.status.code == 10000, response
        found["uploaded"] = response.inputs[0].id
    print(json.dumps(found))


main(*sys.argv[1:])
