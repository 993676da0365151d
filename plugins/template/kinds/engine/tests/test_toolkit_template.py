import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import KeyedIndexContract


class TestTemplate(KeyedIndexContract):
    factory = toolkit_template.TemplateEngine


def test_the_plugin_registers_the_engine():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.engines) == ["template"]
