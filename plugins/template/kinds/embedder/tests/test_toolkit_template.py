import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import EmbedderContract


class TestTemplate(EmbedderContract):
    embedder = toolkit_template.TemplateEmbedder()


def test_the_plugin_registers_the_embedder():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.embedders) == ["template"]
