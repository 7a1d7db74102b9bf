"""What every exported page shares: one file, no outside request, light, dark and in print."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from importlib import resources
from string import Template


def render_page(
    title: str, made_at: datetime, sections: Iterable[str], style: str, rules: str = ""
) -> str:
    """The whole page: `sections` are HTML already, empty ones left out.

    `style` names the style sheet of this room that the page has besides the
    common one; `rules` are style rules of this page alone.
    """
    files = resources.files("workbench.exports")
    sheets = ((files / name).read_text(encoding="utf-8") for name in ("page.css", style))
    page = Template((files / "page.html").read_text(encoding="utf-8"))
    return page.substitute(
        title=escape(title),
        style="\n".join((*sheets, rules)),
        made=f"Made {made_at:%d %B %Y, %H:%M} {escape(made_at.tzname() or '')}",
        sections="\n".join(section for section in sections if section),
    )


def scrolling_table(
    name: str, caption: str, head: Iterable[str], rows: Iterable[Sequence[str]], numbers_from: int
) -> str:
    """A table that scrolls sideways by itself, by keyboard too; cells are already escaped."""
    table = plain_table(caption, head, rows, numbers_from, name)
    return f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{name}">{table}</div>'


def plain_table(
    caption: str,
    head: Iterable[str],
    rows: Iterable[Sequence[str]],
    numbers_from: int | None = None,
    name: str = "",
) -> str:
    """A table; its caption is for screen readers alone unless it has a `name` to refer to."""

    def kind(column: int) -> str:
        return ' class="number"' if numbers_from is not None and column >= numbers_from else ""

    heads = "".join(f'<th scope="col"{kind(i)}>{cell}</th>' for i, cell in enumerate(head))
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f"<td{kind(i)}>{cell}</td>" for i, cell in enumerate(row[1:], start=1))
        + "</tr>"
        for row in rows
    )
    label = f'<caption id="{name}">' if name else '<caption class="hidden">'
    return (
        f"<table>{label}<span>{caption}</span></caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
