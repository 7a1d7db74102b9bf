"""The codebook: what the shipped one says, and how faults in one are named."""

import pytest
import yaml

from workbench.errors import CodebookError
from workbench.taxonomy.codebook import Codebook, default_codebook_text, parse_codebook


def edited(**changes: object) -> str:
    """The default codebook with fields of its first code replaced (None: removed)."""
    data = yaml.safe_load(default_codebook_text())
    for field, value in changes.items():
        data["codes"][0].pop(field, None)
        if value is not None:
            data["codes"][0][field] = value
    return yaml.safe_dump(data)


def test_default_codebook_has_the_four_codes_each_fully_described(codebook: Codebook) -> None:
    assert codebook.code_names == ("torture", "assembly", "expression", "labor")
    for code in codebook.codes:
        assert code.definition
        assert code.include
        assert code.exclude
        assert code.examples
        assert len(code.phrases) >= 12
        assert any("ICCPR" in instrument for instrument in code.instruments)


def test_line_ends_do_not_change_the_hash() -> None:
    text = default_codebook_text()
    windows = text.replace("\n", "\r\n")
    assert parse_codebook(text, "a").sha256 == parse_codebook(windows, "b").sha256


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"definition": None}, "codes, torture: definition is missing"),
        ({"colour": "red"}, "colour 'red' is not a colour"),
        ({"hotkey": "2"}, "hotkey '2' is used twice"),
        ({"code": "assembly"}, "code 'assembly' is used twice"),
        ({"code": "none"}, "'none' is not usable"),
        ({"code": "Has Space"}, "'Has Space' is not usable"),
        ({"phrases": "tortur*"}, "phrases has the wrong type (str)"),
        ({"phrases": ["tor*ture"]}, "'tor*ture' has * inside a word"),
        ({"phrases": [""]}, "phrases '' is not text"),
        ({"definitoin": "x"}, "definitoin is not a known field"),
    ],
)
def test_a_fault_is_named_with_its_field(changes: dict[str, object], named: str) -> None:
    with pytest.raises(CodebookError) as caught:
        parse_codebook(edited(**changes), "my.yaml")
    assert named in str(caught.value)
    assert "my.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_broken_yaml_is_named_with_its_line() -> None:
    with pytest.raises(CodebookError, match=r"my\.yaml, line 2"):
        parse_codebook("name: x\n- what\n", "my.yaml")


@pytest.mark.parametrize("text", ["", "just words", "[]", "codes: []\nname: x\nversion: 1"])
def test_a_file_that_is_no_codebook_is_refused(text: str) -> None:
    with pytest.raises(CodebookError):
        parse_codebook(text, "my.yaml")
