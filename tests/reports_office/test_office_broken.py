"""Broken and hostile DOCX and ODT files: one known error, one line, with a mend."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_building import docx_parts, make_docx, make_odt, odt_parts, pack

from workbench.errors import ReportError
from workbench.reports.extracting import Extracted
from workbench.reports.office.docx import extract_docx
from workbench.reports.office.odt import extract_odt

BLOCKS = [("title", "Rivers"), ("h1", "The Harl"), ("p", "The Harl rose in May."),
          ("bullet", "a boat;"), ("table", [["One", "Two"], ["3", "It fell."]])]  # fmt: skip
GOOD = {"docx": make_docx(BLOCKS), "odt": make_odt(BLOCKS)}
PARTS: dict[str, Callable[[list], dict[str, str | bytes]]] = {"docx": docx_parts, "odt": odt_parts}
MAIN = {"docx": "word/document.xml", "odt": "content.xml"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def extract(form: str, data: bytes) -> Extracted:
    return (extract_docx if form == "docx" else extract_odt)(data, f"rivers.{form}")


def error_of(form: str, data: bytes) -> str:
    with pytest.raises(ReportError) as caught:
        extract(form, data)
    error = caught.value
    assert f"rivers.{form}" in error.message
    assert error.mend
    assert "\n" not in str(error)
    return error.message


def with_main(form: str, change: Callable[[str], str | bytes | None]) -> bytes:
    """The good file with its main part changed; None leaves it out."""
    parts = PARTS[form](BLOCKS)
    changed = change(str(parts.pop(MAIN[form])))
    if changed is not None:
        parts[MAIN[form]] = changed
    return pack(parts)


both = pytest.mark.parametrize("form", ["docx", "odt"])


@both
def test_the_good_files_are_good(form: str) -> None:
    assert "The Harl rose in May." in extract(form, GOOD[form]).text


@both
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_off_is_called_so(form: str, share: float) -> None:
    message = error_of(form, GOOD[form][: int(share * len(GOOD[form]))])
    assert f"is {form.upper()}, but" in message


@both
def test_a_missing_main_part_is_named(form: str) -> None:
    assert MAIN[form] in error_of(form, with_main(form, lambda xml: None))


@both
@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE, "<!DOCTYPE x>"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_entities_are_refused(form: str, doctype: str, codec: str) -> None:
    def change(xml: str) -> bytes:
        head = f'<?xml version="1.0" encoding="{codec}"?>'
        return (head + doctype + xml.replace("The Harl rose", "&a;&c;", 1)).encode(codec)

    message = error_of(form, with_main(form, change))
    assert "DOCTYPE" in message
    assert f"!/{MAIN[form]}" in message


@both
@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml[: len(xml) // 2],
        lambda xml: xml.replace("Harl", "Ha\x00rl"),
        lambda xml: xml.replace("Harl", "H\xe4rl").encode("cp1252"),
        lambda xml: '<?xml version="1.0" encoding="no-such"?>' + xml,
        lambda xml: '<?xml version="1.0" encoding="utf-16"?>' + xml,
        lambda xml: xml.replace("Harl", "&nobody;"),
        lambda xml: "",
        lambda xml: b"\x00" * 100,
        lambda xml: xml.replace("<w:p>", "<w:p>" + "<w:x>" * 5000, 1).replace(
            "<text:p", "<text:x>" * 5000 + "<text:p", 1
        ),
    ],
    ids=["cut", "nul", "latin", "unknown", "utf16", "entity", "empty", "zeros", "deep"],
)
def test_broken_xml_names_its_part(form: str, change: Callable[[str], str | bytes]) -> None:
    assert f"!/{MAIN[form]} is broken XML" in error_of(form, with_main(form, change))


@both
def test_deep_xml_within_the_parsers_limit_is_read(form: str) -> None:
    tag = "w:smartTag" if form == "docx" else "text:span"
    words = "<w:r><w:t>deep</w:t></w:r>" if form == "docx" else "deep"
    nested = f"<{tag}>" * 240 + words + f"</{tag}>" * 240
    block = ("raw", f"<w:p>{nested}</w:p>" if form == "docx" else f"<text:p>{nested}</text:p>")
    make = make_docx if form == "docx" else make_odt
    assert extract(form, make([block])).text == "deep\n"


@both
def test_tables_in_tables_within_the_parsers_limit_are_read(form: str) -> None:
    if form == "docx":
        around, words = ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"), "<w:p><w:r><w:t>It rose."
        words += "</w:t></w:r></w:p>"
    else:
        around = (
            "<table:table><table:table-row><table:table-cell>",
            "</table:table-cell></table:table-row></table:table>",
        )
        words = "<text:p>It rose.</text:p>"
    make = make_docx if form == "docx" else make_odt
    nested = around[0] * 80 + words + around[1] * 80
    assert extract(form, make([("raw", nested)])).text == "It rose.\n"


@both
def test_a_bomb_is_refused(form: str) -> None:
    data = with_main(form, lambda xml: xml.replace("Harl", "0" * (40 * 2**20), 1))
    assert "bomb" in error_of(form, data)


@both
def test_a_file_with_a_password_is_called_so(form: str) -> None:
    locked = OLE + "EncryptedPackage".encode("utf-16-le")
    assert "password" in error_of(form, locked)
    assert "old Word document" in error_of(form, OLE)


def test_an_odt_with_a_password_is_called_so() -> None:
    parts = odt_parts(BLOCKS)
    parts["META-INF/manifest.xml"] = "<manifest:encryption-data manifest:checksum='x'/>"
    parts["content.xml"] = b"\x8a\x00random"
    assert "password" in error_of("odt", pack(parts))


@both
def test_a_file_without_a_word_says_so(form: str) -> None:
    make = make_docx if form == "docx" else make_odt
    assert "no text" in error_of(form, make([("p", "12"), ("p", " ")]))
    other = make_odt(BLOCKS) if form == "docx" else make_docx(BLOCKS)
    assert f"is no {form.upper()}" in error_of(form, other)


def test_a_docx_whose_text_is_embedded_says_so() -> None:
    assert "another file" in error_of("docx", make_docx([("raw", '<w:altChunk r:id="r1"/>')]))


def test_styles_and_lists_that_lead_in_circles_or_are_huge_do_no_harm() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    styles = (
        f'<w:styles xmlns:w="{w}"><w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/>'
        '</w:style><w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        "</w:styles>"
    )
    numbering = (
        f'<w:numbering xmlns:w="{w}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        f'<w:start w:val="{"9" * 5000}"/><w:numFmt w:val="lowerRoman"/>'
        f'<w:lvlText w:val="{"%1" * 50_000}"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="999999999"/>'
        '<w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    paragraph = (
        "<w:p><w:pPr><w:pStyle w:val='a'/><w:numPr><w:ilvl w:val='{}'/><w:numId w:val='1'/>"
        "</w:numPr></w:pPr><w:r><w:t>It rose.</w:t></w:r></w:p>"
    )
    blocks = [("raw", paragraph.format(depth)) for depth in (0, 1, 77, -3)]
    text = extract("docx", make_docx(blocks, styles=styles, numbering=numbering)).text
    assert text.split("\n\n") == ["It rose.", "999999999. It rose.", "It rose.", "It rose.\n"]


@both
def test_a_damaged_part_that_is_not_read_does_no_harm(form: str) -> None:
    parts = PARTS[form](BLOCKS) | {"media/image1.png": b"\x89PNG" * 99}
    data = pack(parts)
    at = data.index(b"media/image1.png") + 20
    assert "Harl" in extract(form, data[:at] + b"\x00" + data[at + 1 :]).text


@both
@given(st.data())
def test_a_damaged_file_gives_only_known_errors(form: str, data: st.DataObject) -> None:
    good = GOOD[form]
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 5))):
        changed[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    stop = data.draw(st.integers(0, len(good)) | st.just(len(good)))
    survive(form, bytes(changed[:stop]))


@both
@given(st.integers(0, 2**32))
def test_damaged_xml_gives_only_known_errors(form: str, seed: int) -> None:
    chance = random.Random(seed)

    def change(xml: str) -> str:
        for _ in range(chance.randint(1, 4)):
            a, b = sorted(chance.randrange(len(xml)) for _ in range(2))
            b = min(b, a + 60)
            xml = chance.choice([
                xml[:a] + xml[b:],
                xml[:a] + xml[a:b] * 2 + xml[b:],
                xml[:a]
                + chance.choice(["<w:p>", "</w:p>", "&#1;", "<", '"', "9" * 5000]) + xml[b:],
            ])  # fmt: skip
        return xml

    survive(form, with_main(form, change))


@both
@given(st.binary(max_size=200))
def test_any_bytes_give_only_known_errors(form: str, data: bytes) -> None:
    survive(form, data)
    survive(form, with_main(form, lambda xml: data))
    survive(form, with_main(form, lambda xml: xml.replace("Harl", data.decode("latin-1"))))


# Whatever the elements, in whatever order: valid XML with names that the reader knows.
TAGS = {
    "docx": ["w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent", "w:ins",
             "w:pPr", "w:numPr", "mc:AlternateContent", "mc:Choice", "w:drawing",
             "w:txbxContent", "w:rPr",
             "w:hyperlink", "w:br", "w:sym", "w:fldChar", "w:ruby", "m:oMath", "w:del"],
    "odt": ["text:p", "text:h", "text:list", "text:list-item", "text:span", "table:table",
            "draw:frame", "table:table-row", "table:table-cell", "draw:text-box", "text:section",
             "text:note",
            "text:numbered-paragraph", "text:number", "text:s", "text:list-header", "text:a"],
}  # fmt: skip


@both
@given(st.data())
def test_elements_in_any_order_are_read_or_refused(form: str, data: st.DataObject) -> None:
    leaves = st.sampled_from(["It rose in May. ", "x", ""])
    tags = st.sampled_from(TAGS[form])
    trees = st.recursive(
        leaves,
        lambda inner: st.tuples(tags, st.lists(inner, max_size=4)).map(
            lambda tree: f"<{tree[0]}>{''.join(tree[1])}</{tree[0]}>"
        ),
        max_leaves=25,
    )
    make = make_docx if form == "docx" else make_odt
    survive(form, make([("raw", data.draw(trees)), ("p", "It fell in June.")]))


def survive(form: str, data: bytes) -> None:
    try:
        found = extract(form, data)
    except ReportError as error:
        message, mend = error.message, error.mend
    else:
        message, mend = (f"rivers.{form}", "none needed") if found.text.strip() else ("", "")
    assert f"rivers.{form}" in message
    assert mend
