"""``python -m bench [--rows N] [--only NAME] [--json FILE]``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path

from .figure import Figure

FULL = 1_000_000
CORE = [
    "similarity", "query", "exact", "snapshot", "pixels", "adding", "memory", "labels", "imports", "walks",
]  # fmt: skip
# Run by name.
NAMED = [
    "device", "comparing", "composites", "duplicates", "training", "efficientnet", "text", "models", "languages",
    "wire", "browser", "looking_around", "first_screen", "fresh_kernel",
    "scale_postgres", "scale_copy", "scale_engines", "scale_composed", "scale_cluster",
]  # fmt: skip
PARTS = [*CORE, *NAMED]
GROUPS = {"scale": [name for name in NAMED if name.startswith("scale_")]}  # beyond one machine
ON_PHOTOS = {"composites", "training"}  # their goals do not depend on --rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the largest collection made up")
    parser.add_argument(
        "--only",
        type=_parts,
        action="extend",
        metavar="PART[,PART]",
        help=f"run these only: {', '.join([*PARTS, *GROUPS])}",
    )
    parser.add_argument("--json", help="also write the figures to this file")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {arguments.rows:,} rows\n")
    figures: list[Figure] = []
    for part in arguments.only or CORE:
        print(f"{part}\n{'-' * len(part)}")
        for found in importlib.import_module(f"bench.{part}").run(arguments.rows):
            figure = found if isinstance(found, Figure) else Figure(**found)
            figures.append(figure)
            print(_line(figure, full=part in ON_PHOTOS or arguments.rows >= FULL), flush=True)
        print()
    if arguments.json:
        Path(arguments.json).write_text(json.dumps([asdict(figure) for figure in figures], indent=1))


def _parts(text: str) -> list[str]:
    named = text.split(",")
    if unknown := [name for name in named if name not in {*PARTS, *GROUPS}]:
        there = ", ".join([*PARTS, *GROUPS])
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: no such part; there are {there}")
    return [part for name in named for part in GROUPS.get(name, [name])]


def _line(figure: Figure, *, full: bool) -> str:
    ratio = "" if figure.ratio is None else f"  {figure.ratio:8.3f} x {figure.against}"
    goal = ""
    if figure.reached is not None:
        # The goals are for a million rows; a small run shows that everything runs.
        verdict = ("reached" if figure.reached else "MISSED") if full else f"is the goal at {FULL:,} rows"
        goal = f"  [{figure.goal} {verdict}]"
    return f"{figure.name:<58} {figure.value:12,.3f} {figure.unit:<9}{ratio}{goal}"


if __name__ == "__main__":
    main()
