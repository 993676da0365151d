"""Anything that can be iterated, of everything else this plugin reads."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping

from toolkit.plugins import Failure, Importer, InputError, Record

from .addresses import AddressImporter
from .origins import origin_of
from .paths import FileImporter, FolderImporter, PatternImporter
from .rows import record_or_failure
from .tables import TableImporter
from .values import RecordImporter, ValueImporter

__all__ = ["ListImporter"]

_ONE: tuple[Importer, ...] = (FileImporter(), ValueImporter())
_MANY: tuple[Importer, ...] = (
    RecordImporter(),
    FolderImporter(),
    PatternImporter(),
    AddressImporter(),
    TableImporter(),
)


class ListImporter:
    """A list, generator, Series or stack of arrays of anything this plugin reads, lists included."""

    name = "list"

    def accepts(self, origin: object) -> bool:
        """Whether it can be iterated and no other importer of this plugin reads it."""
        whole = isinstance(origin, str | os.PathLike | Mapping | io.IOBase)
        return isinstance(origin, Iterable) and not whole and _reader(origin, (*_ONE, *_MANY)) is None

    def records(self, origin: object) -> Iterator[Record | Failure]:
        """The records of every item in turn, lazily.

        A path that is not there is a record all the same, and a row that cannot be read is a failure: the collection
        reports them, and the rest go on.

        Raises
        ------
        InputError
            An item is none of these things; with its number from 0.
        """
        if isinstance(origin, Iterable):
            for number, item in enumerate(origin):
                yield from self._item(item, f"<item {number}>")

    def _item(self, item: object, name: str) -> Iterator[Record | Failure]:
        if isinstance(item, Mapping):
            yield record_or_failure(item, name=name)
        elif _reader(item, _ONE):
            yield _record(item, name)
        elif importer := _reader(item, (*_MANY, self)):
            yield from importer.records(item)
        else:
            raise InputError(name, f"neither a picture nor a list of them: {type(item).__name__}")


def _reader(origin: object, importers: Iterable[Importer]) -> Importer | None:
    return next((importer for importer in importers if importer.accepts(origin)), None)


def _record(item: object, name: str) -> Record:
    try:
        return Record(origin_of(item))
    except InputError as error:
        raise InputError(name, error.reason) from error
