"""The query language on one screen."""

from __future__ import annotations

from typing import Final

__all__ = ["HELP"]

HELP: Final = """\
A query is made of terms; operators between them have spaces around:

  concept:dog - concept:cat + 2*image:./query.jpg
  concept:犬@ja & ~concept:'hot dog' & where[dataset=holiday]
  concept:person >= 0.8 & image:https://example.org/a.jpg?w=1&h=2

Terms
  ranker:subject     the subject ends at a space, a quote, or ( ) [ ] < > | *
  ranker:'a b.jpg'   in quotes everything counts; a quote twice is one quote
  dog  'hot dog'     a name alone is a concept
  a red car          several words with nothing of the language between them
                     are plain words: text:'a red car'
  query.jpg          a file that is there, or a URL, is image:query.jpg
  concept:犬@ja      @ gives a concept's language, and the box on an image:
                     image:a.jpg@0.1,0,0.5,1 (in photo@2x.jpg it fits neither
                     and belongs to the name)
  concept:dog[value=0, language=en]
                     options: JSON values; words need no quotes
  where[dataset=x]   a term without a subject
  embedding[[1, 0]]  a subject that is no text, as JSON
  image:{photo}      a slot that each topic fills: topic.photo

Operators, the tightest first
  a ** 2             weight, as written inside & and |
  2*a  ~a  -a        weight; the contrary
  a >= 0.8           a filter by score; also > <= <
  a + b  a - b       the mean of both; a - b is a + ~b
  a >> b             the best 100 of a, ranked again by b, which looks at
                     nothing else; a >>[k=50] b: the best 50
  a & b              both
  a | b              either
  (a | b) & c        parentheses group
  fuse[method=rrf, k=60](a, b)
                     method: rrf, borda, sum, product, min, max, ...
                     norm: minmax, zscore, ...: see toolkit plugins
                     missing: zero, worst, drop
"""
