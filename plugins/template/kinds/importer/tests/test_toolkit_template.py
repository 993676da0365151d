import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import ImporterContract


class TestTemplate(ImporterContract):
    importer = toolkit_template.TemplateImporter()

    def origin(self, tmp_path):
        path = tmp_path / "pictures.lst"
        path.write_text("a.jpg\n\nfolder/b.jpg\n")
        return path

    def test_a_line_is_a_picture_beside_the_list(self, tmp_path):
        records = list(self.importer.records(self.origin(tmp_path)))
        assert [record.origin for record in records] == [f"{tmp_path}/a.jpg", f"{tmp_path}/folder/b.jpg"]


def test_the_plugin_registers_the_importer():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.importers) == ["template"]
