import json

import pytest

from workbench.errors import AnnotationError
from workbench.models.gold import UNNAMED, read_gold

CODES = ("torture", "labor")


def read_whole(*records):
    return read_gold(
        [json.dumps(r) if isinstance(r, dict) else r for r in records], CODES, "g.jsonl"
    )


def read(*records):
    return read_whole(*records).coded


def test_text_and_codes_are_enough():
    (item,) = read({"text": "Guards beat him.", "codes": ["torture"]}, "", "  ")
    assert item.paragraph.text == "Guards beat him."
    assert item.codes == ("torture",)
    assert item.tied == ()
    assert item.paragraph.section == ()
    assert item.paragraph.report_id == UNNAMED


def test_a_section_is_a_list_or_one_text_with_steps():
    listed, joined = read(
        {"text": "a", "codes": [], "section": ["Section 1", " a. Prisons "], "report": "r"},
        {"text": "b", "codes": [], "section": "Section 1 > a. Prisons"},
    )
    assert listed.paragraph.section == joined.paragraph.section == ("Section 1", "a. Prisons")
    assert listed.paragraph.report_id == "r"


def test_lines_of_several_annotators_are_one_paragraph_by_majority():
    lines = [
        {"report": "r", "section": ["s"], "text": "Guards beat him.", "annotator": name, "codes": c}
        for name, c in (("ada", ["torture"]), ("ben", ["torture", "labor"]), ("cyd", []))
    ]
    (item,) = read(*lines)
    assert (item.codes, item.tied, item.coders) == (("torture",), (), ("ada", "ben", "cyd"))
    (item,) = read(*lines[:2])
    assert (item.codes, item.tied) == (("torture",), ("labor",))


def test_the_same_words_elsewhere_or_without_an_annotator_stay_apart():
    same = {"text": "The law forbids it.", "codes": []}
    assert len(read(same, same)) == 2
    assert len(read(same | {"annotator": "ada"}, same | {"annotator": "ada", "report": "r"})) == 2


def test_codes_that_a_line_lists_as_tied_are_undecided():
    (item,) = read({"text": "a", "codes": ["torture"], "tied": ["labor"], "coders": ["ada", "ben"]})
    assert (item.codes, item.tied) == (("torture",), ("labor",))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ({"text": "a"}, "codes: a list"),
        ({"text": "a", "codes": "labor"}, "codes: a list"),
        ({"text": "a", "codes": [1]}, "codes: a list"),
        ({"text": "a", "codes": ["housing"]}, "unknown code 'housing'"),
        ({"text": "a", "codes": [], "tied": "labor"}, "tied: a list of codes expected"),
        ({"text": "a", "codes": [], "tied": ["housing"]}, "tied: unknown code 'housing'"),
        ({"text": "a", "codes": ["labor"], "tied": ["labor"]}, "tied: 'labor' is in codes too"),
        ({"text": "a", "codes": [], "tied": ["labor"], "annotator": "ada"}, "tied: an annotator"),
        ({"codes": []}, "text: text expected"),
        ({"text": " ", "codes": []}, "text: text expected"),
        ({"text": "\ud800", "codes": []}, "surrogate"),
        ({"text": "a", "codes": [], "section": 3}, "section"),
        ({"text": "a", "codes": [], "report": 3}, "report: text expected"),
        ({"text": "a", "codes": [], "annotator": ""}, "annotator: text expected"),
    ],
)
def test_what_is_no_gold_line_is_named(record, message):
    with pytest.raises(AnnotationError, match=r"g\.jsonl, line 2: ") as caught:
        read({"text": "b", "codes": []}, record)
    assert message in caught.value.message


def test_an_annotator_codes_a_paragraph_once_and_a_file_holds_something():
    line = {"text": "a", "codes": [], "annotator": "ada"}
    with pytest.raises(AnnotationError, match="line 2: ada has coded this paragraph before"):
        read(line, line)
    with pytest.raises(AnnotationError, match="holds no paragraph"):
        read("")


def test_the_publisher_of_a_report_is_the_first_that_a_line_names():
    lines = [
        {"text": f"{report} {source}", "codes": [], "report": report, "source": source}
        for report, source in (("r", None), ("r", "watch"), ("r", "state"), ("q", 3))
    ]
    assert read_whole(*lines, {"text": "a", "codes": []}).sources == {"r": "watch"}


def test_lines_that_repeat_a_text_are_remarked_on():
    beaten, rain = (
        {"text": "Guards beat him.", "codes": ["torture"]},
        {"text": "Rain.", "codes": []},
    )
    assert read_whole(beaten, rain).remarks == ()
    by_two = [beaten | {"annotator": name, "codes": c} for name, c in (("a", []), ("b", ["labor"]))]
    assert read_whole(*by_two).remarks == ()
    (remark,) = read_whole(beaten, rain, rain).remarks
    assert "2 lines have the text of another (such as lines 2, 3)" in remark
    same, other = read_whole(beaten, rain, beaten | {"codes": []}).remarks
    assert "(such as lines 1, 3)" in same
    assert "1 text(s) have different codes in several lines (such as lines 1, 3)" in other
