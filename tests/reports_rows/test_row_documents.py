"""Rows to documents: groups, ids, offsets, and one paragraph for several coders."""

import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import ReportError
from workbench.records import Given
from workbench.reports.paragraphs import paragraph_id
from workbench.reports.rows import spooling
from workbench.reports.rows.fields import Row
from workbench.reports.rows.grouping import RowDocument, group_documents
from workbench.reports.rows.naming import slug_of_group, slug_of_id
from workbench.reports.rows.values import has_words, tidy

FILE = Path("data") / "Valley cases.csv"
SOME_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))


def row(number: int, text: str, **values: object) -> Row:
    return Row(f"line {number}", text, **values)  # type: ignore[arg-type]


def make(*rows: Row, **options: object) -> list[RowDocument]:
    return list(group_documents(rows, FILE, **options))  # type: ignore[arg-type]


def fails(*rows: Row, **options: object) -> str:
    with pytest.raises(ReportError) as caught:
        make(*rows, **options)
    return str(caught.value)


def test_a_file_without_groups_is_one_report_of_its_name() -> None:
    [made] = make(row(2, " The *court* ruled. ", section=("A", "b")), row(3, "See section 2.a."))
    report = made.document.report
    assert (report.report_id, report.layout, report.encoding, report.file) == (
        "valley-cases",
        "rows",
        "rows-text",
        str(FILE),
    )
    assert made.group is None
    first, second = made.document.paragraphs
    assert (first.text, first.section, first.position) == ("The *court* ruled.", ("A", "b"), 0)
    assert first.paragraph_id == paragraph_id("valley-cases", "The *court* ruled.")
    assert (second.kind, second.position) == ("cross-reference", 1)
    assert (second.start, second.end, second.spans) == (22, 38, ((22, 38),))


def test_a_named_report_keeps_its_name_whether_file_or_group() -> None:
    file = Path("veldoria-2018-state.csv")
    [made] = group_documents([row(2, "One word.")], file)
    assert made.document.report.report_id == "veldoria-2018-state"
    assert made.document.report.year == 2018
    [made] = make(row(2, "One word.", group="veldoria-2018-state.txt"))
    assert made.document.report.report_id == "veldoria-2018-state"
    [made] = make(row(2, "One word."), given=Given(report_id="mine", year=2020))
    assert made.document.report.report_id == "mine"
    assert made.document.report.year == 2020


def test_rows_of_a_group_need_not_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "IN_MEMORY", 10)
    rows = [row(n, f"Ünit {n}.", group="NO"[n % 2], section=("A",)) for n in range(6)]
    first, second = make(*rows)
    assert [p.text for p in first.document.paragraphs] == ["Ünit 0.", "Ünit 2.", "Ünit 4."]
    assert [p.text for p in second.document.paragraphs] == ["Ünit 1.", "Ünit 3.", "Ünit 5."]
    assert first.document.paragraphs[0].section == ("A",)
    ids = [made.document.report.report_id for made in (first, second)]
    assert ids == ["valley-cases-n", "valley-cases-o"]
    assert (first.group, second.group) == ("N", "O")


def test_metadata_of_rows_stands_where_they_agree_and_given_over_it() -> None:
    rows = [
        row(2, "One.", group="a", country="Veldoria", year=2019, title="Cases", language="en"),
        row(3, "Two.", group="a", country="Veldoria", year=2020, source="ngo"),
    ]
    [made] = make(*rows)
    report = made.document.report
    assert (report.country, report.year, report.title) == ("Veldoria", None, "Cases")
    assert (report.language, report.source) == ("en", "ngo")
    assert any("differ in year (2019, 2020" in warning for warning in made.document.warnings)
    [made] = make(*rows, given=Given(year=2021, country="Sorland"))
    assert (made.document.report.year, made.document.report.country) == (2021, "Sorland")
    assert made.document.warnings == ()


