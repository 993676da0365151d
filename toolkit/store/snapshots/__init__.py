"""Snapshots: the arrays of one revision, read from the tables, caught up and cached beside the store."""
