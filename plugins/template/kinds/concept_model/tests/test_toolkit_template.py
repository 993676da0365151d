import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import ConceptModelContract


class TestTemplate(ConceptModelContract):
    concept_model = toolkit_template.TemplateModel()


def test_the_plugin_registers_the_model():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.concept_models) == ["template"]
