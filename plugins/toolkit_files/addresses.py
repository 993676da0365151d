"""Folders and patterns in object stores: ``s3://bucket/photos/``, ``s3://bucket/**/*.jpg``."""

from __future__ import annotations

from collections.abc import Iterator
from glob import has_magic
from pathlib import PurePosixPath

from toolkit.plugins import InputError, Record, in_object_store, remote_files

from .paths import EXTENSIONS

__all__ = ["AddressImporter"]


class AddressImporter:
    """The pictures below an address that ends in a slash, or those whose addresses match a pattern."""

    name = "address"

    def accepts(self, origin: object) -> bool:
        """Whether it is the address of a bucket, or of more than one thing in it."""
        return isinstance(origin, str) and in_object_store(origin) and _is_of_many(origin)

    def records(self, origin: object) -> Iterator[Record]:
        """A record per picture, in the order of names; as of folders and patterns of files.

        Raises
        ------
        InputError
            Nothing is there, or it cannot be reached now.
        """
        address = str(origin)
        wanted = PurePosixPath(address).name if has_magic(address) else ""
        ending = PurePosixPath(wanted).suffix
        any_ending = bool(ending) and not has_magic(ending)
        found = [
            one
            for one in remote_files(address)
            if (any_ending or PurePosixPath(one).suffix.lower() in EXTENSIONS)
            and (wanted.startswith(".") or not PurePosixPath(one).name.startswith("."))
        ]
        if not found:
            raise InputError(address, "no picture is there")
        yield from map(Record, found)


def _is_of_many(address: str) -> bool:
    return has_magic(address) or address.endswith("/") or "/" not in address.partition("://")[2]
