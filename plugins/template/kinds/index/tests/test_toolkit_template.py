import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import SimilarityIndexContract


class TestTemplate(SimilarityIndexContract):
    factory = toolkit_template.TemplateIndex


def test_the_plugin_registers_the_index():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.similarity_indexes) == ["template"]
