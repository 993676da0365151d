"""``toolkit lab``: the tutorials, a notebook for the collection, and a server that only this machine reaches."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from installed import install_own, paths

import toolkit
from toolkit.cli import lab, main

CHECKOUT = Path(__file__).parents[1]
TUTORIALS = sorted(path.name for path in (CHECKOUT / "notebooks").glob("*.ipynb"))


def code_of(path):
    return "".join(json.loads(path.read_text())["cells"][1]["source"])


def test_the_tutorials_are_copied_and_what_is_there_stays(tmp_path):
    lab.copy_tutorials(tmp_path / "lab")
    assert sorted(path.name for path in (tmp_path / "lab").iterdir()) == TUTORIALS
    (tmp_path / "lab" / TUTORIALS[0]).write_text("mine")
    lab.copy_tutorials(tmp_path / "lab")
    assert (tmp_path / "lab" / TUTORIALS[0]).read_text() == "mine"


def test_the_first_notebook_opens_the_collection_and_shows_its_explorer(tmp_path):
    toolkit.open(tmp_path / "it's my photos.db").close()
    path = lab.write_notebook(tmp_path, str(tmp_path / "it's my photos.db"))
    assert path.name == "00_it_s_my_photos.ipynb"
    scope = {}
    exec(code_of(path).replace("photos.widgets.explorer()", "shown = photos.widgets.explorer()"), scope)
    assert repr(scope["shown"]) == "Explorer(no query yet; Gallery(no hits))"
    scope["shown"].close()
    scope["photos"].close()


def test_a_notebook_that_was_changed_is_kept_and_another_collection_gets_its_own(tmp_path):
    first = lab.write_notebook(tmp_path, "a/photos.db")
    first.write_text(first.read_text().replace("Your collection", "Mine"))
    assert lab.write_notebook(tmp_path, "a/photos.db") == first
    assert "# Mine" in first.read_text()
    assert lab.write_notebook(tmp_path, "b/photos.db").name == "00_photos_2.ipynb"


def test_a_password_is_not_written_down(tmp_path):
    path = lab.write_notebook(tmp_path, "postgresql+psycopg://me:secret@host/photos")
    assert "secret" not in path.read_text()
    assert 'tk.open(os.environ["TOOLKIT_COLLECTION"])' in code_of(path)


def test_without_jupyterlab_the_extra_is_named_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    result = CliRunner().invoke(main, ["lab", "--in", str(tmp_path / "lab")])
    assert result.exit_code == 1
    assert result.stderr == ("toolkit: toolkit lab needs jupyterlab: pip install 'rank-toolkit[lab]'\n")
    assert not (tmp_path / "lab").exists()


def test_a_collection_that_is_not_there_is_not_made(tmp_path):
    result = CliRunner().invoke(main, ["lab", str(tmp_path / "none.db"), "--in", str(tmp_path / "lab")])
    assert result.exit_code == 1
    assert "there is no collection" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_tutorials_are_in_the_wheel():
    import tomllib

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included["notebooks"] == f"toolkit/{lab.INSTALLED}"


@pytest.mark.skipif(find_spec("jupyterlab") is None, reason="jupyterlab is not installed")
def test_it_starts_for_this_machine_only_and_asks_for_a_token(tmp_path):
    install_own(tmp_path / "site")
    toolkit.open(tmp_path / "photos.db").close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folders = ("CONFIG", "DATA", "RUNTIME")
    env = os.environ | {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in folders}
    env |= {"JUPYTER_TOKEN": "secret", "PYTHONPATH": paths(tmp_path / "site")}
    command = [
        sys.executable, "-m", "toolkit", "lab", "photos.db", "--no-browser", "--port", str(port),
        "--", "--allow-root", "--ServerApp.port_retries=0",
    ]  # fmt: skip
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=log, stderr=log)
    try:
        told = asked(f"http://127.0.0.1:{port}/api/contents?token=secret", server, tmp_path / "log")
        assert sorted(one["name"] for one in told["content"]) == ["00_photos.ipynb", *TUTORIALS]
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/contents", timeout=5)
        assert listening(port) == {"127.0.0.1"}
    finally:
        server.terminate()
        server.wait(20)


def asked(url, server, log):
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.1)
    return pytest.fail(f"JupyterLab did not answer: {log.read_text()[-2000:]}")


def listening(port):
    """The addresses on which something listens at a port, as Linux tells them; elsewhere the one that is meant."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        return {"127.0.0.1"}
    local = [line.split()[1] for line in table.read_text().splitlines()[1:] if line.split()[3] == "0A"]
    found = [address for address, _, at in (one.partition(":") for one in local) if int(at, 16) == port]
    return {socket.inet_ntoa(bytes.fromhex(address)[::-1]) for address in found}
