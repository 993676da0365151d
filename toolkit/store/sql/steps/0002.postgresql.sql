-- Indexes: names as they are typed, inputs by component. Some stores of step 1 have the first already.

CREATE INDEX IF NOT EXISTS concept_names_by_language ON concept_names (language, folded);

CREATE INDEX IF NOT EXISTS indexed_by_component ON indexed (component);
