"""JupyterLab for a session of tests: one server, one page, a fresh folder for everything it writes."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

OPEN = """async (path) => {
  const app = window.jupyterapp;
  const widget = await app.commands.execute('docmanager:open', { path, factory: 'Notebook' });
  await widget.revealed; await widget.sessionContext.ready;
  const kernel = widget.sessionContext.session.kernel;
  for (let i = 0; i < 1500 && !(kernel.connectionStatus === 'connected' && kernel.status === 'idle'); i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  app.shell.activateById(widget.id);
}"""
THERE = "() => window.jupyterapp?.commands.hasCommand('docmanager:open')"
CLOSE = """async () => { const widget = window.jupyterapp.shell.currentWidget;
  await widget.sessionContext.shutdown(); await widget.context.save(); widget.close(); }"""
FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}


@dataclass
class Lab:
    base: str
    token: str
    root: Path
    log: Path


def start(home: Path):
    """A server and where it is; `stop` ends it."""
    root = home / "root"
    root.mkdir()
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    # Otherwise a pop-up with news covers the page.
    (settings / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}'
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}",
        "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly", "--LabApp.news_url=",
    ]  # fmt: skip
    env = os.environ | {name: str(home / folder) for name, folder in FOLDERS.items()}
    checkout = Path(__file__).parents[2]
    env["PYTHONPATH"] = os.pathsep.join(
        [str(checkout), str(checkout / "plugins"), str(checkout / "tests"), env.get("PYTHONPATH", "")]
    )
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=env, cwd=root, stdout=log, stderr=log)
    _wait(f"http://127.0.0.1:{port}/api/status?token={token}", server, home / "log")
    return server, Lab(f"http://127.0.0.1:{port}", token, root, home / "log")


def stop(server):
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()  # else Python complains of a process that nobody waited for


def _wait(url, server, log):
    end = time.monotonic() + 90
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start: {log.read_text()[-2000:]}")


def ready(page):
    """Wait until JupyterLab has started. In two steps: where a page waits for a function, a promise counts as true."""
    page.wait_for_function(THERE)
    page.evaluate("async () => { await window.jupyterapp.restored; }")


def write_notebook(path, cells):
    made = [
        {
            "cell_type": "code",
            "id": f"cell{at}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": text,
        }
        for at, text in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))


def execute(page, code):
    """Run code in the notebook's kernel; the text it prints."""
    return page.evaluate(
        """async (code) => {
          const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          const future = kernel.requestExecute({ code }); let text = '';
          future.onIOPub = (message) => { if (message.content.text) text += message.content.text;
            if (message.content.ename) text += message.content.evalue; };
          await future.done; return text.trim(); }""",
        code,
    )
