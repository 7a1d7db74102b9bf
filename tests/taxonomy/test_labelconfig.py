"""The labelling page and the instructions that the codebook renders."""

from xml.etree import ElementTree as Xml

from workbench.taxonomy.codebook import Codebook, default_codebook_text, parse_codebook
from workbench.taxonomy.labelconfig import render_instructions, render_label_config


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
