"""What docs/wire.md says, run."""

import re
from pathlib import Path

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

import httpx
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from toolkit_wire.command import serve_command
from toolkit_wire.server import REST_PORT
from wire_photos import picture, served

import toolkit
from toolkit.plugins.interfaces import Record

CHECKOUT = Path(__file__).parents[2]
PAGE = (CHECKOUT / "docs" / "wire.md").read_text(encoding="utf-8")
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
CURL = re.compile(r"curl (http://\S+) -d '\s*(\{.*?\})'", re.DOTALL)


def test_its_python_runs(monkeypatch):
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 5
    names = {}
    for block in blocks:
        exec(block, names)
        if "response" in names and "hits" not in names:
            names["hits"] = [(round(hit.score, 2), hit.input.id) for hit in names["response"].hits]
    assert names["hits"][0][0] == 1
    assert names["made"].model.model_version.id == "porches@1"


@pytest.mark.parametrize(("text", "first"), [(PAGE, "white"), (README, "red")], ids=["the page", "README"])
def test_its_curl_call_ranks(text, first):
    address, body = CURL.search(text).groups()
    assert address.startswith(f"http://127.0.0.1:{REST_PORT}/v2/")
    colors = {"white": (255, 255, 255), "red": (250, 10, 10), "gray": (128, 128, 128)}
    with toolkit.open() as photos:
        records = [Record(picture(color), id=name) for name, color in colors.items()]
        photos.add(records, progress=False)
        with served(photos, grpc_port=None) as server:
            answer = httpx.post(
                address.replace(str(REST_PORT), str(server.rest_port)), content=body, timeout=60
            )
    assert answer.json()["hits"][0]["input"]["id"] == first


def test_its_options_are_those_of_the_command():
    options = {name for parameter in serve_command.params for name in parameter.opts}
    served = "".join(line for line in PAGE.splitlines(keepends=True) if "official.py" not in line)
    assert set(re.findall(r"--[a-z][a-z-]+", served)) <= options


def test_its_codes_are_the_apis():
    said = PAGE[PAGE.index("Statuses:") :].split("\n\n")[0]
    for code in re.findall(r"\b\d{5}\b", said):
        StatusCode.Name(int(code))
