"""DOCX and ODT files made by hand for tests, from the same few kinds of block.

A block is (kind, content): the kinds are title, h1 to h3, p, bullet, number, bold (a heading by its
look alone), table (rows of cells of text) and raw (XML as it is). The content of a
paragraph is a string or a list of strings and (kind, words): b, i, ins, del, link, note, hidden.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Content = str | Sequence[str | tuple[str, str]]
Block = tuple[str, object]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_W_SPACES = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
#: Style ids are those of a German and a French program; the names are the built-in ones.
DOCX_STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:lang w:val="en-GB"/></w:rPr>'
    "</w:rPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/>'
    "</w:style>"
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titre2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Eigene3"><w:name w:val="House heading"/>'
    '<w:basedOn w:val="Titre2"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>'
)
DOCX_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1">'
    '<w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/>'
    '<w:lvlText w:val="%1.%3"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)
_DOCX_STYLE = {"title": "Titel", "h1": "berschrift1", "h2": "Titre2", "h3": "Eigene3"}
_DOCX_RUN = {"b": "<w:b/>", "i": "<w:i/>", "hidden": "<w:vanish/>", "u": '<w:u w:val="single"/>'}


def pack(parts: Mapping[str, str | bytes], stored: Sequence[str] = ()) -> bytes:
    """A zip archive of parts; those in `stored` are not compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=how)
    return file.getvalue()


def docx_parts(blocks: Sequence[Block], namespace: str = W) -> dict[str, str | bytes]:
    body = "".join(_docx_block(kind, content) for kind, content in blocks)
    head = f'xmlns:w="{namespace}"'
    return {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f"<w:document {head} {_W_SPACES}><w:body>{body}<w:sectPr/></w:body>"
        "</w:document>",
        "word/styles.xml": f"<w:styles {head}>{DOCX_STYLES}</w:styles>",
        "word/numbering.xml": f"<w:numbering {head}>{DOCX_NUMBERING}</w:numbering>",
        "word/header1.xml": f"<w:hdr {head}><w:p><w:r><w:t>Lakes</w:t></w:r></w:p></w:hdr>",
        "docProps/core.xml": '<c:coreProperties xmlns:c="urn:c" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Closed Ferries</dc:title>'
        "</c:coreProperties>",
    }


def make_docx(blocks: Sequence[Block], **changes: str | bytes) -> bytes:
    """A DOCX of blocks; `changes` replace parts by the last step of their names (``styles``)."""
    parts = docx_parts(blocks)
    for name, content in changes.items():
        parts[f"word/{name}.xml"] = content
    return pack(parts)


def _docx_block(kind: str, content: object) -> str:
    if kind == "raw":
        return str(content)
    if kind == "table":
        rows = "".join(
            "<w:tr>" + "".join(f"<w:tc>{_docx_block('p', cell)}</w:tc>" for cell in row) + "</w:tr>"
            for row in content
        )
        return f"<w:tbl>{rows}</w:tbl>"
    properties = ""
    if kind in _DOCX_STYLE:
        properties = f'<w:pStyle w:val="{_DOCX_STYLE[kind]}"/>'
    elif kind in ("bullet", "number"):
        number = 1 if kind == "bullet" else 2
        properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    if kind.startswith("bold"):
        content = [("b" + kind[4:], str(content))]
    pieces = [content] if isinstance(content, str) else content
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(map(_docx_run, pieces))}</w:p>"


def _docx_run(piece: str | tuple[str, str]) -> str:
    kind, words = ("", piece) if isinstance(piece, str) else piece
    if kind == "note":
        return '<w:r><w:footnoteReference w:id="2"/></w:r>'
    if kind == "del":
        words = escape(words)
        return f"<w:del><w:r><w:delText>{words}</w:delText></w:r></w:del>"
    look = _DOCX_RUN.get(kind, "")
    if kind.startswith("b") and kind[1:].isdigit():
        look = f'<w:b/><w:sz w:val="{2 * int(kind[1:])}"/>'
    text = escape(words).replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    text = text.replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")
    text = text.replace("\f", "</w:t><w:br w:type='page'/><w:t xml:space='preserve'>")
    text = text.replace("\u2011", "</w:t><w:noBreakHyphen/><w:t xml:space='preserve'>")
    run = f"<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"
    around = {"ins": "w:ins", "link": "w:hyperlink"}.get(kind)
    return f"<{around}>{run}</{around}>" if around else run


