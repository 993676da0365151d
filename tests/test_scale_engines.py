"""`python -m bench --only scale_engines` at a small size."""

from bench.scale_engines import CHANGED, QUERIES, run
from bench.similarity import clustered


def test_the_engine_that_compares_everything_reaches_every_goal():
    figures = list(run(1200, ("exact",), clustered(1200 + CHANGED + QUERIES, 16)))
    assert [figure.name for figure in figures if figure.reached is False] == []
    assert sum(figure.reached is True for figure in figures) == 7
