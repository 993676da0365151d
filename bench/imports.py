"""What ``import toolkit`` costs beside ``import numpy``."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from .figure import Figure

__all__ = ["run"]

OPENING = "import toolkit, and what opening a collection needs"
STATEMENTS = {
    "import numpy": "import numpy",
    "import toolkit": "import toolkit",
    OPENING: "import toolkit; toolkit.open",
    "toolkit and every plugin": "import toolkit.plugins.registry; toolkit.plugins.registry.Registry.discover()",
}
GOALS = {"import toolkit": "<= 3", OPENING: "<= 3"}
# Processor time of the process itself, so that starting Python is not counted, nor what else the machine does.
TIMER = "import time; start = time.process_time(); {}; print(time.process_time() - start)"


def run(rows: int) -> list[Figure]:
    taken: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(7):
        for name, statement in STATEMENTS.items():
            done = subprocess.run(
                [sys.executable, "-c", TIMER.format(statement)], check=True, capture_output=True, text=True
            )
            taken[name].append(1000 * float(done.stdout))
    numpy = median(taken["import numpy"])
    figures = [Figure("import numpy", numpy, "ms")]
    for name in list(STATEMENTS)[1:]:
        goal = GOALS.get(name, "")
        figures.append(
            Figure(name, median(taken[name]), "ms", "import numpy", median(taken[name]) / numpy, goal)
        )
    return figures
