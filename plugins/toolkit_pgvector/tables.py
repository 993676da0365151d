"""The tables of the engine: one says which spaces there are and how far they have come, and each space has its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from toolkit.plugins import FloatArray, IntArray, StoreError

from .copying import copied

__all__ = ["Extension", "Table", "array_text", "extension", "require_extension", "vector_text"]

SPACES = "pgvector_spaces"
MOST_INDEXED = 2000  # numbers of a vector that pgvector's HNSW takes
WORTH_AN_INDEX = 10_000  # vectors: fewer are compared one by one in a few milliseconds
INSTALL = "https://github.com/pgvector/pgvector#installation"


@dataclass(frozen=True, slots=True)
class Extension:
    """Where the extension's names are: other schemas than the collection's may be searched for them, or not.

    Parameters
    ----------
    schema : str
        Quoted where it needs to be.
    """

    schema: str

    def distance(self, query: str) -> str:
        """The inner product with a parameter, negative, as SQL: what the index orders by."""
        return f"(vector OPERATOR({self.schema}.<#>) CAST(:{query} AS {self.schema}.vector))"


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a space.

    Parameters
    ----------
    name : str
        Of the table.
    revision : str
        How far it has come.
    dimension : int
        d.
    """

    name: str
    revision: str
    dimension: int

    @classmethod
    def of(cls, connection: Connection, space: str) -> Table | None:
        """The table of a space; None if there is none.

        Parameters
        ----------
        connection : Connection
            To the collection's database.
        space : str
            The name of the space.
        """
        if connection.scalar(text(f"SELECT to_regclass('{SPACES}')")) is None:
            return None
        chosen = text(f"SELECT number, revision, dimension FROM {SPACES} WHERE space = :space")
        found = connection.execute(chosen, {"space": space}).one_or_none()
        return None if found is None else cls(_table_name(found.number), found.revision, found.dimension)

    @classmethod
    def made(cls, connection: Connection, space: str, dimension: int) -> Table:
        """An empty table for a space, in the place of any other.

        Parameters
        ----------
        connection : Connection
            Inside a transaction that writes.
        space : str
            The name of the space.
        dimension : int
            d.
        """
        there = extension(connection)
        connection.exec_driver_sql(
            f"CREATE TABLE IF NOT EXISTS {SPACES} (space text PRIMARY KEY, number bigserial, "
            "revision text NOT NULL, dimension integer NOT NULL)"
        )
        if earlier := cls.of(connection, space):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {earlier.name}")
            connection.execute(text(f"DELETE FROM {SPACES} WHERE space = :space"), {"space": space})
        new = text(
            f"INSERT INTO {SPACES} (space, revision, dimension) VALUES (:space, '', :dimension) RETURNING number"
        )
        name = _table_name(connection.execute(new, {"space": space, "dimension": dimension}).scalar_one())
        connection.exec_driver_sql(
            f"CREATE TABLE {name} (key bigint PRIMARY KEY, vector {there.schema}.vector({dimension}) NOT NULL)"
        )
        # A vector is read from where its row is: looked up elsewhere, comparing takes three times as long.
        connection.exec_driver_sql(f"ALTER TABLE {name} ALTER COLUMN vector SET STORAGE PLAIN")
        return cls(name, "", dimension)

    def put(self, connection: Connection, keys: IntArray, vectors: FloatArray) -> None:
        """Write vectors of keys that have none.

        Parameters
        ----------
        connection : Connection
            Inside a transaction that writes.
        keys : int64 (m,)
            Of regions.
        vectors : float32 (m, d)
            Unit vectors.
        """
        driver = connection.connection.cursor()
        into = f"COPY {self.name} (key, vector) FROM STDIN (FORMAT BINARY)"
        with driver as cursor, cursor.copy(into) as copy:  # type: ignore[attr-defined]
            copy.write(copied(keys, vectors))

    def remove(self, connection: Connection, keys: IntArray) -> None:
        """Delete the vectors of some keys.

        Parameters
        ----------
        connection : Connection
            Inside a transaction that writes.
        keys : int64 (k,)
            Of regions.
        """
        chosen = text(f"DELETE FROM {self.name} WHERE key = ANY(CAST(:keys AS bigint[]))")
        connection.execute(chosen, {"keys": array_text(keys.tolist())})

    def index(self, connection: Connection) -> None:
        """Make the HNSW graph of the table, if it is large enough and has none.

        Parameters
        ----------
        connection : Connection
            Inside a transaction that writes.
        """
        there = extension(connection)
        count = connection.execute(text(f"SELECT count(*) FROM {self.name}")).scalar_one()
        if count >= WORTH_AN_INDEX and self.dimension <= MOST_INDEXED and not self.is_indexed(connection):
            connection.exec_driver_sql(
                f"CREATE INDEX {self.name}_hnsw ON {self.name} USING hnsw (vector {there.schema}.vector_ip_ops)"
            )
            connection.exec_driver_sql(f"ANALYZE {self.name}")

    def is_indexed(self, connection: Connection) -> bool:
        """Whether the table has its graph."""
        return connection.scalar(text(f"SELECT to_regclass('{self.name}_hnsw')")) is not None


def extension(connection: Connection) -> Extension:
    """The extension; made if the server has it.

    Raises
    ------
    StoreError
        It may not be made by this user.
    """
    if (there := _extension(connection)) is not None:
        return there
    try:
        connection.exec_driver_sql("CREATE EXTENSION vector SCHEMA public")
    except DBAPIError as error:
        raise StoreError(
            f"this user may not make the extension that the engine 'pgvector' needs ({error.orig}); ask the owner of "
            "the database to type CREATE EXTENSION vector SCHEMA public;"
        ) from error
    return Extension("public")


def require_extension(connection: Connection) -> None:
    """Nothing, where the extension can be had.

    Raises
    ------
    StoreError
        The collection is not on PostgreSQL, or the server has no pgvector.
    """
    if connection.dialect.name != "postgresql":
        raise StoreError(
            "the engine 'pgvector' is for collections on PostgreSQL; open one by its address, "
            "postgresql+psycopg://..., or choose an engine that needs no server"
        )
    available = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
    if connection.scalar(available) is None:
        raise StoreError(
            f"this PostgreSQL server has no pgvector: install it there as {INSTALL} says, such as by "
            "apt install postgresql-17-pgvector, then type CREATE EXTENSION vector SCHEMA public;"
        )


def array_text(values: Sequence[int]) -> str:
    """Whole numbers as PostgreSQL writes an array of them."""
    return f"{{{','.join(map(str, values))}}}"


def vector_text(vector: FloatArray) -> str:
    """A vector float32 (d,) as pgvector writes one."""
    return f"[{','.join(map(repr, vector.tolist()))}]"


def _extension(connection: Connection) -> Extension | None:
    named = (
        "SELECT CAST(CAST(extnamespace AS regnamespace) AS text) FROM pg_extension WHERE extname = 'vector'"
    )
    schema = connection.scalar(text(named))
    return None if schema is None else Extension(str(schema))


def _table_name(number: int) -> str:
    return f"pgvector_{number}"
