"""Cosines, the best k, and the similarity indexes of a collection."""
