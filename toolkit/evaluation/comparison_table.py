"""A comparison as a table: text, HTML, LaTeX, JSON, and the rows of a DataFrame."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..hits.contact_sheet import framed
from ..hits.markup import Markup, element
from ..plain_text import printable, table
from ..values.types import Json
from .comparison import Comparison, Difference

__all__ = ["columns", "fragment", "latex", "page", "rows", "text", "to_dict"]

_CELL = "padding:3px 10px;text-align:right;white-space:nowrap"
_NAME = "padding:3px 10px;text-align:left"
_MUTED = "opacity:0.72"


def text(of: Comparison) -> str:
    """The table for a terminal: a line a system, a column a measure, and under it the sentence and the notes."""
    names = [one.name for one in of.measures]
    lines = [(system, *(_cell(of, system, name) for name in names)) for system in of.systems]
    shown = table(("system", *names), lines, right=names)
    return "\n".join(map(printable, [*shown.split("\n"), of.sentence, *of.notes]))


def _cell(of: Comparison, system: str, measure: str) -> str:
    told = " ".join(_against(one) for one in _differences(of, system, measure))
    return f"{_number(of.mean(system, measure))} {told}".strip()


def _differences(of: Comparison, system: str, measure: str) -> Iterator[Difference]:
    return (one for one in of.differences if (one.system, one.measure) == (system, measure))


def _against(one: Difference) -> str:
    p = "" if math.isnan(one.corrected) else f", p {_p(one.corrected)}"
    return f"({_signed(one.interval.mean)} ± {_number(one.interval.half)}{p}{'*' if one.significant else ''})"


def _number(value: float) -> str:
    """Three digits after the point, no zero before it, as tables of the field have it."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}".replace("0.", ".", 1)


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{_number(abs(value))}"


def _p(value: float) -> str:
    return "< .001" if value < 0.001 else _number(value)


def fragment(of: Comparison) -> Markup:
    """The table as HTML that a notebook can keep."""
    names = [one.name for one in of.measures]
    head = element(
        "tr", element("th", "system", style=_NAME), *(element("th", name, style=_CELL) for name in names)
    )
    body = [
        element(
            "tr",
            element("th", element("bdi", system), style=_NAME),
            *(_html_cell(of, system, name) for name in names),
        )
        for system in of.systems
    ]
    notes = [element("div", note, style=f"margin-top:4px;{_MUTED}") for note in (of.sentence, *of.notes)]
    return element(
        "div",
        element("table", element("thead", head), element("tbody", *body), style="border-collapse:collapse"),
        *notes,
        style="font-size:13px;line-height:1.45",
    )


def _html_cell(of: Comparison, system: str, measure: str) -> Markup:
    below = [
        element(
            "div",
            _against(one),
            style=f"font-size:11px;{'' if one.significant else _MUTED}",
            title=f"against {one.baseline}: better on {one.better}, worse on {one.worse} topics",
        )
        for one in _differences(of, system, measure)
    ]
    weight = "font-weight:600" if any(one.significant for one in _differences(of, system, measure)) else ""
    return element("td", element("div", _number(of.mean(system, measure)), style=weight), *below, style=_CELL)


def page(of: Comparison) -> str:
    """A whole page with the table, that loads nothing."""
    return framed(f"Comparison of {', '.join(of.systems)}", fragment(of))


def columns(of: Comparison) -> list[str]:
    """The columns of the DataFrame."""
    return [
        "system",
        "measure",
        "mean",
        "baseline",
        "difference",
        "low",
        "high",
        "p",
        "corrected",
        "better",
        "worse",
    ]


def rows(of: Comparison) -> list[dict[str, float | str | None]]:
    """A row for each system, measure and baseline; of a baseline itself only the mean."""
    found: list[dict[str, float | str | None]] = []
    for system in of.systems:
        for measure in (one.name for one in of.measures):
            told: dict[str, float | str | None] = {
                "system": system,
                "measure": measure,
                "mean": of.mean(system, measure),
            }
            differences = [told | _row(one) for one in _differences(of, system, measure)]
            found.extend(differences or [told | dict.fromkeys(columns(of)[3:])])
    return found


def _row(one: Difference) -> dict[str, float | str | None]:
    return {
        "baseline": one.baseline,
        "difference": one.interval.mean,
        "low": one.interval.low,
        "high": one.interval.high,
        "p": one.p,
        "corrected": one.corrected,
        "better": one.better,
        "worse": one.worse,
    }


def to_dict(of: Comparison) -> dict[str, Json]:
    """The rows, the sentence and the notes as a JSON object."""
    plain: list[Json] = [
        {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in row.items()
        }
        for row in rows(of)
    ]
    return {"rows": plain, "sentence": of.sentence, "notes": list(of.notes), "recipe": dict(of.recipe)}


_LATEX = str.maketrans(
    {character: f"\\{character}" for character in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)


def latex(of: Comparison) -> str:
    """The table in LaTeX, with booktabs."""
    names = [one.name for one in of.measures]
    lines = [
        " & ".join([printable(system).translate(_LATEX), *(_latex_cell(of, system, name) for name in names)])
        + r" \\"
        for system in of.systems
    ]
    head = " & ".join(["system", *(name.translate(_LATEX) for name in names)]) + r" \\"
    return "\n".join(
        [
            f"\\begin{{tabular}}{{l{'r' * len(names)}}}", r"\toprule", head, r"\midrule", *lines, r"\bottomrule",
            r"\end{tabular}", *(f"% {line}" for line in (of.sentence, *of.notes)), "",
        ]
    )  # fmt: skip


def _latex_cell(of: Comparison, system: str, measure: str) -> str:
    stars = "".join("$^{*}$" for one in _differences(of, system, measure) if one.significant)
    value = _number(of.mean(system, measure)).replace("–", "--").replace("∞", r"$\infty$")
    return f"{value}{stars}"