_ODT_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for prefix, space in {
        "office": "office", "text": "text", "style": "style", "table": "table", "draw": "drawing",
        "fo": "xsl-fo-compatible", "svg": "svg-compatible", "meta": "meta",
    }.items()
)  # fmt: skip
_ODT_SPACES += (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
ODT_MIME = "application/vnd.oasis.opendocument.text"
ODT_STYLES = (
    '<style:default-style style:family="paragraph"><style:text-properties fo:font-size="11pt" '
    'fo:language="en" fo:country="GB"/></style:default-style>'
    '<style:style style:name="Title" style:family="paragraph"/>'
    '<style:style style:name="Contents_20_1" style:family="paragraph"/>'
    '<style:style style:name="Caption" style:family="paragraph"/>'
    '<style:style style:name="Drawing" style:family="paragraph" '
    'style:parent-style-name="Caption"/>'
)
_ODT_AUTOMATIC = (
    '<style:style style:name="B" style:family="text"><style:text-properties '
    'fo:font-weight="bold"/></style:style>'
    '<style:style style:name="I" style:family="text"><style:text-properties '
    'fo:font-style="italic"/></style:style>'
    '<style:style style:name="U" style:family="text"><style:text-properties '
    'style:text-underline-style="solid"/></style:style>'
    '<style:style style:name="HID" style:family="text"><style:text-properties '
    'text:display="none"/></style:style>'
    '<text:list-style style:name="BUL"><text:list-level-style-bullet text:level="1" '
    'text:bullet-char="•"/></text:list-style>'
    '<text:list-style style:name="NUM"><text:list-level-style-number text:level="1" '
    'style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" '
    'style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>'
    '<text:list-level-style-number text:level="3" style:num-format="I" text:start-value="4" '
    'text:display-levels="3"/></text:list-style>'
)
_ODT_RUN = {"b": "B", "i": "I", "u": "U", "hidden": "HID"}


def odt_parts(blocks: Sequence[Block]) -> dict[str, str | bytes]:
    body = "".join(_odt_block(kind, content) for kind, content in blocks)
    sizes = "".join(
        f'<style:style style:name="B{size}" style:family="text"><style:text-properties '
        f'fo:font-weight="bold" fo:font-size="{size}pt"/></style:style>'
        for size in (12, 14, 16, 20)
    )
    return {
        "mimetype": ODT_MIME,
        "content.xml": f"<office:document-content {_ODT_SPACES}><office:automatic-styles>"
        f"{_ODT_AUTOMATIC}{sizes}</office:automatic-styles><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_ODT_SPACES}><office:styles>{ODT_STYLES}"
        "</office:styles></office:document-styles>",
        "meta.xml": f"<office:document-meta {_ODT_SPACES}><office:meta><dc:title>"
        "The Closed Ferries</dc:title></office:meta></office:document-meta>",
        "META-INF/manifest.xml": "<manifest/>",
    }


def make_odt(blocks: Sequence[Block]) -> bytes:
    """An ODT of blocks."""
    return pack(odt_parts(blocks), stored=["mimetype"])


def _odt_block(kind: str, content: object) -> str:
    if kind == "raw":
        return str(content)
    if kind == "table":
        rows = "".join(
            "<table:table-row>"
            + "".join(
                f"<table:table-cell>{_odt_block('p', cell)}</table:table-cell>" for cell in row
            )
            + "</table:table-row>"
            for row in content
        )
        columns = f'<table:table-column table:number-columns-repeated="{len(content[0])}"/>'
        return f"<table:table>{columns}{rows}</table:table>"
    if kind.startswith("bold"):
        content = [("b" + kind[4:], str(content))]
    words = "".join(map(_odt_run, [content] if isinstance(content, str) else content))
    if kind in ("h1", "h2", "h3"):
        return f'<text:h text:outline-level="{kind[1]}">{words}</text:h>'
    if kind == "title":
        return f'<text:p text:style-name="Title">{words}</text:p>'
    if kind in ("bullet", "number"):
        style = "BUL" if kind == "bullet" else "NUM"
        return (
            f'<text:list text:style-name="{style}" text:continue-numbering="true"><text:list-item>'
            f"<text:p>{words}</text:p></text:list-item></text:list>"
        )
    return f"<text:p>{words}</text:p>"


def _odt_run(piece: str | tuple[str, str]) -> str:
    kind, words = ("", piece) if isinstance(piece, str) else piece
    if kind == "del":
        return '<text:change text:change-id="c1"/>'
    if kind == "note":
        return (
            '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
            f"<text:note-body><text:p>{escape(words)}</text:p></text:note-body></text:note>"
        )
    text = escape(words).replace("\t", "<text:tab/>").replace("\n", "<text:line-break/>")
    text = text.replace("  ", ' <text:s text:c="1"/>').replace("\f", "<text:soft-page-break/>")
    if kind == "link":
        return f'<text:a xlink:href="https://example.org/">{text}</text:a>'
    if kind == "ins":
        return (
            f'<text:change-start text:change-id="c2"/>{text}<text:change-end text:change-id="c2"/>'
        )
    style = "B" + kind[1:] if kind[:1] == "b" else _ODT_RUN.get(kind)
    return f'<text:span text:style-name="{style}">{text}</text:span>' if style else text
