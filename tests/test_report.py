"""Reports add up, in whatever groups the runs they are of are taken."""

from __future__ import annotations

from functools import reduce
from operator import add

from hypothesis import given
from hypothesis import strategies as st

from toolkit.indexing.report import Failure, Report

COUNT = st.integers(0, 1000)
FAILURES = st.lists(st.builds(Failure, st.text(max_size=5), st.text(max_size=5)), max_size=3).map(sorted)
REPORTS = st.builds(
    Report,
    added=COUNT,
    skipped=COUNT,
    indexed=COUNT,
    failed=FAILURES.map(tuple),
    seconds=COUNT.map(float),
    notes=st.lists(st.text(max_size=5), max_size=2).map(tuple),
)


@given(st.lists(REPORTS))
def test_several_runs_are_one(reports):
    one = Report.of(iter(reports))
    for count in ("added", "skipped", "indexed", "seconds"):
        assert getattr(one, count) == sum(getattr(each, count) for each in reports)
    assert one.failed == tuple(sorted(failure for each in reports for failure in each.failed))
    assert one.notes == tuple(note for each in reports for note in each.notes)


@given(st.lists(REPORTS, min_size=1))
def test_adding_them_one_by_one_is_the_same(reports):
    assert reduce(add, reports, Report()) == Report.of(reports)
    assert Report() + reports[0] == reports[0] == reports[0] + Report()
