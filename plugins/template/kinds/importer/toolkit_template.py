"""The `template` importer: pictures listed in a file, a path in each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from toolkit.plugins import Importer, InputError, Record, hookimpl

__all__ = ["TemplateImporter"]

ENDING = ".lst"


class TemplateImporter:
    """Reads the pictures that a file names."""

    name = "template"

    def accepts(self, origin: object) -> bool:
        """Whether it is the path of a list; cheap, and False for whatever is another importer's."""
        return isinstance(origin, str | Path) and str(origin).endswith(ENDING)

    def records(self, origin: object) -> Iterator[Record]:
        """A record for each line, with whatever else is known of the picture.

        Raises
        ------
        InputError
            The list as a whole cannot be read.
        """
        path = Path(str(origin))
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise InputError(str(path), str(error)) from error
        for line in filter(None, map(str.strip, lines)):
            yield Record(str(path.parent / line), metadata={"list": path.name})


@hookimpl
def toolkit_importers() -> Sequence[Importer]:
    """Give the toolkit its importers."""
    return [TemplateImporter()]
