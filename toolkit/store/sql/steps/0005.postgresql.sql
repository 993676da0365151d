-- The concepts of what a person says stay in the order in which they were written.

ALTER TABLE annotation_concepts ADD COLUMN position INTEGER;
