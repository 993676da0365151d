"""Every test has a home directory of its own; and where all that tests need is there, none is skipped.

New collections run the pixel workflow, but for tests that ask for the usual one: it is quicker.

``TOOLKIT_NO_SKIPS=1`` makes a test that is skipped a failure; `.ci/run` sets it where the shared photos are
beside the checkout.
"""

import itertools
import os

import pytest
from databases import other_server_url, server, server_url, store, target
from homes import home
from hypothesis import HealthCheck, settings
from shell_words import checked_errors

from toolkit.plugins.registry import default, registry

__all__ = ["other_server_url", "server", "server_url", "store", "target"]

# A busy machine is no failure.
settings.register_profile("toolkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("toolkit")

os.environ.setdefault("TOOLKIT_WORKFLOW", "pixels")
STRICT = os.environ.get("TOOLKIT_NO_SKIPS") == "1"
ALLOWED = ("permissions",)  # nothing is forbidden to root, so such tests cannot run as root


@pytest.fixture(scope="session", autouse=True)
def homes(tmp_path_factory):
    """The home of what lasts longer than one test; inside it are those of the tests."""
    folder = tmp_path_factory.mktemp("homes")
    with home(folder):
        yield (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def home_of_the_test(homes):
    """What a test finds at home, it put there."""
    with home(next(homes)):
        yield


@pytest.fixture(autouse=True)
def plugins_of_the_test():
    """What a test registers by hand among the installed plugins, no later test finds."""
    yield
    if registry._default.cache_info().currsize and any(not row.distribution for row in default().plugins()):
        registry._default.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def errors_in_the_words_of_a_shell():
    """No error of any command, in any test, is answered with a call of Python."""
    with checked_errors():
        yield


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
