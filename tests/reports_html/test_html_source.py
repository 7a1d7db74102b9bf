"""Reading source that nobody made: any text, any markup, any bytes."""

import html
import sys
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import ReportError
from workbench.reports.html import decoding
from workbench.reports.html.decoding import declared_codec, decode_page
from workbench.reports.html.reading import raw_words, read_page
from workbench.reports.html.scanning import attribute, tags
from workbench.reports.html.words import INLINE, words_of

_SCRAPS = """
    <p> </p> <div> </div> <li> <ul> </ul> <h2> </h2> <section> </section> <br> <b> </b> </a>
    <a~href=x> <!-- --> <script> </script> <svg> </svg> <table> <td> </table> <p~class='a>b'> < >
    & &amp; &nbsp; <! </ = ' " <nav> </nav> <title> <textarea> </p <p~a='
"""
SCRAPS = st.sampled_from([scrap.replace("~", " ") for scrap in _SCRAPS.split()])
PROSE = "The harbour was closed by the guards, and nobody could leave it for a week."

START = "Then the guards at the quay closed"


@st.composite
def soup(draw: st.DrawFn) -> str:
    parts = draw(st.lists(SCRAPS | st.text(max_size=12) | st.just(f" {PROSE} "), max_size=40))
    return "".join(parts)


@settings(max_examples=400, deadline=None)
@given(soup())
def test_any_source_gives_paragraphs_found_again_by_their_offsets(source: str) -> None:
    try:
        pieces = read_page(source, "soup.html").pieces
    except ReportError:
        return
    last = 0
    for piece in pieces:
        assert last <= piece.start < piece.end <= len(source)
        assert (piece.spans[0][0], piece.spans[-1][1]) == (piece.start, piece.end)
        assert raw_words(source, piece) == piece.text == " ".join(piece.text.split()) != ""
        last = piece.end


WORD = st.text(st.sampled_from("abcdefgàéñжш&<>\"'“”’–"), min_size=1, max_size=9)


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, str]:
    """A sentence and one of the ways to write it in HTML."""
    words = draw(st.lists(WORD, min_size=4, max_size=30))
    written = []
    for number, word in enumerate(words):
        escaped = html.escape(word)
        tag = draw(st.sampled_from(["", "", "b", "i", "a href='http://x.org/?a=1&b=2'", "span"]))
        if tag:
            escaped = f"<{tag}>{escaped}</{tag.split()[0]}>"
        written.append(escaped)
        last = number == len(words) - 1
        written.append(
            "" if last else draw(st.sampled_from([" ", "\n\t", "&nbsp;", " <!-- x --> "]))
        )
    return f"{START} {' '.join(words)}.", f"{START} {''.join(written)}."


@st.composite
def reports(draw: st.DrawFn) -> tuple[str, list[tuple[tuple[str, ...], str]]]:
    """A page and the paragraphs of it under their headings, by a walk of its own."""
    body: list[str] = []
    gold: list[tuple[tuple[str, ...], str]] = []
    path: list[tuple[int, str]] = []
    for number in range(draw(st.integers(3, 6))):
        if draw(st.booleans()):
            level = draw(st.integers(2, 6))
            path = [step for step in path if step[0] < level] + [(level, f"Heading {number}a")]
            body.append(f"<h{level} id=h{number}>Heading <em>{number}a</em></h{level}>")
        text, written = draw(sentences())
        section = tuple(words for _, words in path)
        gold.append((section, text))
        close = draw(st.sampled_from(["</p>", ""]))
        opening, closing = draw(
            st.sampled_from([("<p>", close), ("<div><p class=x>", "</p></div>"), ("<p><br>", ""),
                             ("<blockquote><p>", "</p></blockquote>"), ("<ul><li>", "</ul>")])
        )  # fmt: skip
        body.append(f"{opening}{written}{closing}")
    menu = "<nav><ul><li><a href='/'>Home</a></li></ul></nav>"
    footer = "<footer><p>All rights of this invented page are reserved.</p></footer>"
    inner = "\n".join(body)
    return f"<html><body>{menu}<main><h1>Norland</h1>{inner}</main>{footer}</body></html>", gold


