"""Real shells complete commands, options, and the names in a collection; none of it imports numpy."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time

import pytest
from click.shell_completion import ZshComplete
from installed import environment, install_own
from made_up_models import write_pictures

import toolkit
from toolkit.cli import main
from toolkit.cli.provided import provided
from toolkit.plugins import registry
from toolkit.plugins.registry import Registry
from toolkit.terms import concept

SHELLS = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i"),
}


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    with toolkit.open(folder / "photos.db", workflow="pixels") as photos:
        photos.add(write_pictures(folder / "pictures", 2), datasets=["summer", "winter"], progress=False)
        photos.concepts.add("porch", names={"en": ["porch"], "ja": ["縁側"]})
        photos.concepts.add("terrier", names={"en": ["fox terrier"]})
        photos.queries["bright ones"] = concept("bright")
    return folder


@pytest.fixture
def site(tmp_path, photos):
    """The environment of a process with the toolkit, and a command of that name on its path."""
    install_own(tmp_path / "site")
    command = tmp_path / "bin" / "toolkit"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom toolkit.cli import main\nmain(prog_name='toolkit')\n")
    command.chmod(0o755)
    return environment(tmp_path / "site", PATH=f"{command.parent}:{os.environ['PATH']}")


def offered(*words):
    """What is offered for the last word, to every shell."""
    shell = ZshComplete(main, {}, "toolkit", "_TOOLKIT_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("se",), ["search", "serve"]),
        (("queries", "r"), ["run"]),
        (("search", "photos.db", "po"), ["porch", "'portrait format'"]),
        (("search", "photos.db", "concept:brig"), ["concept:bright"]),
        (("search", "photos.db", "conc"), ["concept:"]),
        (("label", "photos.db", "po"), ["porch", "portrait format"]),
        (("label", "photos.db", "縁"), ["縁側"]),
        (("train", "photos.db", "fox"), ["fox terrier"]),
        (("datasets", "add", "photos.db", ""), ["summer", "winter"]),
        (("add", "photos.db", "--dataset", "s"), ["summer"]),
        (("add", "photos.db", "--detect", "pro"), ["proposals"]),
        (("index", "photos.db", "--embedder", "pix"), ["pixels"]),
        (("queries", "run", "photos.db", "b"), ["bright ones"]),
        (("vectors", "photos.db", "v.npy", "--space", "p"), ["pixels@1"]),
        (("annotations", "list", "photos.db", "--source", ""), ["model:pixels@1"]),
        (("names", "list", "photos.db", "--language", "j"), ["ja"]),
        (("workflow", "photos.db", "--drop", "emb"), ["embedder:pixels"]),
        (("search", "photos.db", "--min"), ["--minimum"]),
        (("datasets", "add", "nowhere.db", ""), []),
        (("datasets", "add", "pictures/000.png", ""), []),
    ],
)
def test_names_are_offered(photos, monkeypatch, words, names):
    monkeypatch.chdir(photos)
    assert offered(*words) == names


def test_no_collection_is_made_by_asking(photos, monkeypatch):
    monkeypatch.chdir(photos)
    assert offered("datasets", "add", "nowhere.db", "") == []
    assert not (photos / "nowhere.db").exists()


def test_the_names_of_a_collection_on_a_server_are_offered_too(server_url):
    with toolkit.open(server_url, workflow="none") as photos:
        photos.datasets.add("summer")
        photos.concepts.add("porch", names={"en": ["porch"]})
    assert offered("datasets", "add", server_url, "s") == ["summer"]
    assert offered("label", server_url, "po") == ["porch"]
    assert offered("label", server_url.replace("postgresql:", "postgresql+psycopg:"), "po") == ["porch"]
    assert offered("label", server_url.replace("://", "://nobody:wrong@"), "po") == []


def test_what_plugins_provide_is_remembered_until_others_are_installed(monkeypatch):
    assert "proposals" in provided()["detectors"]
    monkeypatch.setattr(registry, "default", Registry)
    assert "proposals" in provided()["detectors"]
    monkeypatch.setenv("TOOLKIT_BLOCK_PLUGINS", "*")
    assert provided() == {}


def test_completing_imports_no_numpy_once_plugins_are_remembered(site, photos):
    program = (
        "import os, sys\nfrom toolkit.cli import main\n"
        "for line in ('se', 'search photos.db po', 'add photos.db --detect p', 'index photos.db --em'):\n"
        "    os.environ['COMP_WORDS'] = 'toolkit ' + line\n"
        "    os.environ['COMP_CWORD'] = str(len(line.split()))\n"
        "    try:\n        main(prog_name='toolkit')\n    except SystemExit:\n        pass\n"
        "print(sorted({'numpy', 'sqlalchemy', 'PIL', 'lark'} & sys.modules.keys()))"
    )
    typed = site | {"_TOOLKIT_COMPLETE": "zsh_complete"}
    first, second = (
        subprocess.run([sys.executable, "-c", program], env=typed, cwd=photos, capture_output=True, text=True)
        for _ in range(2)
    )
    assert "numpy" in first.stdout
    assert second.stdout.splitlines()[-1] == "[]", second.stdout + second.stderr
    assert {"search", "porch", "proposals", "--embedder"} <= set(second.stdout.split("\n"))


def _read(terminal, seconds):
    text = b""
    while select.select([terminal], [], [], seconds)[0]:
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        if not more:
            break
        text += more
    return text.decode(errors="replace")


SET_UP = {
    "bash": 'eval "$(toolkit completion bash)"; echo re"ady"\n',
    "zsh": 'autoload -Uz compinit && compinit -u; eval "$(toolkit completion zsh)"; echo re"ady"\n',
    "fish": 'toolkit completion fish | source; echo re"ady"\n',
}


class Terminal:
    """A shell in a terminal of its own."""

    def __init__(self, shell, site, cwd):
        self.shown = ""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(
                shutil.which(shell), SHELLS[shell], site | {"TERM": "xterm", "PS1": "$ ", "LANG": "C.UTF-8"}
            )

    def types(self, line, until):
        os.write(self.terminal, line.encode())
        start, give_up = len(self.shown), time.monotonic() + 60
        while until not in self.shown[start:]:
            assert time.monotonic() < give_up, self.shown
            self.shown += _read(self.terminal, 0.1)

    def close(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shutil.which(shell)])
def test_a_shell_completes_what_is_typed(shell, site, photos):
    terminal = Terminal(shell, site, photos)
    try:
        terminal.types(SET_UP[shell], until="ready")
        terminal.types("\x15toolkit workf\t", until="workflow")
        terminal.types("\x15toolkit label photos.db porc\t", until="porch")
        terminal.types("\x15toolkit search photos.db concept:brig\t", until="concept:bright")
        terminal.types("\x15toolkit queries run photos.db brig\t", until="ones")
        terminal.types("\x15toolkit info phot\t", until="os.db")
    finally:
        terminal.close()
