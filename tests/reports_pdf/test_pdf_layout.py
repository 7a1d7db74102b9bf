"""Words with places to text, without a PDF: columns, lines, margins, footnotes, hyphens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.pdf.hyphens import read_lexicon
from workbench.reports.pdf.reading import lay_out
from workbench.reports.pdf.words import Page, Word, clean_characters, make_page

WIDTH, HEIGHT, SIZE = 600.0, 800.0, 10.0


def line(text: str, x: float, y: float, size: float = SIZE, bold: bool = False) -> list[Word]:
    """The words of a line, each letter half a size wide."""
    words = []
    for word in text.split():
        end = x + len(word) * size / 2
        words.append(Word(word, x, end, y, size, bold))
        x = end + size / 4
    return words


def page(*lines: list[Word]) -> Page:
    return Page(WIDTH, HEIGHT, tuple(word for each in lines for word in each))


def column(prefix: str, x: float, rows: int, y: float = 100.0) -> list[list[Word]]:
    """A justified-looking paragraph of `rows` lines, its last one short."""
    full = [line(f"{prefix}{n} and some words more then", x, y + 12 * n) for n in range(rows - 1)]
    return [*full, line(f"{prefix}{rows - 1} ends.", x, y + 12 * (rows - 1))]


def paragraphs(*pages: Page) -> list[str]:
    return lay_out(pages).text.strip().split("\n\n")


def test_lines_of_a_paragraph_become_one_line() -> None:
    (text,) = paragraphs(page(*column("a", 50, 5)))
    assert text.startswith("a0 and some words more then a1")
    assert text.endswith("a4 ends.")


@pytest.mark.parametrize("count", [2, 3])
def test_columns_are_read_one_after_the_other(count: int) -> None:
    columns = [column("abc"[n], 40 + 180 * n, 9) for n in range(count)]
    found = paragraphs(page(*[row for rows in columns for row in rows]))
    assert [text[:2] for text in found] == ["a0", "b0", "c0"][:count]
    assert all(text.count("ends.") == 1 for text in found)


def test_columns_whose_baselines_differ_are_read_one_after_the_other() -> None:
    found = paragraphs(page(*column("a", 40, 9), *column("b", 320, 9, y=105.0)))
    assert [text[:2] for text in found] == ["a0", "b0"]


def test_a_heading_across_columns_parts_them() -> None:
    heading = line("A Heading That Stands Over Both Of The Columns Of The Page", 40, 230, 14, True)
    above = [*column("a", 40, 9), *column("b", 320, 9)]
    below = [*column("c", 40, 9, 260), *column("d", 320, 9, 260)]
    found = paragraphs(page(*above, heading, *below))
    assert [text[:2] for text in found] == ["a0", "b0", "# ", "c0", "d0"]


def test_numbers_of_a_list_are_no_column() -> None:
    rows = [
        row
        for n in range(8)
        for row in (
            line(f"{n + 1}.", 40, 100 + 30 * n),
            line("An item that somebody wrote down here.", 75, 100 + 30 * n),
        )
    ]
    found = paragraphs(page(*rows))
    assert found[0] == "1. An item that somebody wrote down here."
    assert len(found) == 8


def test_running_headers_and_page_numbers_are_left_out() -> None:
    pages = [
        page(
            line("The Year in Veldoria", 50, 30),
            *column(f"p{number}", 50, 6),
            line(str(number), 300, 770),
        )
        for number in range(1, 5)
    ]
    text = lay_out(pages).text
    assert "Year in Veldoria" not in text
    assert [each.split()[-2] for each in text.strip().split("\n\n")] == [
        f"p{number}5" for number in range(1, 5)
    ]


def test_a_paragraph_that_a_page_cuts_is_whole_and_its_page_is_the_first() -> None:
    first = page(*[line(f"a{n} and some words more then", 50, 100 + 12 * n) for n in range(6)])
    second = page(*column("b", 50, 4), *column("c", 50, 4, 170))
    written = lay_out([first, second])
    assert [each[:2] for each in written.text.strip().split("\n\n")] == ["a0", "c0"]
    assert written.pages[0] == 0
    assert written.text[written.pages[1] :].startswith("b0")


def test_footnotes_and_their_marks_are_left_out() -> None:
    body = column("a", 50, 8)
    mark = Word("1", body[0][-1].x1, body[0][-1].x1 + 3, 96, 6, joined=True)
    note = line("1 Interview in Port Sabine, May.", 50, 700, 8)
    (text,) = paragraphs(page(*body, [mark], note))
    assert "then a1" in text
    assert "Interview" not in text


def test_a_raised_two_of_square_kilometres_stays() -> None:
    body = column("a", 50, 8)
    end = line("some km", 50, 196)
    mark = Word("2", end[-1].x1, end[-1].x1 + 3, 192, 6, joined=True)
    assert "km2" in paragraphs(page(*body, end, [mark]))[-1]


def test_text_at_another_angle_is_left_out_and_a_turned_page_is_read_upright() -> None:
    upright = ("word", 10.0, 10.0, 20.0, 10.0, 90, 0, 0, 0, 0)
    watermark = ("draft", 50.0, 50.0, 20.0, 40.0, 45, 0, 0, 0, 0)
    found = make_page((0, 0, 600, 800), [upright, upright, watermark])
    assert [word.text for word in found.words] == ["word"]
    assert (found.width, found.height) == (800, 600)


def test_ligatures_are_spelt_out_and_invisible_characters_go() -> None:
    assert clean_characters("e\ufb03cient\u200b") == "efficient"
    assert clean_characters("govern\x02") == "govern-"


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        ("the govern-", "ment said", ""),
        ("the self-", "governing canton", "-"),
        ("a state-", "owned quarry", "-"),
        ("the pre-", "and post-war years", None),
        ("the Upper-", "Harl road", "-"),
        ("the docu-", "mentation", ""),
    ],
)
def test_a_hyphen_at_a_lines_end(before: str, after: str, between: str | None) -> None:
    lexicon = read_lexicon(
        ["The government reads a state-owned paper, documentation of the owned", "govern-", "ment"]
    )
    assert lexicon.join(before, after) == between


@given(
    st.lists(
        st.builds(
            Word,
            st.text(min_size=1, max_size=8),
            st.floats(-50, 700),
            st.floats(-50, 700),
            st.floats(-50, 900),
            st.floats(0.5, 90),
            st.booleans(),
            st.booleans(),
            st.booleans(),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_any_words_give_a_text_and_page_offsets_in_order(words: list[Word]) -> None:
    written = lay_out([Page(600, 800, tuple(words)), Page(600, 800, tuple(words[::2]))])
    assert len(written.pages) == 2
    assert 0 == written.pages[0] <= written.pages[1] <= len(written.text)


def test_a_page_that_ends_early_ends_the_paragraph_whose_sentence_is_done() -> None:
    def rows(start: str, count: int) -> Page:
        names = (f"{start}{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(count))
        return page(
            *(line(f"{name} goes on for long.", 72, 100 + 14 * n) for n, name in enumerate(names))
        )

    found = paragraphs(rows("A", 40), rows("B", 39), rows("C", 40), rows("D", 40))
    assert [text[:3] for text in found] == ["Aaa", "Caa"]
