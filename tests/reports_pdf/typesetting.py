"""Invented reports, and PDFs of them in many settings: what the tests of the PDF reader read."""

import io
import json
import random
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
)

FIXTURES = Path(__file__).parents[1] / "reports" / "fixtures"


@dataclass(frozen=True)
class Piece:
    """A piece of a report: `kind` is title, section, heading, text, item, and its words."""

    kind: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Look:
    """How a report is set."""

    font: str = "Times-Roman"
    size: float = 11.0
    leading: float = 1.2
    margin: float = 72.0
    space: float = 0.6
    indent: float = 0.0
    justified: bool = True
    hyphenated: bool = False
    columns: int = 1
    gutter: float = 18.0
    header: str = "Veldoria: a year in the cantons"
    footer: str = "{page}"
    a4: bool = True
    bold_headings: bool = True
    larger_headings: bool = True


def state_report(name: str = "veldoria-2018-state") -> tuple[list[Piece], list[str]]:
    """A shipped State Department report as pieces, and its gold paragraphs."""
    gold = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    pieces = [Piece("title", "Country Report on Human Rights Practices 2018 - Veldoria")]
    path: list[str] = []
    for paragraph in gold:
        section = paragraph["section"]
        same = 0
        while same < min(len(path), len(section)) and path[same] == section[same]:
            same += 1
        for depth in range(same, len(section)):
            pieces.append(Piece("section" if depth == 0 else "heading", section[depth]))
        path = section
        pieces.append(Piece("text", paragraph["text"]))
    return pieces, [paragraph["text"] for paragraph in gold]


_NOUNS = [
    "office", "government", "ombudsman", "canton", "district", "prison", "registrar",
    "newspaper", "commission", "farmer", "court", "union", "quarry", "harbour", "school",
    "ministry", "teacher", "detention", "assembly", "procedure", "water", "identification",
    "documentation", "transportation", "representative", "neighbourhood", "administration",
]  # fmt: skip
_VERBS = [
    "visited", "reported", "refused", "closed", "documented", "described", "confirmed",
    "investigated", "published", "interviewed", "released", "questioned", "reconsidered",
    "demonstrated", "acknowledged",
]  # fmt: skip
_ADJECTIVES = [
    "independent", "self-governing", "overcrowded", "northern", "provisional", "long-term",
    "unregistered", "international", "municipal", "well-known", "administrative",
    "constitutional", "state-owned",
]  # fmt: skip
_PLACES = ("Port Sabine", "Upper Harl", "Dunmere", "Orrin", "Lanterna", "Saltmarsh", "Ilmar")
_PEOPLE = ("Odette Marchetti", "Ilario Venn", "Tomas Reede", "Mira Aldous", "Pell Okonjo")


def _sentence(pick: random.Random) -> str:
    noun, verb = pick.choice(_NOUNS), pick.choice(_VERBS)
    who = pick.choice(
        (f"The {pick.choice(_ADJECTIVES)} {noun}", pick.choice(_PEOPLE), f"In May, the {noun}")
    )
    words = f"{who} {verb} the {pick.choice(_ADJECTIVES)} {pick.choice(_NOUNS)}"
    for _ in range(pick.randrange(0, 4)):
        words += pick.choice(
            (
                f" of {pick.choice(_PLACES)}",
                f", which {pick.choice(_PEOPLE)} {pick.choice(_VERBS)}",
                f" and the {pick.choice(_ADJECTIVES)} {pick.choice(_NOUNS)}",
                f" for {pick.randrange(2, 90)} days",
                f" ({pick.choice(_NOUNS)} {pick.choice(_VERBS)})",
                f", according to “the {pick.choice(_NOUNS)} of {pick.choice(_PLACES)}”",
            )
        )
    return words + "."


def invent(
    seed: int, paragraphs: int = 40, notes: bool = False, compounds: bool = True
) -> tuple[list[Piece], list[str]]:
    """A report of invented sentences with headings, and its paragraphs.

    `compounds` are words with hyphens, which reportlab spoils where it parts words.
    """
    pick = random.Random(seed)
    pieces = [Piece("title", "Behind the Harbour Wall: Abuses in Veldoria")]
    gold: list[str] = []
    for number in range(paragraphs):
        if number % 12 == 0:
            pieces.append(Piece("section", _heading(pick)))
        if number % 5 == 0:
            pieces.append(Piece("heading", _heading(pick)))
        text = " ".join(_sentence(pick) for _ in range(pick.randrange(1, 9)))
        if not compounds:
            text = text.replace("-", "")
        if pick.random() < 0.1:
            text = f"{pick.choice(('Legal Limits', 'Prison Visits'))}: {text}"
        note = _sentence(pick) if notes and pick.random() < 0.3 else ""
        pieces.append(Piece("text", text, note))
        gold.append(text)
    return pieces, gold


def _heading(pick: random.Random) -> str:
    first, second = pick.choice(_NOUNS).title(), pick.choice(_NOUNS).title()
    return pick.choice(
        (
            f"Freedom of the {first}",
            f"{first} and {second}",
            f"The {first} of {pick.choice(_PLACES)}",
        )
    )


