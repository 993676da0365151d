-- The first tables. Frozen: a store that was made by this step exists; append a step instead.

CREATE TABLE concepts (
    key BIGSERIAL NOT NULL,
    id TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at FLOAT NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (id)
);

CREATE TABLE datasets (
    key BIGSERIAL NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (name)
);

CREATE TABLE deletions (
    kind TEXT NOT NULL,
    key BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE INDEX ix_deletions_revision ON deletions (revision);

CREATE TABLE inputs (
    key BIGSERIAL NOT NULL,
    id TEXT NOT NULL,
    uri TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    metadata TEXT,
    latitude FLOAT,
    longitude FLOAT,
    status TEXT NOT NULL,
    created_at FLOAT NOT NULL,
    modified_at FLOAT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (id)
);

CREATE INDEX ix_inputs_revision ON inputs (revision);

CREATE INDEX ix_inputs_sha256 ON inputs (sha256);

CREATE INDEX ix_inputs_uri ON inputs (uri);

CREATE TABLE models (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at FLOAT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE properties (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE queries (
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at FLOAT NOT NULL,
    modified_at FLOAT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE revisions (
    revision BIGSERIAL NOT NULL,
    token TEXT NOT NULL,
    created_at FLOAT NOT NULL,
    PRIMARY KEY (revision)
);

CREATE TABLE sources (
    key BIGSERIAL NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (name)
);

CREATE TABLE spaces (
    key BIGSERIAL NOT NULL,
    name TEXT NOT NULL,
    embedder TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (name)
);

CREATE TABLE concept_names (
    concept_key BIGINT NOT NULL,
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (concept_key, language, name),
    FOREIGN KEY(concept_key) REFERENCES concepts (key) ON DELETE CASCADE
);

CREATE INDEX concept_names_by_folded ON concept_names (folded, language);

CREATE TABLE concept_relations (
    subject_key BIGINT NOT NULL,
    predicate TEXT NOT NULL,
    object_key BIGINT NOT NULL,
    PRIMARY KEY (subject_key, predicate, object_key),
    FOREIGN KEY(subject_key) REFERENCES concepts (key) ON DELETE CASCADE,
    FOREIGN KEY(object_key) REFERENCES concepts (key) ON DELETE CASCADE
);

CREATE INDEX ix_concept_relations_object_key ON concept_relations (object_key);

CREATE TABLE dataset_inputs (
    dataset_key BIGINT NOT NULL,
    input_key BIGINT NOT NULL,
    PRIMARY KEY (dataset_key, input_key),
    FOREIGN KEY(dataset_key) REFERENCES datasets (key) ON DELETE CASCADE,
    FOREIGN KEY(input_key) REFERENCES inputs (key) ON DELETE CASCADE
);

CREATE INDEX ix_dataset_inputs_input_key ON dataset_inputs (input_key);

CREATE TABLE files (
    uri TEXT NOT NULL,
    size BIGINT NOT NULL,
    modified_ns BIGINT NOT NULL,
    input_key BIGINT,
    reason TEXT,
    seen_at FLOAT NOT NULL,
    PRIMARY KEY (uri),
    FOREIGN KEY(input_key) REFERENCES inputs (key) ON DELETE CASCADE
);

CREATE INDEX ix_files_input_key ON files (input_key);

CREATE TABLE indexed (
    input_key BIGINT NOT NULL,
    component TEXT NOT NULL,
    PRIMARY KEY (input_key, component),
    FOREIGN KEY(input_key) REFERENCES inputs (key) ON DELETE CASCADE
);

CREATE TABLE regions (
    key BIGSERIAL NOT NULL,
    id TEXT NOT NULL,
    input_key BIGINT NOT NULL,
    top_row FLOAT,
    left_col FLOAT,
    bottom_row FLOAT,
    right_col FLOAT,
    created_at FLOAT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (input_key, top_row, left_col, bottom_row, right_col),
    UNIQUE (id),
    FOREIGN KEY(input_key) REFERENCES inputs (key) ON DELETE CASCADE
);

CREATE INDEX ix_regions_input_key ON regions (input_key);

CREATE INDEX ix_regions_revision ON regions (revision);

CREATE TABLE thumbnails (
    input_key BIGINT NOT NULL,
    picture BYTEA NOT NULL,
    PRIMARY KEY (input_key),
    FOREIGN KEY(input_key) REFERENCES inputs (key) ON DELETE CASCADE
);

CREATE TABLE annotations (
    key BIGSERIAL NOT NULL,
    id TEXT NOT NULL,
    region_key BIGINT NOT NULL,
    source_key BIGINT NOT NULL,
    status TEXT NOT NULL,
    info TEXT,
    created_at FLOAT NOT NULL,
    modified_at FLOAT NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (id),
    FOREIGN KEY(region_key) REFERENCES regions (key) ON DELETE CASCADE,
    FOREIGN KEY(source_key) REFERENCES sources (key) ON DELETE CASCADE
);

CREATE INDEX ix_annotations_region_key ON annotations (region_key);

CREATE INDEX ix_annotations_source_key ON annotations (source_key);

CREATE TABLE embeddings (
    space_key BIGINT NOT NULL,
    region_key BIGINT NOT NULL,
    vector BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (space_key, region_key),
    FOREIGN KEY(space_key) REFERENCES spaces (key) ON DELETE CASCADE,
    FOREIGN KEY(region_key) REFERENCES regions (key) ON DELETE CASCADE
);

CREATE INDEX embeddings_by_revision ON embeddings (space_key, revision, region_key);

CREATE INDEX ix_embeddings_region_key ON embeddings (region_key);

CREATE TABLE annotation_concepts (
    annotation_key BIGINT NOT NULL,
    concept_key BIGINT NOT NULL,
    value FLOAT NOT NULL,
    PRIMARY KEY (annotation_key, concept_key),
    CHECK (value >= 0 AND value <= 1),
    FOREIGN KEY(annotation_key) REFERENCES annotations (key) ON DELETE CASCADE,
    FOREIGN KEY(concept_key) REFERENCES concepts (key) ON DELETE CASCADE
);

CREATE INDEX ix_annotation_concepts_concept_key ON annotation_concepts (concept_key);

-- What lies beside a store must tell it from another that came to the same place later.
INSERT INTO properties (name, value)
VALUES ('store_id', '"' || left(replace(gen_random_uuid()::text, '-', ''), 16) || '"');
