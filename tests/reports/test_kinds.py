"""The kinds of paragraph: what is coded, what points elsewhere, what is about the report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.records import KINDS
from workbench.reports.kinds import kind_of
from workbench.reports.words import clean


@pytest.mark.parametrize(
    "text",
    [
        "See the Department’s Report on Belief at www.example.org/belief/.",
        "Also see the Ministry's *Findings on Small Hands* at www.example.org/hands.htm.",
        "Also, see the list of goods at https://example.org/goods/.",
        "For further information, see section 1.c.",
        "Please see Annex B. Also see the Report on Rivers at https://example.org/r.",
        "See section 1.e.",
        "Please see the Department of State’s Trafficking in Persons Report at https://www.example.org/tip/.",
        "For further information see section 2.d.",
        "(See also section 1.c., Physical Conditions.)",
        "See the U.S. Department of Fish’s Findings on Rivers at www.example.org.",
        "More information is available in the annual Report on Belief.",
        "The Department’s annual Report on Belief can be found at www.example.org/belief.",
        "In addition, see section 7.b.",
        "[See Section 1.d.]",
    ],
)
def test_a_paragraph_that_only_points_elsewhere_is_a_cross_reference(text: str) -> None:
    assert kind_of(clean(text)) == "cross-reference"


@pytest.mark.parametrize(
    "text",
    [
        "The Department of Lakes submits this report to the Congress in compliance with law.",
        "Note: This report was updated on March 29, 2011; see Appendix F: Errata for more.",
        "This report does not assess the policies of other countries or compare them.",
        "The entry for Norland is based on visits and interviews.",
        "Translated from Norlandic by a friend of the editors",
        "Bureau of Democracy and Fisheries",
        "BUREAU OF DEMOCRACY",
        "Bureau of Democracy, Human Rights, and Labor",
        "© 2018 Department of Pages",
        "Copyright 2019 the editors. All rights reserved.",
        "This work is licensed under a Creative Commons Attribution 4.0 licence.",
        "Share",
        "Share this page",
        "Download the report",
        "Download the full report (PDF)",
        "Contact: press@example.org, +44 20 7946 0000",
        "For more information, please contact Agata Roll at roll@example.org.",
        "(end of report)",
        "End of report.",
        "press@example.org",
        "Released by the Bureau of Democracy",
        "March 11, 2008",
        "Released on March 11, 2008",
        "Except where otherwise noted, this text is available under the terms of an open licence.",
        "This report covers events of one year. For others, see the reports at www.example.org.",
        "Unofficial translation from Norlandic",
    ],
)
def test_a_paragraph_about_the_report_is_boilerplate(text: str) -> None:
    assert kind_of(text) == "boilerplate"


@pytest.mark.parametrize(
    "text",
    [
        "The colony held 612 men (see section 1.c.).",
        "See the burns for yourself, a doctor told the court.",
        "See the Report on Belief at www.example.org. Nine believers were fined.",
        "Seen from the bridge, the report looked thin.",
        "This report does not compare countries. Nine men died in the colony.",
        "",
        "This report was suppressed by the government.",
        "These reports were not investigated.",
        "The report does not address the deaths of 40 men.",
        "Bureau of Prisons officials beat two men.",
        "Released on bail in May, the editor left.",
        "Translated into numbers, nine of ten men lost work.",
        "Copyright law was changed in May to close newspapers.",
        "Share of votes fell.",
        "Contact with families cost 1 500 000 crowns.",
        "Telephone lines to 2 000 000 homes were cut.",
        "Note: nobody was tried.",
        "The ministry published this report in May and denied it.",
        "Information on the number of prisoners was not available.",
        "See section 1.e. Nine men died.",
        "No information was available in the report.",
        "The law on emails was changed.",
        "Download speeds fell.",
        "Translation of court papers into Norlandic was refused.",
        "This section of the law prohibits torture.",
        "The ombudsman submits reports to parliament.",
        "E-mail was read by the police.",
        "The government publishes the list of prisoners on www.example.org.",
    ],
)
def test_a_paragraph_with_a_finding_is_text(text: str) -> None:
    assert kind_of(text) == "text"


def test_all_under_a_heading_about_the_report_is_boilerplate() -> None:
    text = "Nine people read the drafts and mended them."
    assert kind_of(text, ("About This Report",)) == "boilerplate"
    assert kind_of(text, ("Acknowledgements",)) == "boilerplate"
    assert kind_of(text, ("Reports of Abuse", "Contact with Families")) == "text"


def test_a_pointer_beside_a_word_on_the_report_leaves_it_boilerplate() -> None:
    text = "This report does not compare countries. See Annex B."
    assert kind_of(text) == "boilerplate"


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3).map(tuple))
def test_any_text_has_one_of_the_kinds(text: str, section: tuple[str, ...]) -> None:
    assert kind_of(text, section) in KINDS


@given(st.sampled_from(["(", "see ", "the a", "for x ", "1 ", "All r", "-. ", "note: "]))
def test_long_texts_of_one_form_are_judged_at_once(piece: str) -> None:
    assert kind_of(piece * 4000) == "text"


def test_a_pointer_behind_a_run_in_heading_is_a_cross_reference() -> None:
    assert kind_of("Lost Children: See section 2.d.") == "cross-reference"
    assert kind_of("Lost Children: See section 2.d. Nobody was found.") == "text"
    assert kind_of("Lost Children: Nobody was found.") == "text"
