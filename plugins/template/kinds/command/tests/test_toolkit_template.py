import toolkit_template
from click.testing import CliRunner

import toolkit
from toolkit.plugins.registry import Registry
from toolkit.testing import pictures


def test_it_counts_the_inputs(tmp_path):
    with toolkit.open(tmp_path / "photos.db", workflow="none") as photos:
        photos.add(pictures(2), progress=False)
    done = CliRunner().invoke(toolkit_template.command, [str(tmp_path / "photos.db")])
    assert (done.exit_code, done.output) == (0, "2 inputs\n")


def test_the_plugin_registers_the_command():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.commands) == ["template"]
