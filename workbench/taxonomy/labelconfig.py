"""The codebook as a Label Studio labelling page and as instructions for coders."""

from html import escape
from xml.etree import ElementTree as Xml

from workbench.taxonomy.codebook import NONE, Code, Codebook

#: Names of the page's controls, which results and pre-labels refer to.
TEXT, CODES, EVIDENCE, COMMENT = "text", "codes", "evidence", "comment"
#: The context of a paragraph: HTML in the task's data, empty where there is none.
CONTEXT = "context"
#: On an adjudicator's page: what each coder chose, and what the codes mean (HTML in the task's
#: data), and why the coders differed.
CHOICES, DEFINITIONS, REASON = "choices", "definitions", "reason"
#: Reasons by alias: how the page words them.
REASONS = {
    "paragraph": "The paragraph is unclear",
    "codebook": "The codebook is unclear",
    "slip": "A slip",
    "context": "Context is missing",
}

_STYLE = """
.wb-place { opacity: 0.75; font-size: 0.9em; margin-bottom: 0.5em; }
.wb-text { font-size: 1.1em; line-height: 1.6; max-width: 46em; margin: 0.75em 0; }
.wb-context { max-width: 52em; margin: 0 0 0.75em 0.5em; font-size: 0.9em; line-height: 1.5; }
.wb-context:not(:has(details)) { display: none; }
.wb-context details { border-left: 3px solid #6b7280; padding: 0.25em 0.75em; }
.wb-context summary { cursor: pointer; }
.wb-context summary:focus-visible { outline: 2px solid #1d4ed8; outline-offset: 2px; }
.wb-context p, .wb-context blockquote { margin: 0.5em 0 0 0; }
.wb-context ins { text-decoration: underline 2px; text-underline-offset: 0.2em; }
.wb-context del { text-decoration: line-through; opacity: 0.85; }
"""

_ADJUDICATION_STYLE = """
.wb-choices { max-width: 52em; margin: 0 0 0.75em 0; }
.wb-choices table { border-collapse: collapse; font-size: 0.95em; }
.wb-choices th, .wb-choices td { border: 1px solid #6b7280; padding: 0.25em 0.6em;
  text-align: left; vertical-align: top; white-space: pre-line; }
.wb-choices tbody th { font-weight: 400; }
.wb-choices .differs { font-weight: 700; }
.wb-beside { display: flex; flex-wrap: wrap; gap: 0 2em; align-items: flex-start; }
.wb-beside > * { flex: 1 1 20em; min-width: 0; }
"""


def render_label_config(codebook: Codebook) -> str:
    """The labelling page as Label Studio XML.

    Report and section stand above the text; below it the context, if the task
    has one, then the codes as multiple choice with hotkeys (definitions as
    hints) and "none of these"; spans of evidence per code; an optional comment.
    Choices carry the code as alias, so results do not depend on the wording.
    """
    view = _begin(_STYLE)
    _add_text(view, codebook)
    _add_html(view, "wb-context", CONTEXT)
    _add_codes(view, codebook)
    _add_comment(view, "Comment (optional): why, or what is unclear")
    return _finish(view)


def render_adjudication_config(codebook: Codebook) -> str:
    """The adjudicator's page: as a coder's, with what each coder chose and what the codes mean.

    The definitions stand beside the codes, in a narrow window below them. Under
    the codes stands why the coders differed, one of `REASONS`, which may be
    left open. "w", "e", "r" and "t" choose it by keyboard where the codebook
    leaves these keys free.
    """
    view = _begin(_STYLE + _ADJUDICATION_STYLE)
    _add_text(view, codebook)
    _add_html(view, "wb-choices", CHOICES)
    beside = Xml.SubElement(view, "View", className="wb-beside")
    ruling = Xml.SubElement(beside, "View")
    _add_codes(ruling, codebook)
    Xml.SubElement(ruling, "Header", value="Why did the coders differ?", size="5")
    reasons = Xml.SubElement(
        ruling, "Choices", name=REASON, toName=TEXT, choice="single", showInline="false"
    )
    taken = {code.hotkey for code in codebook.codes} | {codebook.none_hotkey}
    for (alias, wording), key in zip(REASONS.items(), "wert", strict=True):
        hotkey = {} if key in taken else {"hotkey": key}
        Xml.SubElement(reasons, "Choice", value=wording, alias=alias, **hotkey)
    _add_html(beside, "wb-context", DEFINITIONS)
    _add_comment(view, "Note (optional): what decided it, for the codebook's next version")
    return _finish(view)