def test_ids_of_rows_name_paragraphs_and_repeat_in_no_report() -> None:
    rows = [row(2, "One.", id="A/1", group="x"), row(3, "One.", id="A-1", group="x")]
    [made] = make(*rows)
    first, second = (p.paragraph_id for p in made.document.paragraphs)
    assert re.fullmatch(r"valley-cases-x\.A-1-[0-9a-f]{8}", second)
    assert first.startswith("valley-cases-x.A-1-")
    assert first != second
    assert "line 4: the id 'A-1' is that of line 3" in fails(
        *rows, row(4, "Two.", id="A-1", group="x")
    )
    assert len(make(*rows, row(4, "Two.", id="A-1", group="y"))) == 2


def test_equal_texts_without_coders_are_paragraphs_of_their_own() -> None:
    [made] = make(row(2, "Same words."), row(3, "Same  words."))
    ids = [p.paragraph_id for p in made.document.paragraphs]
    assert ids == [paragraph_id("valley-cases", "Same words.", turn) for turn in (0, 1)]


@pytest.mark.parametrize("with_id", [True, False])
def test_rows_of_several_coders_are_one_paragraph_with_their_labels(with_id: bool) -> None:
    rows = [
        row(n, text, codes=codes, annotator=coder, id=str(number) if with_id else None)
        for n, (number, text, codes, coder) in enumerate(
            [
                (1, "Police beat a man.", ("torture",), "Ana"),
                (1, "Police beat a man. ", (), "Ben"),
                (2, "A union was closed.", ("labor",), "Ben"),
                (2, "A union was closed.", None, ""),
                (2, "A union was closed.", ("assembly",), "Ana"),
            ],
            2,
        )
    ]
    [made] = make(*rows)
    one, two = (p.paragraph_id for p in made.document.paragraphs)
    assert [(label.paragraph_id, label.coder, label.codes) for label in made.labels] == [
        (one, "Ana", ("torture",)),
        (one, "Ben", ()),
        (two, "Ben", ("labor",)),
        (two, "Ana", ("assembly",)),
    ]
    assert made.labels[1].place == "line 3"
    assert any("1 rows say nothing of codes" in warning for warning in made.document.warnings)


def test_a_text_that_stands_twice_is_dealt_out_coder_by_coder() -> None:
    said = [("Ana", ("labor",)), ("Ana", ()), ("Ben", ()), ("Ben", ("labor",))]
    [made] = make(*(row(n, "Same.", codes=c, annotator=a) for n, (a, c) in enumerate(said)))
    one, two = (p.paragraph_id for p in made.document.paragraphs)
    got = {(label.paragraph_id, label.coder): label.codes for label in made.labels}
    assert got == {
        (one, "Ana"): ("labor",), (two, "Ana"): (), (one, "Ben"): (), (two, "Ben"): ("labor",)
    }  # fmt: skip


def test_a_row_for_each_code_of_an_id_is_united_with_a_warning() -> None:
    rows = [row(n, "Same.", id="1", codes=(c,), annotator="Ana") for n, c in enumerate("ba")]
    [made] = make(*rows)
    assert [label.codes for label in made.labels] == [("a", "b")]
    assert any("1 rows repeat a paragraph" in warning for warning in made.document.warnings)
    other = row(4, "Other.", id="1", codes=(), annotator="Ben")
    assert "the id '1' is that of line 0 too, with other words" in fails(*rows, other)


def test_codes_need_a_coder() -> None:
    coded = row(2, "One.", codes=("labor",))
    assert "line 2: has codes and names no coder" in fails(coded)
    [made] = make(coded, row(3, "Two."), coder="Ana")
    assert [(label.coder, label.codes) for label in made.labels] == [("Ana", ("labor",))]


def test_rows_without_words_are_passed_over_and_counted() -> None:
    [made] = make(row(2, ""), row(3, "One."), row(4, " — "))
    assert len(made.document.paragraphs) == 1
    assert made.document.warnings == ("2 rows have no text: passed over",)
    assert "no row with text" in fails(row(2, " "))
    assert "no row with text" in fails()


