import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import DetectorContract


class TestTemplate(DetectorContract):
    detector = toolkit_template.TemplateDetector()


def test_the_plugin_registers_the_detector():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.detectors) == ["template"]
