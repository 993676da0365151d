"""Runs the blocks of a page in order, as a reader would: Python in one session, commands in one folder."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from toolkit.cli import main
from toolkit.demo.scenes import scenes

CHECKOUT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def written(page: str) -> str:
    """The text of a page of the checkout."""
    return (CHECKOUT / page).read_text(encoding="utf-8")


def make_home(folder: Path) -> None:
    """What pages take for granted: some pictures, and one to ask with."""
    (folder / "Pictures").mkdir()
    drawn = scenes(12)
    for scene in drawn:
        scene.picture.save(folder / "Pictures" / f"{scene.name}.jpg", quality=92)
    drawn[0].picture.rotate(1).save(folder / "Pictures" / "summer.jpg")
    drawn[6].picture.save(folder / "query.jpg", quality=92)


def run(page: str, names: dict[str, object]) -> list[str]:
    """Run every block of a page; what its commands print.

    Parameters
    ----------
    page : str
        Its path in the checkout.
    names : dict
        What is there already; what the page defines is added.
    """
    blocks = BLOCK.findall(written(page))
    assert blocks, f"{page} has nothing to run"
    printed = []
    for number, (kind, text) in enumerate(blocks, 1):
        if kind == "python":
            exec(compile(text, f"{page}, block {number}", "exec"), names)
        else:
            printed += [_ran(line[2:]) for line in text.splitlines() if line.startswith("$ ")]
    return printed


def _ran(line: str) -> str:
    command, *arguments = (
        str(Path(word).expanduser()) if word[0] == "~" else word for word in shlex.split(line)
    )
    assert command == "toolkit"
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, f"{line}: {result.output}"
    return result.output


def examples_failed(page: str) -> str:
    """What went wrong in a page's doctests, run one after the other; empty if nothing did."""
    blocks = [text for kind, text in BLOCK.findall(written(page)) if kind == "python"]
    assert blocks, f"{page} has no examples"
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, page, 0)
    assert test.examples
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    return "".join(report)


def dead_links(page: str) -> list[str]:
    """Links of a page to files that are not there."""
    # Code has brackets, and no links.
    text = re.sub(r"^```.*?^```", "", written(page), flags=re.MULTILINE | re.DOTALL)
    links = [link for link in LINK.findall(text) if "://" not in link]
    return [link for link in links if not (CHECKOUT / page).parent.joinpath(link).exists()]
