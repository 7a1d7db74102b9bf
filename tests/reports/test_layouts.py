"""The layouts on invented reports: which claims what, and how each cuts."""

import json
import time
from pathlib import Path

import pytest

from workbench.reports.layouts import LAYOUTS, choose_layout
from workbench.reports.paragraphs import build_paragraphs
from workbench.reports.reading import read_document
from workbench.reports.words import clean

FIXTURES = Path(__file__).parent / "fixtures"
READ_BY = {
    "veldoria-2012-state.txt": "state-page",
    "veldoria-2017-state.txt": "state-text",
    "veldoria-2018-state.txt": "state-text",
    "veldoria-2019-state.txt": "state-text",
    "veldoria-2021-hrw.txt": "hrw-flat",
    "veldoria-2009-amnesty.txt": "amnesty",
    "veldoria-2016-amnesty.txt": "amnesty",
    "veldoria-2023-amnesty.txt": "amnesty",
    "veldoria-2014-un.txt": "un",
    "veldoria-2014-upr.txt": "un",
    "veldoria-2016-un.txt": "un",
    "veldoria-2019-un.txt": "un",
    "closed-valley.md": "generic",
    "paid-in-promises.txt": "generic",
}

Cut = list[tuple[tuple[str, ...], str]]


def cut(text: str, layout: str) -> Cut:
    records = build_paragraphs("r", text, LAYOUTS[layout].cut(text))
    return [(record.section, record.text) for record in records]


def texts(text: str, layout: str = "state-text") -> list[str]:
    return [words for _, words in cut(text, layout)]


@pytest.mark.parametrize("name", READ_BY)
def test_a_fixture_is_cut_as_its_gold_says(name: str) -> None:
    gold = json.loads((FIXTURES / name).with_suffix(".json").read_text(encoding="utf-8"))
    document = read_document(FIXTURES / name)
    found = [{"section": list(p.section), "text": p.text} for p in document.paragraphs]
    assert found == gold
    assert document.report.layout == READ_BY[name]


@pytest.mark.parametrize("name", READ_BY)
def test_spans_give_a_fixture_back_and_never_overlap(name: str) -> None:
    document = read_document(FIXTURES / name)
    source = (FIXTURES / name).read_bytes().decode(document.report.encoding)
    end = 0
    for paragraph in document.paragraphs:
        assert paragraph.start == paragraph.spans[0][0]
        assert paragraph.end == paragraph.spans[-1][1]
        assert clean("\n".join(source[a:b] for a, b in paragraph.spans)) == paragraph.text
        for start, stop in paragraph.spans:
            assert end <= start < stop <= len(source)
            end = stop


def test_a_report_that_no_layout_claims_is_generic_and_says_so() -> None:
    layout, (warning,) = choose_layout("A heading\n\nA paragraph about nothing in particular.")
    assert layout.name == "generic"
    assert "no layout claims" in warning


def test_a_report_that_two_layouts_claim_is_generic_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (FIXTURES / "veldoria-2018-state.txt").read_text(encoding="utf-8")
    monkeypatch.setattr(type(LAYOUTS["hrw-flat"]), "claims", lambda self, text: True)
    layout, (warning,) = choose_layout(text)
    assert layout.name == "generic"
    assert "state-text and hrw-flat both claim" in warning


def test_a_paper_with_sections_of_its_own_is_not_taken_for_a_state_report() -> None:
    text = "Executive Summary\n\nWe asked.\n\nSection 1. Method\n\nWe asked 40 people."
    assert choose_layout(text)[0].name == "generic"


STATE = "Country Report on Human Rights Practices 2018 - Veldoria\n\nExecutive Summary\n\n"


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("One.\n\nTwo words.\n\nThree words here.", ["One.", "Two words.", "Three words here."]),
        ("He asked one thing:\n\nNobody knew.", ["He asked one thing:", "Nobody knew."]),
        (
            "She said it was “over.”\n\n“Never,” said he.",
            ["She said it was “over.”", "“Never,” said he."],
        ),
        (
            "Three things failed:\n\n- the water;\n- the light;\n\n- the post.\n\nNobody came.",
            ["Three things failed: - the water; - the light; - the post.", "Nobody came."],
        ),
        ("Killings:\n\nNine men died.", ["Killings: Nine men died."]),
        (
            "The court of the\n\nLower Valley sat. It fined him.",
            ["The court of the Lower Valley sat. It fined him."],
        ),
        (
            "The judge found that the\n\n12\n\nbrothers were free.\n\nThey left.",
            ["The judge found that the brothers were free.", "They left."],
        ),
        (
            "The prefect met the mayor of Dunmere\f- 3 -\n\nAgata Roll came too.",
            ["The prefect met the mayor of Dunmere Agata Roll came too."],
        ),
        (
            "It closed.\n\n2011\n\nIt opened again in May.",
            ["It closed.", "2011", "It opened again in May."],
        ),
        ("It held 612 men [3]\n\nIt was cold.", ["It held 612 men [3]", "It was cold."]),
    ],
)
def test_paragraphs_end_where_their_words_do(body: str, paragraphs: list[str]) -> None:
    assert texts(STATE + body) == paragraphs


