"""What can be added: files, folders, patterns, URLs, bytes, pictures, rows, tables, and lists of these."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import Importer, hookimpl

from .addresses import AddressImporter
from .lists import ListImporter
from .paths import FileImporter, FolderImporter, PatternImporter
from .tables import RowImporter, TableImporter
from .values import RecordImporter, ValueImporter

__all__ = ["toolkit_importers"]


@hookimpl
def toolkit_importers() -> Sequence[Importer]:
    """Importers; no origin is accepted by two of them, so their order does not matter."""
    return [
        FileImporter(),
        FolderImporter(),
        PatternImporter(),
        AddressImporter(),
        ValueImporter(),
        RecordImporter(),
        RowImporter(),
        TableImporter(),
        ListImporter(),
    ]
