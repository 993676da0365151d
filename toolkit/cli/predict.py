"""``toolkit predict``."""

from __future__ import annotations

import click

from .completing import files, from_plugins
from .options import collection, existing, print_rows, tabular

__all__ = ["command"]


@click.command("predict")
@collection
@click.argument("model", shell_complete=from_plugins("concept_models", "detectors"))
@click.argument("picture", shell_complete=files)
@tabular
def command(collection: str, model: str, picture: str, as_json: bool, as_csv: bool) -> None:
    """Say what MODEL of COLLECTION sees in PICTURE, a file or a URL; nothing is stored."""
    with existing(collection) as photos:
        found = photos.models.predict(model, picture)
    rows: list[dict[str, object]] = [
        {"concept": concept, "value": value, "box": None} for concept, value in found.concepts.items()
    ]
    for one in found.detections:
        for concept, value in (one.concepts or {"": one.score}).items():
            rows.append({"concept": concept, "value": value, "box": list(one.box)})
    rows.sort(key=lambda row: -float(str(row["value"])))
    print_rows(("concept", "value", "box"), rows, as_json=as_json, as_csv=as_csv)