@settings(max_examples=60, deadline=None)
@given(reports())
def test_every_paragraph_of_a_report_is_found_under_the_headings_above_it(
    made: tuple[str, list[tuple[tuple[str, ...], str]]],
) -> None:
    source, gold = made
    assert [(piece.section, piece.text) for piece in read_page(source, "made.html").pieces] == gold


class _Reader(HTMLParser):
    """The standard library's parser, as a judge of `words_of`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, None)


@settings(max_examples=200, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=4), st.sampled_from(["p", "li", "br", "b"]))
def test_words_are_those_of_the_standard_parser(made: list[tuple[str, str]], tag: str) -> None:
    markup = f"<{tag}>".join(written for _, written in made)
    judge = _Reader()
    judge.feed(markup)
    judge.close()
    assert words_of(markup) == " ".join("".join(judge.parts).split())


@pytest.mark.parametrize(
    "source",
    ["<div>", "<div><p>a", "<a ", '<a ="', "<!--", "<li>x", "<h3>x", "<br>x", "<br><br>it rained. ",
     "<b>", "<b></b>a<b>", "<title>", "<html ", "<meta a", "<meta x='", "<![CDATA[", "<?x",
     "<svg><nav>",
     "<h3>Related Content</h3><p>It rained.</p>", "<h2><a href=x>a b</a></h2><a href=y>z</a>",
     "<p>a. Some Heading</p>", "<p hidden>It fell.", "<main><table>", "<p>and so</p>", "</title",
     "&amp;lt;", "<table><td>", "<textarea>", "</div>", "<section><h3>a</h3><p>It fell.</p>", "<"],
)  # fmt: skip
def test_work_grows_with_the_length_of_a_hostile_page_only(source: str) -> None:
    def calls(times: int) -> int:
        """Calls made while reading: what a clock would show, without the machine's moods."""
        count = 0

        def note(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(note)
        try:
            with suppress(ReportError):
                read_page(source * times, "hostile.html")
        finally:
            sys.setprofile(None)
        return count

    # Four times the length makes four times the calls, sixteen times if it were quadratic.
    assert calls(8_000) < 5 * calls(2_000) + 1_000


def test_tags_in_comments_scripts_and_attributes_are_no_tags() -> None:
    source = (
        "<!-- <p> --><script>'<p>'</script><div title='<p>' data-x=\"</div>\">a</div><!><![if x]>"
    )
    assert [tag.name for tag in tags(source)] == ["!", "script", "div", "div", "!", "!"]


def test_attributes_are_read_as_they_are_written() -> None:
    written = " class=\"a b\" ID='x' hidden data-id=7"
    assert attribute(written, "class") == "a b"
    assert attribute(written, "id") == "x"
    assert attribute(written, "hidden") == ""
    assert attribute(written, "style") is None


def test_utf8_wins_over_a_wrong_declaration() -> None:
    data = "<meta charset=windows-1252><p>Ñorlánd’s law</p>".encode()
    assert decode_page(data, "page.html") == (data.decode("utf-8"), "utf-8")


@pytest.mark.parametrize(
    ("declared", "codec"), [("ISO-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("gbk", "gbk")]
)
def test_a_declared_encoding_is_used_where_bytes_are_not_utf8(declared: str, codec: str) -> None:
    words = {"cp1252": "Ñorlánd’s", "cp1251": "Нордия", "gbk": "国家"}[codec]
    data = f"<meta http-equiv=x content='charset={declared}'><p>{words} in law.".encode(codec)
    text, used = decode_page(data, "page.html")
    assert (used, words in text) == (codec, True)
    assert data.decode(used) == text


@pytest.mark.parametrize(
    "data",
    [b"", b"<p>\x00\x01", b"<p>\xff\xfe", b"<meta charset=utf-8><p>\xd0t\xd0",
     b"<meta charset=shift_jis><p>\x82", b"<meta charset=base64><p>\xd0\xd0"],
)  # fmt: skip
def test_bytes_that_are_no_page_are_an_error_that_names_the_file(data: bytes) -> None:
    with pytest.raises(ReportError, match=r"page\.html"):
        decode_page(data, "page.html")


def test_a_page_in_windows_1252_that_says_utf8_is_read_as_what_it_is() -> None:
    data = "<meta charset=utf-8><p>The guards’ café was closed.</p>".encode("cp1252")
    text, used = decode_page(data, "page.html")
    assert (used, "guards’ café" in text) == ("cp1252", True)


def test_a_page_that_says_utf16_but_is_utf8_is_read_as_utf8() -> None:
    data = "<meta charset=utf-16><p>The café was closed.</p>".encode()
    assert decode_page(data, "page.html") == (data.decode(), "utf-8")


def test_a_page_beyond_the_limit_is_refused_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MOST_BYTES", 1_000_000)
    page = b"<p>" + b"x" * 2_000_000
    with pytest.raises(
        ReportError, match=r"^big\.html is a web page of 2 MB: at most 1 MB are read"
    ):
        decode_page(page, "big.html")


WORDS = "The harbour was closed, and nobody left it for a week."
BROKEN = {
    "truncated in a tag": f"<p>{WORDS}</p><p class='x",
    "a comment without an end": f"<p>{WORDS}</p><!-- <p>Not seen by anyone.</p>",
    "a script without an end": f"<p>{WORDS}</p><script>var a = '<p>Not seen by anyone.</p>'",
    "a stylesheet that says it closes": f"<style>p</styles></style><p>{WORDS}</p>",
    "a CDATA section": f"<p><![CDATA[x]]>{WORDS}</p>",
    "a declared entity": '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    f"<p>{WORDS}</p>",
    "deep nesting": "<div>" * 20_000 + f"<p>{WORDS}</p>",
    "deep inline nesting": "<b>" * 20_000 + f"<p>{WORDS}</p>",
    "end tags alone": "</div></p></table>" * 2_000 + f"<p>{WORDS}</p>",
    "a long attribute": f"<p data-x='{'x' * 300_000}'>{WORDS}</p>",
    "many attributes": f"<p {'a=b ' * 50_000}>{WORDS}</p>",
    "capitals": f"<HTML><BODY><P CLASS=X>{WORDS}</P></BODY></HTML>",
    "XHTML": '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">'
    f"<head><title/></head><body><p>{WORDS}</p><p/><br/></body></html>",
}  # fmt: skip


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_broken_page_gives_what_a_browser_would_show_of_it(source: str) -> None:
    pieces = [piece.text for piece in read_page(source, "broken.html").pieces]
    assert pieces == [WORDS]


@pytest.mark.parametrize("entity", ["&#0;", "&#99999999999;", "&#xD800;", "&#x110000;", "&nosuch;"])
def test_an_entity_of_no_character_harms_no_paragraph(entity: str) -> None:
    (piece,) = read_page(f"<p>{WORDS} {entity} {WORDS}</p>", "x.html").pieces
    assert (piece.text[: len(WORDS)], piece.text[-len(WORDS) :]) == (WORDS, WORDS)
    piece.text.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | soup().map(str.encode))
def test_any_bytes_are_a_page_or_a_report_error(data: bytes) -> None:
    with suppress(ReportError):
        source, codec = decode_page(b"<html>" + data, "x.html")
        assert (b"<html>" + data).decode(codec) == source
        read_page(source, "x.html")


def test_misread_characters_are_counted_in_a_warning() -> None:
    garbled = WORDS.replace("harbour", "harbour’s café").encode().decode("cp1252")
    (warning,) = read_page(f"<title>Amnesty</title><p>{garbled}</p>", "x.html").warnings[1:]
    assert warning.startswith("2 characters were misread")


def test_only_encodings_of_text_are_taken_from_a_declaration() -> None:
    assert declared_codec(b"<meta charset=base64>") is None
    assert declared_codec(b"<meta charset=nonsense>") is None
    assert declared_codec(b"<p>charset=latin1</p>") is None
