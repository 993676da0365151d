"""The description of the package: README.md, with links that lead somewhere from a page outside the repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(!?)(\[[^\]]*\]\()(?![a-z]+:|#)([^)\s]+)")


def absolute(text: str, source: str) -> str:
    """The text with links to files of the repository as links to where it is published.

    Parameters
    ----------
    text : str
        Markdown.
    source : str
        The address of the repository.
    """
    of = {"!": f"{source}/raw/main/", "": f"{source}/blob/main/"}
    return LINK.sub(lambda found: f"{found[1]}{found[2]}{of[found[1]]}{found[3]}", text)


class ReadmeHook(MetadataHookInterface):
    """Fills in ``project.readme``."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the description."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        described = absolute(text, metadata["urls"]["Source"])
        metadata["readme"] = {"content-type": "text/markdown", "text": described}