def test_headings_are_known_by_form_and_give_the_path() -> None:
    body = (
        "Section 1. Respect for the Integrity of the Person\n\n"
        "a. Arbitrary Deprivation of Life and other Unlawful Killings\n\nNobody died.\n\n"
        "Use of Force\n\nOne officer fired.\n\nTREATMENT OF HERDERS\n\nNobody asked them.\n\n"
        "b. Disappearance\n\nOne man was not seen again.\n\n"
        "SECTION 2 Respect for Civil Liberties, Including:\n\nWomen\n\nNo woman voted.\n\n"
        "Section 3.\n\nThe Right to Vote\n\nNobody voted.\n\n"
        "Section 9 of the penal code forbids it.\n"
    )
    first = "Section 1. Respect for the Integrity of the Person"
    letter = "a. Arbitrary Deprivation of Life and other Unlawful Killings"
    second = "SECTION 2 Respect for Civil Liberties, Including:"
    assert cut(STATE + "It was quiet.\n\n" + body, "state-text") == [
        (("Executive Summary",), "It was quiet."),
        ((first, letter), "Nobody died."),
        ((first, letter, "Use of Force"), "One officer fired."),
        ((first, letter, "TREATMENT OF HERDERS"), "Nobody asked them."),
        ((first, "b. Disappearance"), "One man was not seen again."),
        ((second, "Women"), "No woman voted."),
        (("Section 3. The Right to Vote",), "Nobody voted."),
        (("Section 3. The Right to Vote",), "Section 9 of the penal code forbids it."),
    ]


def test_markdown_marks_around_headings_are_not_part_of_the_path() -> None:
    body = "It was quiet.\n\n## **Section 1. Respect for Life**\n\n#### Women\n\nNobody *died*."
    assert cut(STATE + body, "state-text")[1] == (
        ("Section 1. Respect for Life", "Women"),
        "Nobody died.",
    )


def test_an_introduction_without_a_heading_is_kept_and_a_table_of_contents_is_not() -> None:
    text = (
        "2005 Human Rights Reports: Veldoria\n\nSection 1. Respect for Life\nSection 2. Worker "
        "Rights\n\nVeldoria is a republic.\n\nSection 1. Respect for Life\n\nNobody died."
    )
    assert texts(text) == ["Veldoria is a republic.", "Nobody died."]


@pytest.mark.parametrize(
    "tail",
    [
        "Share\n\nPrint\n\nThe Years Behind Us",
        "Reports\nMake a Report\n\n01 / Choose a Year\n\n02 / Choose more than one. Or none.",
        "[Blog](#) | [News](#)\n\n[Visas](#)\n[More...](#)\n\nWe look after this page with care.",
        "© 2018 Department of Pages",
    ],
)
def test_what_follows_the_last_section_is_not_a_paragraph(tail: str) -> None:
    body = "It was quiet.\n\nSection 7. Worker Rights\n\nNobody worked.\n\n"
    assert texts(STATE + body + tail) == ["It was quiet.", "Nobody worked."]


PAGE = "[Home](#) | [News](#)\n\n[Visas](#) » [Reports](#) » [Veldoria](#)\n\n" + STATE


def test_a_sidebar_in_a_sentence_is_taken_out() -> None:
    body = "The prefect refused the\n\nStay in Touch\n\n\n\nPages\n\n\n\nnotices. Nobody met.\n"
    assert texts(PAGE + body, "state-page") == ["The prefect refused the notices. Nobody met."]


def test_a_sidebar_between_paragraphs_is_no_heading() -> None:
    none = "None of the women who had asked to speak was let in."
    body = f"Nobody met.\n\nStay in Touch\n\n\n\nPages\n\n\n\nNobody spoke.\n\nWomen\n\n{none}"
    assert cut(PAGE + body, "state-page") == [
        (("Executive Summary",), "Nobody met."),
        (("Executive Summary",), "Nobody spoke."),
        (("Executive Summary", "Women"), none),
    ]


