"""What has changed in a space: for copies of its vectors that are kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import BigInteger, bindparam, select, tuple_

from ...values.types import FloatArray, IntArray
from ..sql.bulk import Prepared
from ..sql.history import is_known, newest_revision, token_of
from ..sql.keys import required
from ..sql.schema import deletions, embeddings, properties, spaces
from ..sql.vectors import matrix_of
from .access import Reader

__all__ = ["SpaceChangeReader", "SpaceChanges", "SpaceRevision"]

ALL = 2**63 - 1  # after every region


@dataclass(frozen=True, slots=True)
class SpaceRevision:
    """How far a copy of a space has come: vectors are copied in the order of their revisions, then of their regions.

    Parameters
    ----------
    store : str
        The random name of the store.
    space : int
        The key of the space: one that is deleted and made anew has another.
    revision : int
        The revision that the copy has reached.
    token : str
        Drawn at random for that revision: a restored backup makes another one of the same number.
    region : int
        The last region copied of those embedded in that revision; `ALL` once it has them all.

    Examples
    --------
    >>> reached = SpaceRevision("5f0c", 1, 7, "a81e")
    >>> SpaceRevision.read(str(reached)) == reached
    True
    """

    store: str
    space: int
    revision: int = 0
    token: str = ""
    region: int = ALL

    @classmethod
    def read(cls, text: str) -> SpaceRevision | None:
        """The revision that a text of one says; None if it is none."""
        try:
            store, space, revision, token, region = text.split("/")
            return cls(store, int(space), int(revision), token, int(region))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.store}/{self.space}/{self.revision}/{self.token}/{self.region}"


@dataclass(frozen=True, slots=True, eq=False)
class SpaceChanges:
    """Some of what a copy of a space lacks.

    Parameters
    ----------
    keys : int64 (m,)
        Of the regions that were embedded, or embedded anew, each once.
    vectors : float32 (m, d)
        Their unit vectors.
    deleted : int64 (k,)
        Keys of regions that are gone, whether or not the copy had them.
    revision : SpaceRevision
        How far a copy has come that has these.
    is_last : bool
        Whether it then has everything there is.
    """

    keys: IntArray
    vectors: FloatArray
    deleted: IntArray
    revision: SpaceRevision
    is_last: bool

    @property
    def is_empty(self) -> bool:
        """Whether a copy stays as it is."""
        return not len(self.keys) and not len(self.deleted)


class SpaceChangeReader(Reader):
    """What can be read about the changes of a space."""

    def newest(self) -> tuple[int, str]:
        """The newest revision of the store and its token; ``(0, "")`` before the first."""
        with self._read() as connection:
            return newest_revision(connection)

    def start(self, space: str) -> SpaceRevision:
        """Where a copy of a space begins.

        Raises
        ------
        UnknownNameError
            If there is no such space.
        """
        with self._read() as connection:
            (key,) = required(connection, spaces.c.name, [space], kind="space")
            return SpaceRevision(_store_id(_STORE.rows(connection)), key)

    def knows(self, reached: SpaceRevision) -> bool:
        """Whether this store went through a revision: not another store, nor one that a backup has replaced."""
        with self._read() as connection:
            return is_known(connection, reached.revision, reached.token)

    def after(self, reached: SpaceRevision, size: int) -> SpaceChanges:
        """What a copy lacks that has come so far, a part of it where it is much.

        Parameters
        ----------
        reached : SpaceRevision
            A revision that the store knows.
        size : int
            The most vectors at a time.

        Raises
        ------
        StoreError
            If a vector that is stored is not as long as those of its space.
        """
        with self._read() as connection:
            rows = _AFTER.rows(
                connection, space=reached.space, revision=reached.revision, region=reached.region, size=size
            )
            ((name, dimension),) = _SPACE.rows(connection, space=reached.space)
            is_last = len(rows) < size
            if is_last:
                (revision, token), region = newest_revision(connection), ALL
            else:
                region, revision, _ = rows[-1]
                token = token_of(connection, revision)
            # Some regions of the revision reached may have been deleted in it, before the copy has come to its end.
            since = reached.revision if reached.region == ALL else reached.revision - 1
            gone = _GONE.rows(connection, since=since) if reached.revision else []
        return SpaceChanges(
            np.array([key for key, _, _ in rows], np.int64),
            matrix_of([vector for _, _, vector in rows], name, dimension),
            np.array([key for (key,) in gone], np.int64),
            SpaceRevision(reached.store, reached.space, revision, token, region),
            is_last,
        )


def _store_id(rows: list[tuple[str]]) -> str:
    return rows[0][0].strip('"')


_of = embeddings.c
_STORE = Prepared(select(properties.c.value).where(properties.c.name == "store_id"))
_SPACE = Prepared(
    select(spaces.c.name, spaces.c.dimension).where(spaces.c.key == bindparam("space", type_=BigInteger))
)
_GONE = Prepared(
    select(deletions.c.key).where(
        deletions.c.kind == "regions", deletions.c.revision > bindparam("since", type_=BigInteger)
    )
)
_AFTER = Prepared(
    select(_of.region_key, _of.revision, _of.vector)
    .where(
        _of.space_key == bindparam("space", type_=BigInteger),
        tuple_(_of.revision, _of.region_key)
        > tuple_(bindparam("revision", type_=BigInteger), bindparam("region", type_=BigInteger)),
    )
    .order_by(_of.revision, _of.region_key)
    .limit(bindparam("size", type_=BigInteger))
)
