-- A file is a place of a content, not of one input: several inputs may share a content, and a content has many places.

CREATE TABLE files_by_content (
    uri TEXT NOT NULL,
    size BIGINT NOT NULL,
    modified_ns BIGINT NOT NULL,
    sha256 TEXT,
    reason TEXT,
    seen_at FLOAT NOT NULL,
    PRIMARY KEY (uri)
);

INSERT INTO files_by_content
SELECT files.uri, files.size, files.modified_ns, inputs.sha256, files.reason, files.seen_at
FROM files LEFT JOIN inputs ON inputs."key" = files.input_key;

DROP TABLE files;

ALTER TABLE files_by_content RENAME TO files;

CREATE INDEX ix_files_sha256 ON files (sha256);
