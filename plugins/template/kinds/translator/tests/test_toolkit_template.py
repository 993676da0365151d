import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import TranslatorContract


class TestTemplate(TranslatorContract):
    translator = toolkit_template.TemplateTranslator()
    word, language, concept = "perro", "es", "dog"


def test_the_plugin_registers_the_translator():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.translators) == ["template"]
