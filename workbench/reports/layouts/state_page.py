"""State Department reports saved from the department's older web page.

Menus stand before and after the report, a sidebar may stand in the middle of a
sentence, and the page breaks of the printed report cut paragraphs in two.
"""

from workbench.reports.layouts.state import cut_outline, is_page, is_state, outline_of
from workbench.reports.paragraphs import RawParagraph


class StatePage:
    """The layout of a State Department report whose paragraphs are cut."""

    name = "state-page"
    source: str | None = "state"

    def claims(self, text: str) -> bool:
        outline = outline_of(text)
        return is_state(text, outline) and is_page(outline)

    def cut(self, text: str) -> list[RawParagraph]:
        return cut_outline(outline_of(text), cuts=True)
