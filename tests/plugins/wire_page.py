"""The Rank page's Python calls, as a user of the API writes them. Run with the address in the environment only.

Prints, for each of the seven requests, the inputs found in order, as one JSON object.
"""

import json
import sys

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2, service_pb2, service_pb2_grpc
from clarifai_grpc.grpc.api.status import status_code_pb2

PAT, USER_ID, APP_ID = "YOUR_PAT_HERE", "YOUR_USER_ID_HERE", "YOUR_APP_ID_HERE"


def channel(kind):
    if kind == "tls":
        return ClarifaiChannel.get_grpc_channel()
    if kind == "json":
        return ClarifaiChannel.get_json_channel()
    return ClarifaiChannel.get_insecure_grpc_channel(port=int(kind))


def main(kind, url, file):
    stub = service_pb2_grpc.V2Stub(channel(kind))
    metadata = (("authorization", "Key " + PAT),)
    user_app_id = resources_pb2.UserAppIDSet(user_id=USER_ID, app_id=APP_ID)

    def ask(ranks, filters=()):
        response = stub.PostAnnotationsSearches(
            service_pb2.PostAnnotationsSearchesRequest(
                user_app_id=user_app_id,
                searches=[
                    resources_pb2.Search(query=resources_pb2.Query(ranks=list(ranks), filters=list(filters)))
                ],
            ),
            metadata=metadata,
        )
        if response.status.code != status_code_pb2.SUCCESS:
            raise Exception("Post searches failed, status: " + str(response.status))
        assert all(hit.annotation.id and hit.annotation.input_id == hit.input.id for hit in response.hits)
        return [hit.input.id for hit in response.hits]

    def rank(**data):
        return resources_pb2.Rank(annotation=resources_pb2.Annotation(data=resources_pb2.Data(**data)))

    def concept(**fields):
        return {"concepts": [resources_pb2.Concept(**fields)]}

    with open(file, "rb") as opened:  # noqa: PTH123  (as a user of the API writes it)
        encoded = opened.read()
    absent = resources_pb2.Filter(
        annotation=resources_pb2.Annotation(data=resources_pb2.Data(**concept(id="people", value=0)))
    )
    found = {
        "predicted": ask([rank(**concept(id="dog", value=1))]),
        "custom": ask([rank(**concept(id="people", value=1))]),
        "both": ask([rank(**concept(id="cat", value=1))], [absent]),
        "language": ask([rank(**concept(name="犬", language="ja", value=1))]),
        "url": ask([rank(image=resources_pb2.Image(url=url))]),
        "bytes": ask([rank(image=resources_pb2.Image(base64=encoded))]),
        "input": ask([resources_pb2.Rank(annotation=resources_pb2.Annotation(input_id="green"))]),
    }
    print(json.dumps(found))


main(*sys.argv[1:])
