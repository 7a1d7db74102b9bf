"""Very long paragraphs, cut at sentence ends: no sentence cut, no word lost, offsets exact."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.records import Paragraph
from workbench.reports.html.reading import build_page_paragraphs, read_page
from workbench.reports.html.words import words_of
from workbench.reports.paragraphs import RawParagraph, build_paragraphs
from workbench.reports.reading import read_document
from workbench.reports.splitting import balance, sentence_ends, split_long
from workbench.reports.words import clean

FIXTURES = Path(__file__).parent / "fixtures"
WHOLE = FIXTURES / "veldoria-2018-state.txt"


def parts(text: str) -> list[str]:
    bounds = [-1, *sentence_ends(text), len(text)]
    return [text[a + 1 : b] for a, b in pairwise(bounds)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Nobody came.", "Nine men left."],
        ["Mr. Venn of the U.S. Embassy met Dr. Roll.", "They spoke."],
        ["He said, “It is over. Go home,” and left.", "They went."],
        ['He said, "It is over. Go home," and left.', "They went."],
        ["It was shut (nobody knew why. They asked) in May.", "It was cold."],
        ["See section 1.c. for more.", "It was cold."],
        ["Was it?", "No!", "“Never,” he said."],
        ["It failed: the water; the light.", "(It was cold.)", "It was wet."],
        ["Only one sentence without an end"],
    ],
)
def test_text_is_parted_between_whole_sentences(sentences: list[str]) -> None:
    assert parts(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("lengths", "most", "groups"),
    [
        ([10, 10, 10, 10], 30, [2, 2]),
        ([10] * 6, 60, [6]),
        ([50, 10, 10], 30, [1, 2]),
        ([30, 5, 5, 30], 40, [2, 2]),
        ([], 10, []),
    ],
)
def test_groups_are_few_and_even(lengths: list[int], most: int, groups: list[int]) -> None:
    assert balance(lengths, most) == groups


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20), st.integers(1, 80))
def test_no_group_of_several_is_larger_than_asked(lengths: list[int], most: int) -> None:
    place = 0
    for size in balance(lengths, most):
        group = lengths[place : place + size]
        assert size == 1 or sum(group) <= most
        place += size
    assert place == len(lengths)


SENTENCES = st.sampled_from(
    [
        "Nobody came.",
        "The *Lanterna* closed in May.",
        "A fine of \\$79 was paid by nine **miners and herders** of the lower valley.",
        "Dr. Roll asked for long-\nstanding\nrights and was told “No. Never,” by the court.",
        "See [the law](https://example.org/a).",
        "*Nobody left. Nobody spoke.*",
        "They left (in May).",
    ]
)


@given(
    st.lists(st.lists(SENTENCES, min_size=1, max_size=9), min_size=1, max_size=3),
    st.sampled_from([" ", "\n", "\r\n", "  "]),
    st.integers(3, 40),
)
@settings(deadline=None, max_examples=60)
def test_pieces_have_exact_offsets_and_all_the_words(
    paragraphs: list[list[str]], space: str, most: int
) -> None:
    source, raw = "", []
    for sentences in paragraphs:
        spans = []
        for half in (sentences[: len(sentences) // 2], sentences[len(sentences) // 2 :]):
            if half:
                start = len(source)
                source += space.join(half)
                spans.append((start, len(source)))
                source += "\n\nStay in Touch\n\n"
        raw.append(RawParagraph(tuple(spans), ("A",)))
    before = build_paragraphs("r", source, raw)
    after = split_long(before, source, most)
    check(before, after, source, clean, most)


def check(before, after, source: str, words, most: int) -> None:
    assert " ".join(p.text for p in after) == " ".join(p.text for p in before)
    assert [p.position for p in after] == list(range(len(after)))
    assert len({p.paragraph_id for p in after}) == len(after)
    end = 0
    for record in after:
        assert words("\n".join(source[a:b] for a, b in record.spans)) == record.text
        assert (record.start, record.end) == (record.spans[0][0], record.spans[-1][1])
        for start, stop in record.spans:
            assert end <= start < stop
            end = stop
    kept = [p for p in before if len(p.text.split()) <= most]
    assert [p.text for p in kept] == [p.text for p in after if p.spans in {k.spans for k in kept}]


LONG = "Exile: Nobody came home in May. Nine men were sent away in June. Nobody asked why."


def test_every_piece_keeps_the_path_and_has_an_id_of_its_own_words() -> None:
    before = build_paragraphs("r", LONG, [RawParagraph(((0, len(LONG)),), ("Movement",), 3)])
    after = split_long(before, LONG, 8)
    assert [p.text for p in after] == [
        "Exile: Nobody came home in May.",
        "Nine men were sent away in June.",
        "Nobody asked why.",
    ]
    assert {p.section for p in after} == {("Movement", "Exile")}
    assert {p.page for p in after} == {3}
    alone = build_paragraphs("r", after[1].text, [RawParagraph(((0, len(after[1].text)),), ())])
    assert after[1].paragraph_id == alone[0].paragraph_id
    pages = [p.page for p in split_long(before, LONG, 8, page_at=lambda at: 3 + (at > 40))]
    assert pages == [3, 3, 4]


def test_paragraphs_that_are_short_enough_come_back_as_they_are() -> None:
    document = read_document(WHOLE)
    source = WHOLE.read_text(encoding="utf-8")
    assert split_long(document.paragraphs, source, 10_000) == document.paragraphs


def page_paragraphs(html: str) -> tuple[Paragraph, ...]:
    return build_page_paragraphs("r", read_page(html, "page.html"))


def test_a_web_page_is_cut_in_its_markup() -> None:
    html = (
        "<main><p><b>Exile</b>: Nobody came <i class='a b'>home&nbsp;in</i> May.</b>&nbsp;Nine "
        "men &amp; women were sent away.<br/>Nobody asked why.</p>"
        "<p>It went on: </p><ul><li>Water failed. Light failed.</li><li>Post failed.</li></ul>"
        "<p>Nobody knew.</p></main>"
    )
    before = page_paragraphs(html)
    after = split_long(before, html, 7, words_of)
    check(before, after, html, words_of, 7)
    assert [p.text for p in after] == [
        "Exile: Nobody came home in May.",
        "Nine men & women were sent away.",
        "Nobody asked why.",
        "It went on: Water failed.",
        "Light failed. Post failed.",
        "Nobody knew.",
    ]
    assert html[after[2].start : after[2].end] == "Nobody asked why."


def test_spacy_is_imported_only_for_a_long_paragraph() -> None:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from workbench.reports.reading import read_document\n"
        "from workbench.reports.splitting import split_long\n"
        "path = Path(sys.argv[1])\ndocument = read_document(path)\n"
        "source = path.read_text(encoding='utf-8')\n"
        "split_long(document.paragraphs, source, 10_000)\nprint('spacy' in sys.modules)\n"
        "split_long(document.paragraphs, source, 10)\nprint('spacy' in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(WHOLE)], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "True"]
