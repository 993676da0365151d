"""What ``import toolkit`` costs beside ``import numpy``."""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory

from .figure import Figure

__all__ = ["run"]

OPENING = "import toolkit, and what opening a collection needs"
DATABASE = "NumPy and SQLAlchemy with SQLite's dialect"
STATEMENTS = {
    "import numpy": "import numpy",
    DATABASE: "import numpy, sqlalchemy, sqlalchemy.dialects.sqlite",
    "import toolkit": "import toolkit",
    OPENING: "import toolkit; toolkit.open",
    "toolkit and every plugin": "import toolkit.plugins.registry; toolkit.plugins.registry.Registry.discover()",
}
GOALS = {"import toolkit": "<= 3", OPENING: "<= 3"}
# Processor time of the process itself, so that starting Python is not counted, nor what else the machine does.
TIMER = "import time; start = time.process_time(); {}; print(time.process_time() - start)"
REPEATS = 7


def run(rows: int) -> list[Figure]:
    taken: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    with TemporaryDirectory() as compiled:
        for statement in STATEMENTS.values():  # compiles what it imports
            _milliseconds(statement, compiled)
        for _ in range(REPEATS):
            for name, statement in STATEMENTS.items():
                taken[name].append(_milliseconds(statement, compiled))
    numpy = median(taken["import numpy"])
    figures = [Figure("import numpy", numpy, "ms")]
    for name in list(STATEMENTS)[1:]:
        goal = GOALS.get(name, "")
        figures.append(
            Figure(name, median(taken[name]), "ms", "import numpy", median(taken[name]) / numpy, goal)
        )
    return figures


def _milliseconds(statement: str, compiled: str) -> float:
    """What a statement takes in a process of its own, with every module compiled, as an installer leaves them."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", TIMER.format(statement)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return 1000 * float(done.stdout)
