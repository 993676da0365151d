"""What the inputs of a query have in common: words with counts, numbers as bars, and the filters they become."""

from .chosen import Chosen, joined, split
from .count import FacetCounter, Facets
from .filters import Value
from .values import Bars, Facet, FacetRow

__all__ = ["Bars", "Chosen", "Facet", "FacetCounter", "FacetRow", "Facets", "Value", "joined", "split"]
