"""The contract of an importer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..plugins.interfaces import Importer, Record
from ..plugins.registry import Registry
from ..values.confidence import is_confidence

__all__ = ["ImporterContract"]


class ImporterContract:
    """Tests of what every importer promises; subclass it, set `importer` and write `origin`.

    Attributes
    ----------
    importer : Importer
        What is tested.
    """

    importer: Importer

    def origin(self, tmp_path: Path) -> object:
        """Something it reads, with one record at least, made in an empty folder."""
        raise NotImplementedError

    def test_it_can_be_registered(self) -> None:
        registry = Registry()
        registry.add(self.importer, kind="importers")
        assert list(registry.importers) == [self.importer.name]

    def test_it_accepts_its_source(self, tmp_path: Path) -> None:
        assert self.importer.accepts(self.origin(tmp_path)) is True

    def test_it_says_yes_or_no_to_anything(self, tmp_path: Path) -> None:
        strange: Sequence[object] = (
            None,
            7,
            0.5,
            b"",
            "",
            "\0",
            "a" * 10_000,
            object(),
            [],
            {},
            tmp_path / "not there",
        )
        assert all(isinstance(self.importer.accepts(origin), bool) for origin in strange)

    def test_it_leaves_what_is_not_its_own_to_others(self) -> None:
        for origin in (None, 7, object()):
            assert self.importer.accepts(origin) is False, f"it takes {origin!r} from every other importer"

    def test_records_come_one_by_one(self, tmp_path: Path) -> None:
        records = self.importer.records(self.origin(tmp_path))
        assert isinstance(records, Iterator)
        assert isinstance(next(records), Record)

    def test_every_record_can_be_added(self, tmp_path: Path) -> None:
        for record in self.importer.records(self.origin(tmp_path)):
            assert isinstance(record, Record)
            assert isinstance(record.origin, str | bytes)
            assert record.origin
            said = [record.concepts, *(region.concepts for region in record.regions)]
            assert all(is_confidence(value) for concepts in said for value in concepts.values()), record

    def test_reading_twice_gives_the_same_records(self, tmp_path: Path) -> None:
        origin = self.origin(tmp_path)
        assert list(self.importer.records(origin)) == list(self.importer.records(origin))
