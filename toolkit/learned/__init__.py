"""What is learned from a collection: concepts from labels, and reductions of a space."""