def _begin(style: str) -> Xml.Element:
    view = Xml.Element("View")
    Xml.SubElement(view, "Style").text = style
    place = Xml.SubElement(view, "View", className="wb-place")
    Xml.SubElement(place, "Header", value="$report", size="5")
    Xml.SubElement(place, "Header", value="$section", size="4")
    return view


def _finish(view: Xml.Element) -> str:
    Xml.indent(view)
    return Xml.tostring(view, encoding="unicode")


def _add_text(view: Xml.Element, codebook: Codebook) -> None:
    """The labels of evidence and the text that they mark."""
    labels = Xml.SubElement(view, "Labels", name=EVIDENCE, toName=TEXT, showInline="true")
    for code in codebook.codes:
        Xml.SubElement(
            labels,
            "Label",
            value=code.code,
            background=code.colour,
            hotkey=f"shift+{code.hotkey}",
            hint=f"Mark words that speak for: {code.name}",
        )
    body = Xml.SubElement(view, "View", className="wb-text")
    Xml.SubElement(body, "Text", name=TEXT, value="$text", granularity="word")


def _add_html(view: Xml.Element, style: str, name: str) -> None:
    """HTML of the task's data."""
    around = Xml.SubElement(view, "View", className=style)
    # Not inline, Label Studio puts it into a frame, which our style does not reach.
    Xml.SubElement(around, "HyperText", name=name, value=f"${name}", inline="true")


def _add_codes(view: Xml.Element, codebook: Codebook) -> None:
    choices = Xml.SubElement(
        view,
        "Choices",
        name=CODES,
        toName=TEXT,
        choice="multiple",
        required="true",
        requiredMessage=f'Choose at least one code, or "{codebook.none_label}".',
        showInline="false",
    )
    for code in codebook.codes:
        Xml.SubElement(
            choices,
            "Choice",
            value=code.name,
            alias=code.code,
            hotkey=code.hotkey,
            hint=code.definition,
            background=code.colour,
        )
    Xml.SubElement(
        choices,
        "Choice",
        value=codebook.none_label,
        alias=NONE,
        hotkey=codebook.none_hotkey,
        hint="No code of the codebook applies to this paragraph.",
        background=codebook.none_colour,
    )


def _add_comment(view: Xml.Element, placeholder: str) -> None:
    Xml.SubElement(
        view,
        "TextArea",
        name=COMMENT,
        toName=TEXT,
        placeholder=placeholder,
        rows="2",
        maxSubmissions="1",
        editable="true",
        required="false",
    )


def render_instructions(codebook: Codebook) -> str:
    """The codebook as HTML for the project's instructions."""
    parts = [
        f"<h3>{escape(codebook.title or codebook.name)}, version {escape(codebook.version)}</h3>"
    ]
    parts += [f"<p>{escape(text)}</p>" for text in (codebook.unit, codebook.applies) if text]
    parts += [_render_code(code) for code in codebook.codes]
    parts.append(
        f"<br><h4>{escape(codebook.none_label)} [{escape(codebook.none_hotkey)}]</h4>"
        "<p>No code applies. Choose it alone.</p>"
    )
    if codebook.rules:
        parts.append("<br><h4>Rules</h4>" + _list(codebook.rules))
    return "\n".join(parts)


def _render_code(code: Code) -> str:
    parts = [
        f"<br><h4>{escape(code.name)} [{escape(code.hotkey)}]</h4><p>{escape(code.definition)}</p>"
    ]
    for title, items in (
        ("Code", code.include),
        ("Do not code", code.exclude),
        ("Examples", code.examples),
    ):
        if items:
            parts.append(f"<p><b>{title}</b></p>{_list(items)}")
    if code.instruments:
        parts.append(f"<p><i>{escape(', '.join(code.instruments))}</i></p>")
    return "".join(parts)


def _list(items: tuple[str, ...]) -> str:
    # Label Studio's style sheet takes the bullets off <ul>.
    return "".join(f"<p>• {escape(item)}</p>" for item in items)
