"""The tables, as of the newest migration. One row of `regions` is one *row* of the rankings.

Times are seconds since 1970, UTC. Keys are integers in order of creation; ids are public names.
`revision` says in which committed write a row last changed: a snapshot reads only what is newer than its own.
Whatever changes about a region's annotations advances the region's revision: regions are the unit of change.
"""

# No `from __future__ import annotations` here: it would share its name with a table.
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

__all__ = ["metadata"]

metadata = MetaData()
# SQLite only aliases its rowid to a column declared exactly INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


def _owner(column: str, of: str, *, index: bool = False, primary_key: bool = False) -> Column[int]:
    """Say that this row goes when the row it points to goes."""
    return Column(
        column, Key, ForeignKey(of, ondelete="CASCADE"), nullable=False, index=index, primary_key=primary_key
    )


properties = Table(
    "properties",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

revisions = Table(
    "revisions",
    metadata,
    Column("revision", Key, primary_key=True, autoincrement=True),
    Column("token", Text, nullable=False),  # random: tells a restored backup from the history a cache knew
    Column("created_at", Float, nullable=False),
    sqlite_autoincrement=True,
)

inputs = Table(
    "inputs",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("uri", Text, nullable=False, index=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("metadata", Text),  # JSON object, keys sorted, no blanks
    Column("latitude", Float),
    Column("longitude", Float),
    Column("status", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("modified_at", Float, nullable=False),
    Column("revision", Key, nullable=False, index=True),
    sqlite_autoincrement=True,
)

thumbnails = Table(
    "thumbnails",
    metadata,
    _owner("input_key", "inputs.key", primary_key=True),
    Column("picture", LargeBinary, nullable=False),  # JPEG, re-encoded by us
)

# What was seen of a file: so that adding a folder again reads nothing that has not changed, and so that every place
# of a content is known. A path below the folder of an embedded store begins with "./", here and in `inputs`.
files = Table(
    "files",
    metadata,
    Column("uri", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("modified_ns", BigInteger, nullable=False),
    Column("sha256", Text, index=True),  # of the content that was there; null where nothing could be read
    Column("reason", Text),  # why it could not be read; null when it could
    Column("seen_at", Float, nullable=False),
)

datasets = Table(
    "datasets",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
)

dataset_inputs = Table(
    "dataset_inputs",
    metadata,
    _owner("dataset_key", "datasets.key", primary_key=True),
    _owner("input_key", "inputs.key", primary_key=True, index=True),
)

regions = Table(
    "regions",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    _owner("input_key", "inputs.key", index=True),
    Column("top_row", Float),  # all four null: the input as a whole
    Column("left_col", Float),
    Column("bottom_row", Float),
    Column("right_col", Float),
    Column("created_at", Float, nullable=False),
    Column("revision", Key, nullable=False, index=True),
    UniqueConstraint("input_key", "top_row", "left_col", "bottom_row", "right_col"),
    sqlite_autoincrement=True,
)

sources = Table(
    "sources",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),  # human:<user> or model:<name>@<version>
)

annotations = Table(
    "annotations",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    _owner("region_key", "regions.key", index=True),
    _owner("source_key", "sources.key", index=True),
    Column("status", Text, nullable=False),
    Column("info", Text),  # JSON object
    Column("created_at", Float, nullable=False),
    Column("modified_at", Float, nullable=False),
    sqlite_autoincrement=True,
)

concepts = Table(
    "concepts",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("definition", Text, nullable=False),
    Column("created_at", Float, nullable=False),
)

concept_names = Table(
    "concept_names",
    metadata,
    _owner("concept_key", "concepts.key", primary_key=True),
    Column("language", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("folded", Text, nullable=False),  # NFKC and case folded, what a name is looked up by
    Column("position", Integer, nullable=False),  # 0 is the preferred name
    Index("concept_names_by_folded", "folded", "language"),
    Index("concept_names_by_language", "language", "folded"),  # what is typed so far, in one language
)

concept_relations = Table(
    "concept_relations",
    metadata,
    _owner("subject_key", "concepts.key", primary_key=True),
    Column("predicate", Text, primary_key=True),  # hypernym, hyponym or synonym
    _owner("object_key", "concepts.key", primary_key=True, index=True),
)

annotation_concepts = Table(
    "annotation_concepts",
    metadata,
    _owner("annotation_key", "annotations.key", primary_key=True),
    _owner("concept_key", "concepts.key", primary_key=True, index=True),
    Column("value", Float, nullable=False),
    Column("position", Integer),  # from 1, of what a person says; null elsewhere
    CheckConstraint("value >= 0 AND value <= 1"),
)

spaces = Table(
    "spaces",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),  # embedder@version
    Column("embedder", Text, nullable=False),  # the specification that makes the embedder again
    Column("dimension", Integer, nullable=False),
    sqlite_autoincrement=True,  # the key of a deleted space is not given to another
)

embeddings = Table(
    "embeddings",
    metadata,
    _owner("space_key", "spaces.key", primary_key=True),
    _owner("region_key", "regions.key", primary_key=True, index=True),
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian, unit length
    Column("revision", Key, nullable=False),
    # The order in which a snapshot keeps vectors: reading a space whole, or only what is new, sorts nothing.
    Index("embeddings_by_revision", "space_key", "revision", "region_key"),
)

# Which component has run over which input, whether or not it had anything to say.
indexed = Table(
    "indexed",
    metadata,
    _owner("input_key", "inputs.key", primary_key=True),
    Column("component", Text, primary_key=True),  # embedder:pixels@1, detector:proposals@1
    Index("indexed_by_component", "component"),  # counted whenever pictures are added
)

models = Table(
    "models",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),  # JSON: coefficients are numbers, never pickles
    Column("created_at", Float, nullable=False),
)

queries = Table(
    "queries",
    metadata,
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False),  # JSON
    Column("created_at", Float, nullable=False),
    Column("modified_at", Float, nullable=False),
)

# Keys that are gone, for snapshots that still have them.
deletions = Table(
    "deletions",
    metadata,
    Column("kind", Text, primary_key=True),  # inputs, regions or spaces
    Column("key", Key, primary_key=True),
    Column("revision", Key, nullable=False, index=True),
)
