"""The page with pictures that the demo writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..hits.contact_sheet import page
from .result import Answer

__all__ = ["write_page"]


def write_page(title: str, answers: Sequence[Answer], path: Path, *, about: str = "") -> Path:
    """Where the page is, with a section for every answer.

    Parameters
    ----------
    title : str
        Of the page.
    answers : sequence of Answer
        In the order of their sections.
    path : Path
        The HTML file to write; one that is there is replaced.
    about : str
        A sentence or two under the title.
    """
    sections = [
        answer.hits.section(heading=answer.title, sentence=_sentence(answer), captions=answer.found)
        for answer in answers
    ]
    path.write_text(page(title, sections, about=about), encoding="utf-8")
    return path


def _sentence(answer: Answer) -> str:
    if not answer.expected:
        return ""
    return f"Expected: {answer.expected}; {answer.right} of {len(answer.found)} are."
