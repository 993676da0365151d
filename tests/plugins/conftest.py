"""What tests of plugins share."""

from __future__ import annotations

import pytest
import toolkit_files
import toolkit_filters
import toolkit_formats

import toolkit
from toolkit.plugins.registry import Registry
from toolkit.values.settings import Workflow


@pytest.fixture
def photos():
    """An empty collection in memory without a workflow, which reads files and labels, and filters by these."""
    registry = Registry()
    registry.add(toolkit_files)
    registry.add(toolkit_filters)
    registry.add(toolkit_formats)
    with toolkit.open(workflow=Workflow(), registry=registry) as opened:
        yield opened
