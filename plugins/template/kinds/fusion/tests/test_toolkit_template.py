import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import FusionContract


class TestTemplate(FusionContract):
    fusion = toolkit_template.TemplateFusion()


def test_the_plugin_registers_the_fusion():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.fusions) == ["template"]
