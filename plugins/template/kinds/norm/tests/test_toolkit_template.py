import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import NormContract


class TestTemplate(NormContract):
    norm = toolkit_template.TemplateNorm()


def test_the_plugin_registers_the_norm():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.norms) == ["template"]
