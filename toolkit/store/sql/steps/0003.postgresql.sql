-- A file is a place of a content, not of one input: several inputs may share a content, and a content has many places.

ALTER TABLE files ADD COLUMN sha256 TEXT;

UPDATE files SET sha256 = inputs.sha256 FROM inputs WHERE inputs."key" = files.input_key;

ALTER TABLE files DROP COLUMN input_key;

CREATE INDEX ix_files_sha256 ON files (sha256);
