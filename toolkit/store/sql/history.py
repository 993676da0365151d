"""Which revisions a store has gone through: a restored backup may have others of the same numbers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, select

from .bulk import Prepared
from .schema import revisions

__all__ = ["is_known", "newest_revision", "token_of"]

_NEWEST = Prepared(
    select(revisions.c.revision, revisions.c.token).order_by(revisions.c.revision.desc()).limit(1)
)
_TOKEN = Prepared(
    select(revisions.c.token).where(revisions.c.revision == bindparam("revision", type_=BigInteger))
)


def newest_revision(connection: Connection) -> tuple[int, str]:
    """The store's revision and its token; ``(0, "")`` before the first."""
    found = _NEWEST.rows(connection)
    return (found[0][0], found[0][1]) if found else (0, "")


def token_of(connection: Connection, revision: int) -> str:
    """What was drawn for a revision when it was made; empty for one that is not there.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    revision : int
        Its number.
    """
    return next((token for (token,) in _TOKEN.rows(connection, revision=revision)), "")


def is_known(connection: Connection, revision: int, token: str) -> bool:
    """Whether the store went through this revision, not through one of the same number in another history.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    revision : int
        Its number.
    token : str
        What was drawn for it when it was made.
    """
    return revision == 0 or _TOKEN.rows(connection, revision=revision) == [(token,)]
