"""The pages about the command line: the reference is what the commands say, and what the guide shows runs."""

import re
import shlex

from bars import without_bars
from click.testing import CliRunner
from made_up_models import write_pictures
from pages import CHECKOUT

from toolkit.cli import main, reference

GUIDE = (CHECKOUT / "docs" / "shell.md").read_text(encoding="utf-8")


def test_the_reference_is_made_from_the_commands_as_they_are():
    written = (CHECKOUT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == reference.page(), "run: scripts/docs reference"


def test_every_line_of_the_guide_runs_in_order(tmp_path, monkeypatch):
    write_pictures(tmp_path / "pictures", 6)
    monkeypatch.chdir(tmp_path)
    lines = [
        line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()
    ]
    assert len(lines) > 20
    for line in lines:
        typed = None
        if " | toolkit " in line:  # `find` prints what is there
            found, line = line.split(" | ", 1)
            assert found.startswith("find pictures -name ")
            typed = "\n".join(
                str(path) for path in sorted((tmp_path / "pictures").glob(shlex.split(found)[-1]))
            )
        command, *words = shlex.split(line)
        assert command == "toolkit"
        done = CliRunner().invoke(main, words, input=typed)
        assert (done.exit_code, without_bars(done.stderr)) == (0, ""), f"{line}\n{done.output}"


def test_the_guide_says_how_each_shell_completes():
    for shell in ("bash", "zsh", "fish"):
        done = CliRunner().invoke(main, ["completion", shell])
        assert done.exit_code == 0
        assert "toolkit" in done.stdout
        assert f"toolkit completion {shell}" in GUIDE
