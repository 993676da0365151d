"""New collections run the pixel workflow, but for tests that ask for the usual one: they are quicker.

Where everything that tests need is there, a test that is skipped is a failure.

``TOOLKIT_NO_SKIPS=1`` says so; `.ci/run` sets it where the shared photos are beside the checkout.
"""

import os

import pytest

os.environ["TOOLKIT_WORKFLOW"] = "pixels"
STRICT = os.environ.get("TOOLKIT_NO_SKIPS") == "1"
ALLOWED = ("permissions",)  # nothing is forbidden to root, so such tests cannot run as root


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not any(word in reason for word in ALLOWED):
            report.outcome = "failed"
            report.longrepr = f"skipped, though everything it needs should be here: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if STRICT and report.skipped:
        report.outcome = "failed"
    return report


@pytest.fixture
def usual_workflow(monkeypatch):
    """What a person gets who installs the toolkit and chooses nothing."""
    monkeypatch.delenv("TOOLKIT_WORKFLOW")
