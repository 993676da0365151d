"""How good a ranking is: measures, and retrieval over labeled vectors."""