def test_a_page_break_before_a_name_is_mended_on_a_page_only() -> None:
    body = "The judge freed Ilario\n\nVenn after nine days.\n\nSection 2. Worker Rights\n\nNone."
    assert texts(PAGE + body, "state-page")[0] == "The judge freed Ilario Venn after nine days."
    assert texts(STATE + body)[0] == "The judge freed Ilario"


def test_running_headers_and_page_numbers_are_taken_out() -> None:
    pages = [f"Nobody came on day {day}, and the prefect" for day in ("one", "two", "three")]
    body = "\n\n".join(
        f"{page}\n\n{number}\fVeldoria and Its Lakes {number + 1}\n\nwent home."
        for number, page in enumerate(pages, 1)
    )
    assert texts(STATE + body) == [f"{page} went home." for page in pages]


def test_a_page_number_right_below_the_text_is_taken_out() -> None:
    body = "Nobody came on the first day, and the\n      12\n\fprefect went home."
    assert texts(STATE + body) == ["Nobody came on the first day, and the prefect went home."]


HRW = "World Report 2021: Veldoria | Human Rights WatchVeldoriaEvents of 2020"


def flat(*pieces: str, listed: str = "") -> list[str]:
    return texts(HRW + listed + "".join(pieces) + "Browse allChooseAlbaniaBrazilGive", "hrw-flat")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The editor of Harl Info.", "In May he left."),
        ("They called it “an insult.”", "“Never,” said he, and left."),
        ('They called it "an insult."', "The editor left it there."),
        ("Eleven of them had hepatitis C.", "The prison had no doctor in May."),
        ("Members of the group (DRZ).", "It was banned in 2011."),
        ("Who was it? Nobody knew!", "The judge did not ask."),
        ("It cost 2.5 million crowns.", "20 men were paid for it."),
        (
            "Bruno J.K. Venn, of the U.S.-funded Order No.2 academy, left Harl.kz and TUT.BY news.",
            "So he did.",
        ),
        ("He has a Ph.D. from Port Sabine, and St.Ann knows it.", "Nobody else does."),
    ],
)
def test_a_flat_page_breaks_where_a_sentence_runs_into_the_next(first: str, second: str) -> None:
    opening = "Nobody in Veldoria was asked about any of these things."
    assert flat(opening, first, second, "And that was all of it.") == [
        opening,
        first,
        second,
        "And that was all of it.",
    ]


def test_a_flat_page_finds_headings_by_its_list_whatever_follows_them() -> None:
    listed = "TortureHIV/AIDSAbuses by the RSFCovid-19"
    page = (
        HRW + listed + "A Fair Share of OxygenThe year was long, and nobody liked it much."
        "TortureTorture went on as it had in the years before it."
        "HIV/AIDSA clinic in Harl closed for want of a doctor."
        "Abuses by the RSFIncidents of theft by soldiers were many and seldom punished."
        "Covid-19“Stay home,” the mayor told those who had none.Browse allAlbaniaBrazilChile"
    )
    assert cut(page, "hrw-flat") == [
        ((), "The year was long, and nobody liked it much."),
        (("Torture",), "Torture went on as it had in the years before it."),
        (("HIV/AIDS",), "A clinic in Harl closed for want of a doctor."),
        (("Abuses by the RSF",), "Incidents of theft by soldiers were many and seldom punished."),
        (("Covid-19",), "“Stay home,” the mayor told those who had none."),
    ]


def test_names_with_a_capital_inside_are_no_headings() -> None:
    listed = "Media FreedomTorture"
    paragraphs = [
        "MediaLens, a local group, counted nine closed papers in the year.",
        "YouTube was slow in May, as MediaLens and the McArthur fund reported.",
    ]
    first = "The year was long, and nobody in the country liked it much."
    last = "Nobody was tried for it."
    assert flat(first, "Media Freedom", *paragraphs, "Torture", last, listed=listed) == [
        first, *paragraphs, last,
    ]  # fmt: skip


def test_captions_and_credits_of_a_flat_page_are_no_paragraphs() -> None:
    first = "The year was long, and nobody in the country liked it much."
    photo = "Teachers stand outside. June 6, 2020.© 2020 LAKES/Nora Quill"
    second = "The prefect did not come out to speak with any of them."
    assert flat(photo, first, photo, second) == [first, second]


