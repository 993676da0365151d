import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import ProjectionContract


class TestTemplate(ProjectionContract):
    projection = toolkit_template.TemplateProjection()


def test_the_plugin_registers_the_projection():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.projections) == ["template"]