def _soften(text: str) -> str:
    """Long words with soft hyphens where a typesetter might break them."""
    words = []
    for word in text.split(" "):
        letters = word.strip(".,()“”:")
        if letters.isalpha() and letters.islower() and len(letters) > 7:
            half = len(letters) // 2
            for at in range(half, len(letters) - 2):
                if letters[at] not in "aeiou" and letters[at - 1] in "aeiou":
                    word = word.replace(letters, f"{letters[:at]}\u00ad{letters[at:]}")
                    break
        words.append(word)
    return " ".join(words)


_BOLD = {
    "Times-Roman": "Times-Bold",
    "Helvetica": "Helvetica-Bold",
    "Courier": "Courier-Bold",
}


class _Noted(Paragraph):
    """A paragraph that puts its note on the page where it ends."""

    note = ""
    notes: dict[int, list[str]]

    def draw(self) -> None:
        if self.note:
            page = self.canv.getPageNumber()
            self.notes.setdefault(page, []).append(self.note)
        super().draw()

    def split(self, *args: float) -> list[Flowable]:
        parts = super().split(*args)
        if len(parts) > 1:
            parts[-1].note, parts[-1].notes = self.note, self.notes
        return parts


def typeset(pieces: list[Piece], look: Look, title: str = "") -> bytes:
    """A PDF of a report, set by reportlab."""
    width, height = A4 if look.a4 else LETTER
    notes: dict[int, list[str]] = {}
    leading = look.size * look.leading
    bold = _BOLD[look.font]
    space = look.space * leading
    text = ParagraphStyle(
        "text",
        fontName=look.font,
        fontSize=look.size,
        leading=leading,
        spaceAfter=space,
        firstLineIndent=look.indent * look.size,
        alignment=TA_JUSTIFY if look.justified else TA_LEFT,
        embeddedHyphenation=int(look.hyphenated),
        allowWidows=1,
        allowOrphans=1,
    )
    larger = 1.25 if look.larger_headings else 1.0
    styles = {"text": text, "item": text}
    for kind, scale in (("title", 1.8), ("section", 1.3), ("heading", 1.1)):
        points = look.size * (scale if look.larger_headings or kind == "title" else 1.0)
        styles[kind] = ParagraphStyle(
            kind,
            fontName=bold if look.bold_headings else look.font,
            fontSize=points,
            leading=points * 1.2,
            spaceBefore=leading * 0.8 * larger,
            spaceAfter=leading * 0.4,
            keepWithNext=1 if look.columns == 1 else 0,
        )
    styles["item"] = ParagraphStyle("item", parent=text, leftIndent=18, firstLineIndent=-12)
    flow: list[Flowable] = []
    number = 0
    for piece in pieces:
        words = piece.text.replace("&", "&amp;").replace("<", "&lt;")
        if look.hyphenated and piece.kind == "text":
            words = _soften(words)
        made = _Noted("", styles[piece.kind])
        if piece.note:
            number += 1
            words += (
                f"<super size={look.size * 0.65:.1f} rise={look.size * 0.35:.1f}>{number}</super>"
            )
        made = _Noted(words, styles[piece.kind])
        made.notes = notes
        if piece.note:
            made.note = f"{number} {piece.note}"
        if look.columns > 1 and piece.kind == "section":
            flow += [NextPageTemplate("section"), PageBreak(), made, FrameBreak()]
            flow.append(NextPageTemplate("plain"))
        else:
            flow.append(made)

    def decorate(canvas: Canvas, document: BaseDocTemplate) -> None:
        page = canvas.getPageNumber()
        canvas.setFont(look.font, max(look.size - 2, 7))
        if look.header:
            canvas.drawString(look.margin, height - look.margin * 0.6, look.header)
        if look.footer:
            footer = look.footer.format(page=page)
            canvas.drawCentredString(width / 2, look.margin * 0.45, footer)

    def annotate(canvas: Canvas, document: BaseDocTemplate) -> None:
        small = look.size * 0.8
        y = look.margin + 8 * small * 1.15
        canvas.setFont(look.font, small)
        for note in notes.get(canvas.getPageNumber(), []):
            lines: list[str] = [""]
            for word in note.split():
                if canvas.stringWidth(f"{lines[-1]} {word}") > width - 2 * look.margin:
                    lines.append("")
                lines[-1] = f"{lines[-1]} {word}".strip()
            for line in lines:
                canvas.drawString(look.margin, y, line)
                y -= small * 1.15

    buffer = io.BytesIO()
    deep = 10 * look.size if any(piece.note for piece in pieces) else 0
    measure = width - 2 * look.margin
    bottom, high = look.margin + deep, height - 2 * look.margin - deep
    head = 4 * look.size if look.columns > 1 else 0
    column = (measure - (look.columns - 1) * look.gutter) / look.columns

    def frames(high: float) -> list[Frame]:
        step = column + look.gutter
        return [
            Frame(look.margin + n * step, bottom, column, high, 0, 0, 0, 0)
            for n in range(look.columns)
        ]

    across = [Frame(look.margin, bottom + high - head, measure, head, 0, 0, 0, 0)] if head else []
    document = BaseDocTemplate(buffer, pagesize=(width, height), title=title or None, invariant=1)
    document.addPageTemplates(
        [
            PageTemplate("plain", frames(high), onPage=decorate, onPageEnd=annotate),
            PageTemplate(
                "section", across + frames(high - head), onPage=decorate, onPageEnd=annotate
            ),
        ]
    )
    document.build(flow)
    return buffer.getvalue()
