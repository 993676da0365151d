"""FiftyOne's own classes read what is written for it. By hand, for the package takes 800 MB and a database of its own:
``pip install fiftyone && python -m pytest tests/plugins/fiftyone_by_hand.py``."""

import json

import fiftyone
import toolkit_formats
from test_formats_writing import again, everything, three
from toolkit_formats import Labels

__all__ = ["three"]


def test_fiftyone_itself_reads_the_samples_and_writes_what_is_read(three, tmp_path):
    toolkit_formats.write_fiftyone(three, tmp_path / "samples.json", source=None)
    written = json.loads((tmp_path / "samples.json").read_text())["samples"]
    samples = [fiftyone.Sample.from_dict(sample) for sample in written]
    (dog,) = samples[1].ground_truth.detections
    (cow,) = samples[1].net_2.detections
    assert (dog.label, dog.bounding_box) == ("dog", [0.25, 0.1, 0.5, 0.4])
    assert (cow.label, cow.confidence) == ("cow", 0.75)
    back = {"samples": [sample.to_dict() for sample in samples]}
    (tmp_path / "back.json").write_text(json.dumps(back, default=str))
    found = again(Labels("fiftyone", tmp_path / "back.json"))
    assert found == [one for one in everything(three) if one[3] > 0]