def test_generic_paths_follow_numbers_capitals_and_words() -> None:
    text = (
        "FINDINGS\n\nWe found three.\n\nAt the bridge\n\nThey paid.\n\n"
        "WHAT TO DO\n\n1. Open the Valley\n\nOpen it.\n\n12. The committee notes it.\n"
    )
    assert cut(text, "generic") == [
        (("FINDINGS",), "We found three."),
        (("FINDINGS", "At the bridge"), "They paid."),
        (("1. Open the Valley",), "Open it."),
        (("1. Open the Valley",), "12. The committee notes it."),
    ]


def test_items_with_letters_stay_with_their_lead_in() -> None:
    body = "It asked that the prefect:\n\n(a) pay;\n\n(b) go;\n\n(c) write.\n\nHe did not."
    expected = ["It asked that the prefect: (a) pay; (b) go; (c) write.", "He did not."]
    assert texts(STATE + body) == expected
    assert texts("It was long.\n\n" + body, "generic") == ["It was long.", *expected]


WRAPPED = (
    "The ferry between Dunmere and Harl was closed all year, and the prefect\n"
    "did not say why. The miners walked around the lake instead, which took\n"
    "them two days."
)


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("Nobody asked.", ["Nobody asked."]),
        ("    Nobody asked.", ["Nobody asked."]),
        ("Trial Procedures\nNobody asked.", ["Nobody asked."]),
        (
            "Section 2. Worker Rights, Including the Right to Form Unions\nNobody did.",
            ["Nobody did."],
        ),
    ],
)
def test_wrapped_lines_without_blank_ones_part_where_a_line_had_room(
    below: str, expected: list[str]
) -> None:
    text = f"{STATE.rstrip()}\n{WRAPPED}\n{WRAPPED}\n{below}\n"
    joined = " ".join(WRAPPED.split())
    assert texts(text) == [joined, joined, *expected]


UN = "United Nations\n\nA/VRC/1/2\n\nDistr.: General\n\nReport on Veldoria\n\n"
THREE = "1. Nobody came.\n\n2. Nobody spoke.\n\n3. Nobody asked for a meeting.\n\n"


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ("4. It asks the State party to:\n\n(a) Pay;\n\n(b) Go.", "(a) Pay; (b) Go."),
        ("4. It noted that in paragraph\n\n12. of the report nobody paid.", "nobody paid."),
        ("4. The\n\nA/VRC/1/2\n\n7\n\nprefect went home.", "4. The prefect went home."),
        ("4. Nobody came.\n\n1 See A/VRC/1/1, para. 3.\n\n2 Ibid.", "4. Nobody came."),
        ("4. Nobody came.\n\n* Adopted on 3 May.", "4. Nobody came."),
        ("4. Nobody came.\n\nNotes\n\ni Nobody was asked.", "4. Nobody came."),
        ("4. Nobody came.\n\nPort\n\n2011\n\n2012\n\nKell\n\nHarl\n\n5. None.", "5. None."),
    ],
)
def test_a_numbered_paragraph_ends_where_the_next_number_begins(body: str, last: str) -> None:
    found = texts(UN + THREE + body, "un")
    assert found[:3] == ["1. Nobody came.", "2. Nobody spoke.", "3. Nobody asked for a meeting."]
    assert found[-1].endswith(last)
    assert len(found) == (5 if "5. " in body else 4)


def test_a_number_before_a_heading_is_no_paragraphs() -> None:
    body = "I. Law\n\nA. Courts\n\n4. Trials\n\n4. Nobody was tried.\n\nFees paid\n\n5. None."
    assert cut(UN + THREE + body, "un")[3:] == [
        (("I. Law", "A. Courts", "4. Trials"), "4. Nobody was tried."),
        (("I. Law", "A. Courts", "4. Trials", "Fees paid"), "5. None."),
    ]


AMNESTY = "Amnesty International Report 2016/17\n\nVELDORIA\n\nHead of state: Odette Marchetti\n\n"


def test_an_amnesty_entry_ends_before_its_list_of_documents() -> None:
    body = "It was a long year.\n\nBackground\n\nNobody voted.\n\nArms trade\n\nIt went on.\n\n"
    tail = "Amnesty International visits/reports\n\nVeldoria: Nine children (EUR 99/009/2009)"
    assert choose_layout(AMNESTY + body + tail)[0].name == "amnesty"
    assert cut(AMNESTY + body + tail, "amnesty") == [
        ((), "It was a long year."),
        (("Background",), "Nobody voted."),
        (("Arms trade",), "It went on."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        # A submission to the United Nations, and a press release: neither is the layout's.
        "A submission on Veldoria\n\n" + THREE + "4. We thank the Council (A/VRC/1/2).",
        "Distr.: General\n\nLetter\n\nWe write to you.\n\n1. Nobody came to the meeting.",
        "Amnesty International\n\nPublic statement\n\nBackground\n\nNobody came to the meeting.",
        "On Amnesty International Report 2016/17\n\nIt is a long report, and we read all of it.",
    ],
)
def test_what_only_looks_like_a_un_document_or_an_amnesty_entry_is_generic(text: str) -> None:
    layout, (warning,) = choose_layout(text)
    assert layout.name == "generic"
    assert "no layout claims" in warning


