"""Where a test and the processes that it starts find what a user's machine keeps: empty folders of their own."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The temporary folder of the machine, for what must not lie among pytest's.
SHARED = tempfile.gettempdir()
# What programs look at before the home directory, and what this toolkit reads.
ELSEWHERE = ("JUPYTER", "TOOLKIT_BLOCK", "TOOLKIT_TRACE", "WN_", "XDG_")


@contextmanager
def home(folder: Path) -> Iterator[None]:
    """Have a folder be the home directory, of this process and of those it starts, with its own temporary folder."""
    (folder / "tmp").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(ELSEWHERE)]:
            patch.delenv(name)
        patch.setenv("HOME", str(folder))
        patch.setenv("TMPDIR", str(folder / "tmp"))
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        if "wn" in sys.modules:  # it asked for the home directory once, when it was imported
            patch.setattr(sys.modules["wn"].config, "data_directory", folder / ".wn_data")
        yield