def test_an_error_in_the_last_row_comes_before_any_report() -> None:
    def rows() -> object:
        yield row(2, "One.", group="a")
        raise ReportError("line 3 is wrong", "mend it")

    with pytest.raises(ReportError, match="line 3"):
        next(group_documents(rows(), FILE))  # type: ignore[arg-type]


def test_groups_that_would_be_one_report_are_refused() -> None:
    message = fails(row(2, "One.", group="Côte Grise"), row(3, "Two.", group="Cote grise"))
    assert "'Côte Grise' and 'Cote grise' give one report id" in message


def test_names_in_any_script_give_usable_and_different_ids() -> None:
    names = [
        "Ведория",
        "Сорланд",
        "ヴェル",
        "Veldoria",
        "Отчёт 2018",
        "Доклад 2018",
        "?!",
        "x" * 90,
    ]
    slugs = [slug_of_group(name) for name in names]
    assert len(set(slugs)) == len(names)
    for slug in slugs:
        assert slug.isascii()
        assert slug == slug.lower()
        assert 0 < len(slug) <= 60
    assert slug_of_group("Veldoria") == "veldoria"


@given(st.sets(SOME_TEXT.map(tidy).filter(bool), max_size=10))
def test_different_ids_of_rows_stay_different(names: set[str]) -> None:
    assert len({slug_of_id(name) for name in names}) == len(names)


def test_a_row_whose_words_change_gets_an_id_that_no_label_has() -> None:
    [before] = make(row(2, "One ended.", id="A"), row(3, "Two.", id="B"))
    [after] = make(row(2, "One began.", id="A"), row(3, "  two. ", id="B"))
    old, new = ([p.paragraph_id for p in made.document.paragraphs] for made in (before, after))
    assert old[0] != new[0]
    assert old[1] == new[1]


def test_groups_of_the_same_words_are_two_reports() -> None:
    first, second = make(row(2, "One.", group="a"), row(3, "One.", group="b"))
    assert first.document.report.sha256 != second.document.report.sha256
    assert first.document.report.sha256 == hashlib.sha256(first.source).hexdigest()


@settings(deadline=None)  # the first call loads the tables of languages
@given(
    st.lists(
        st.tuples(SOME_TEXT, st.sampled_from(["g", "h"]), st.sampled_from(["Ana", "Ben", ""])),
        min_size=1,
        max_size=12,
    ).filter(lambda rows: any(has_words(text) for text, _, _ in rows)),
    st.booleans(),
)
def test_offsets_give_back_the_raw_texts(rows: list[tuple[str, str, str]], coders: bool) -> None:
    made = [
        row(n, text, group=group, annotator=coder if coders else None)
        for n, (text, group, coder) in enumerate(rows)
    ]
    got = make(*made)
    for item in got:
        mine = [r for r in made if r.group == item.group and has_words(r.text)]
        source = item.source.decode()
        raws = [source[p.start : p.end] for p in item.document.paragraphs]
        assert [p.spans for p in item.document.paragraphs] == [
            ((p.start, p.end),) for p in item.document.paragraphs
        ]
        assert [tidy(raw) for raw in raws] == [p.text for p in item.document.paragraphs]
        assert source == "\n\n".join([item.group or "", *raws])
        assert set(raws) <= {r.text for r in mine}
        if not coders:
            assert raws == [r.text for r in mine]
    ids = [p.paragraph_id for item in got for p in item.document.paragraphs]
    assert Counter(ids).most_common(1)[0][1] == 1


def test_labels_of_another_coder_change_neither_paragraphs_nor_the_hash() -> None:
    rows = [row(n, f"Text {n}.", codes=(), annotator="Ana") for n in range(3)]
    more = [row(n + 3, f"Text {n}.", codes=("labor",), annotator="Ben") for n in range(3)]
    [first], [second] = make(*rows), make(*rows, *more)
    assert first.document == second.document
    assert len(second.labels) == 6
    [other] = make(*rows[:2], row(2, "Text two.", codes=(), annotator="Ana"))
    assert other.document.report.sha256 != first.document.report.sha256
