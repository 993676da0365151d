import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import DecoderContract


class TestTemplate(DecoderContract):
    decoder = toolkit_template.TemplateDecoder()
    size = (40, 30)

    def encoded(self):
        return toolkit_template.MAGIC + bytes([40, 30]) + bytes(40 * 30)


def test_the_plugin_registers_the_decoder():
    registry = Registry()
    registry.add(toolkit_template)
    assert [one.name for one in registry.decoders] == ["template"]
