import pytest
import toolkit_template

import toolkit
from toolkit.plugins.registry import Registry


@pytest.fixture
def registry():
    registry = Registry()
    registry.add(toolkit_template)
    return registry


def test_it_opens_addresses_of_its_scheme_and_leaves_others(registry):
    assert registry.open_image("template://ff0000").getpixel((0, 0)) == (255, 0, 0)
    assert registry.open_image("other://ff0000") is None


def test_an_address_without_a_picture_is_a_clear_error(registry):
    with pytest.raises(toolkit.ToolkitError, match="template://nothing"):
        registry.open_image("template://nothing")