NAMED = "Section 1. Respect for the Integrity of the Person, Including Freedom from:"
SPLIT = NAMED.replace("1. ", "1.\n\n##### ")


def test_a_section_whose_name_is_a_marked_heading_below_its_number_has_both() -> None:
    body = f"It was quiet.\n\n{SPLIT}\n\na. Disappearance\n\nNobody was lost.\n"
    assert cut(STATE + body, "state-text")[1] == ((NAMED, "a. Disappearance"), "Nobody was lost.")


def test_the_title_in_markdown_is_no_step_of_a_path() -> None:
    title = "# Country Report on Human Rights Practices 2018 - Veldoria\n\n"
    body = "Veldoria is a republic of lakes.\n\n## Section 1. Respect for Life\n\nNobody died.\n"
    assert cut(title + body, "state-text") == [
        ((), "Veldoria is a republic of lakes."),
        (("Section 1. Respect for Life",), "Nobody died."),
    ]


def test_an_unmarked_heading_stands_below_the_marked_ones() -> None:
    body = "It was quiet.\n\n### Working Hours\n\nThey were long.\n\nNight Work\n\nIt was rare.\n"
    assert cut(STATE + body, "state-text")[2][0] == (
        "Executive Summary",
        "Working Hours",
        "Night Work",
    )


CONTENTS = (
    "1. Executive Summary\n\n2. Section 1. Respect for Life\n\n1. a. Disappearance\n\n"
    "2. b. Use of Force\n\n3. Section 2. Worker Rights\n\n1. Night Work\n\n"
)


def test_menus_and_tables_of_contents_of_a_printed_page_are_left_out() -> None:
    front = (
        "Skip to content\n\n###### Sites that end in .gov are ours\n\nA site that ends so is "
        "of the government.\n\nNewsroom\n\nsearch\n\n"
        "## 2018 Country Reports on Human Rights Practices: Veldoria\n\nDownload Report\n\n"
        f"###### Executive Summary\n\n{CONTENTS}"
    )
    report = (
        "### Executive Summary\n\nIt was quiet.\n\nSection 1.\n\n##### Respect for Life\n\n"
        "a. Disappearance\n\nNobody was lost.\n\nb. Use of Force\n\nOne officer fired.\n\n"
        "Section 2.\n\n##### Worker Rights\n\nNobody worked.\n\n##### Night Work\n\nNone.\n\n"
        "It was forbidden by law.\n\n"
    )
    back = f"### View report by:\n\nVeldoria\n\n##### On This Page\n\n{CONTENTS}Tags\n\nFollow us\n"
    life, work = "Section 1. Respect for Life", "Section 2. Worker Rights"
    assert cut(front + report + back, "state-text") == [
        (("Executive Summary",), "It was quiet."),
        ((life, "a. Disappearance"), "Nobody was lost."),
        ((life, "b. Use of Force"), "One officer fired."),
        ((work,), "Nobody worked."),
        ((work, "Night Work"), "None."),
        ((work, "Night Work"), "It was forbidden by law."),
    ]


@pytest.mark.parametrize(
    "piece",
    ["A.B.", "1.234.", "a", "aA", '."a', "[1] ", "_a ", "*a ", "\f", "# A\n", "1. A\n", "Word\n"],
)
def test_hostile_lines_cost_as_much_as_their_length(piece: str) -> None:
    def cost(size: int) -> float:
        text = STATE + piece * (size // len(piece)) + "\n\nIt was quiet.\n"
        began = time.process_time()
        layout, _ = choose_layout(text)
        build_paragraphs("r", text, layout.cut(text))
        return time.process_time() - began

    # Four times the text takes 16 times as long where the cost grows with the square. A busy
    # machine slows one run or another down, never the fastest of several by as much.
    small = large = float("inf")
    for _ in range(5):
        small, large = min(small, cost(10_000)), min(large, cost(40_000))
        if large < 10 * max(small, 0.05):
            return
    pytest.fail(f"40,000 characters took {large:.2f} s where 10,000 took {small:.2f}")
