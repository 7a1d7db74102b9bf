"""The labelling page and the instructions that the codebook renders."""

from xml.etree import ElementTree as Xml

import pytest
from label_studio_sdk.label_interface import LabelInterface

from workbench.annotations.adjudicating import case_data, case_predictions, find_cases
from workbench.annotations.tasks import task_data
from workbench.taxonomy.codebook import Codebook, default_codebook_text, parse_codebook
from workbench.taxonomy.labelconfig import (
    CODES,
    COMMENT,
    REASON,
    REASONS,
    render_adjudication_config,
    render_instructions,
    render_label_config,
)


def test_page_offers_every_code_with_alias_hotkey_and_hint(codebook: Codebook) -> None:
    page = Xml.fromstring(render_label_config(codebook))
    choices = page.findall(".//Choices/Choice")
    assert [c.get("alias") for c in choices] == [*codebook.code_names, "none"]
    assert [c.get("hotkey") for c in choices] == ["1", "2", "3", "4", "0"]
    assert all(c.get("hint") for c in choices)
    assert page.find(".//Choices").get("choice") == "multiple"
    assert [label.get("value") for label in page.findall(".//Labels/Label")] == list(
        codebook.code_names
    )
    assert page.find(".//TextArea").get("required") == "false"


def test_report_and_section_stand_above_the_text(codebook: Codebook) -> None:
    order = [e.get("value") for e in Xml.fromstring(render_label_config(codebook)).iter()]
    assert order.index("$report") < order.index("$section") < order.index("$text")


def test_no_hotkey_is_used_twice(codebook: Codebook) -> None:
    hotkeys = [
        e.get("hotkey")
        for e in Xml.fromstring(render_label_config(codebook)).iter()
        if e.get("hotkey")
    ]
    assert len(hotkeys) == len(set(hotkeys)) == 2 * len(codebook.codes) + 1


def test_words_of_the_codebook_cannot_break_page_or_instructions() -> None:
    text = default_codebook_text().replace(
        "name: Torture and ill-treatment", "name: 'A <b> & \"quoted\" name'"
    )
    codebook = parse_codebook(text, "x")
    page = Xml.fromstring(render_label_config(codebook))
    assert page.find(".//Choice").get("value") == 'A <b> & "quoted" name'
    assert "<b> &" not in render_instructions(codebook)


def test_instructions_hold_definitions_rules_and_limits(codebook: Codebook) -> None:
    html = render_instructions(codebook)
    for code in codebook.codes:
        assert code.name in html
        assert code.instruments[0] in html
    assert "Do not code" in html
    assert "In doubt" in html


def test_the_context_stands_between_text_and_codes_and_takes_no_labels(codebook: Codebook) -> None:
    page = Xml.fromstring(render_label_config(codebook))
    order = [e.get("name") for e in page.iter() if e.get("name")]
    assert order.index("text") < order.index("context") < order.index("codes")
    context = page.find(".//HyperText")
    assert context is not None
    assert context.get("value") == "$context"
    assert context.get("inline") == "true"  # a frame would not take our style
    assert {e.get("toName") for e in page.iter() if e.get("toName")} == {"text"}
    assert ".wb-context:not(:has(details)) { display: none; }" in page.findtext("Style", "")


@pytest.mark.parametrize("render", [render_label_config, render_adjudication_config])
def test_label_studio_itself_accepts_both_pages(render, codebook: Codebook) -> None:
    LabelInterface(render(codebook)).validate()


def test_the_tasks_data_fill_every_variable_of_both_pages(
    codebook: Codebook, make_document, make_annotation
) -> None:
    document = make_document(["Guards beat a docker."])
    paragraph = document.paragraphs[0]
    (case,) = find_cases(
        [
            make_annotation(paragraph.paragraph_id, "ana", "torture"),
            make_annotation(paragraph.paragraph_id, "ben"),
        ]
    )
    for page, data in (
        (render_label_config(codebook), task_data(paragraph, document.report)),
        (
            render_adjudication_config(codebook),
            case_data(case, paragraph, document.report, codebook),
        ),
    ):
        values = [e.get("value", "") for e in Xml.fromstring(page).iter()]
        assert {v[1:] for v in values if v.startswith("$")} <= data.keys()


def test_what_coders_chose_is_valid_on_the_adjudicators_page(
    codebook: Codebook, make_annotation
) -> None:
    given = [
        make_annotation("p", "ana", "torture", comment="A blow"),
        make_annotation("p", "ben", "labor", "torture"),
    ]
    (case,) = find_cases(given)
    page = LabelInterface(render_adjudication_config(codebook))
    for body in case_predictions(case):
        assert page.validate_prediction(body, return_errors=True) == []


def test_an_adjudicator_rules_by_the_coders_own_choices(codebook: Codebook) -> None:
    def controls(text: str) -> dict[str, list[tuple[str | None, str | None]]]:
        return {
            choices.get("name", ""): [(c.get("alias"), c.get("hotkey")) for c in choices]
            for choices in Xml.fromstring(text).iter("Choices")
        }

    ruled = controls(render_adjudication_config(codebook))
    assert ruled[CODES] == controls(render_label_config(codebook))[CODES]
    assert ruled[REASON] == list(zip(REASONS, "wert", strict=True))
    page = Xml.fromstring(render_adjudication_config(codebook))
    (reason,) = (c for c in page.iter("Choices") if c.get("name") == REASON)
    assert reason.get("choice") == "single"
    assert reason.get("required") is None  # may be left open
    assert [e.get("name") for e in page.iter("TextArea")] == [COMMENT]


def test_a_reason_gives_way_where_the_codebook_has_its_hotkey() -> None:
    text = default_codebook_text()
    assert 'hotkey: "1"' in text
    codebook = parse_codebook(text.replace('hotkey: "1"', "hotkey: e"), "x")
    page = Xml.fromstring(render_adjudication_config(codebook))
    hotkeys = [e.get("hotkey") for e in page.iter() if e.get("hotkey")]
    assert len(hotkeys) == len(set(hotkeys))
    (slip,) = (c for c in page.iter("Choice") if c.get("alias") == "codebook")
    assert slip.get("hotkey") is None
