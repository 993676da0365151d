"""Plugins as pip leaves them: modules on the path and a folder of metadata that names their entry points."""

import importlib
import os
import sys
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]


def install(folder, distribution, entry_points, modules=None, version="1.0"):
    """Write what an installation of a plugin leaves in a folder of the import path."""
    metadata = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    lines = [f"{name} = {value}" for name, value in entry_points.items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[toolkit]", *lines, ""]))
    for name, code in (modules or {}).items():
        (folder / f"{name}.py").write_text(code)
    importlib.invalidate_caches()


def install_own(folder):
    """Install this checkout's own plugins, as its pyproject.toml names them."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    install(folder, project["name"], project["entry-points"]["toolkit"], version=project["version"])


def paths(*folders):
    """PYTHONPATH of a process that sees the checkout, its plugins and some folders."""
    return ":".join(map(str, [*folders, CHECKOUT, CHECKOUT / "plugins"]))


def environment(*folders, **others):
    """What a process of its own needs: the import path, and the home directory of the test; no PATH."""
    home = {name: os.environ[name] for name in ("HOME", "TMPDIR")}
    return home | {"PYTHONPATH": paths(*folders), "PATH": ""} | others


class Site:
    """A folder of installed plugins at the head of this process's import path; nothing else is installed."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        monkeypatch.syspath_prepend(str(folder))
        # Only what the test installs is found: the environment's own plugins are none of its business.
        from toolkit.plugins.registry import discovery

        real = discovery.entry_points
        monkeypatch.setattr(
            discovery, "entry_points", lambda *, group: [e for e in real(group=group) if self.has(e)]
        )

    def has(self, entry):
        return Path(str(entry.dist.locate_file(""))) == self.folder

    def install(self, distribution, entry_points, modules=None, version="1.0"):
        for name in modules or {}:
            sys.modules.pop(name, None)
        install(self.folder, distribution, entry_points, modules, version)
