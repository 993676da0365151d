"""From the scores of terms to the score of a query: the operators, the fusion methods, the score convention."""
