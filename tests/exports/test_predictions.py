import io
import itertools
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from workbench.errors import WorkbenchError
from workbench.exports.inputs import LONGEST_LINE
from workbench.exports.paragraphs import paragraph_record
from workbench.exports.predictions import (
    InputText,
    prediction_record,
    prediction_schema,
    read_input,
    write_predictions,
    write_text_predictions,
)
from workbench.models.coldstart import ColdStart, LabellerInfo
from workbench.models.features import TextRow
from workbench.records import Evidence, Paragraph, Prediction, Report

FIELDS = [
    "paragraph_id",
    "report",
    "report_id",
    "source",
    "section",
    "text",
    "start",
    "end",
    "page",
    "codes",
    "scores",
    "thresholds",
    "evidence",
    "model",
    "taxonomy",
    "predicted_at",
]
INFO = LabellerInfo("2031-05-04-0a1b2c3d", "a" * 64, "rights", "1", "b" * 64)
THRESHOLDS = {"torture": 0.4, "labor": 0.25}
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
SCHEMA = Draft202012Validator(prediction_schema())
TEXT = "Guards beat the dockers in their cells."
PARAGRAPH = Paragraph(
    "p1", "ostravia-2031", 0, ("Section 1", "c. Custody"), TEXT, 10, 60, ((10, 60),), page=3
)
REPORT = Report(
    "ostravia-2031", "Ostravia 2031", "state", "Ostravia", 2031, "o.txt", "c" * 64, "utf-8", "plain"
)
PREDICTION = Prediction(
    codes=("labor", "torture"),
    scores={"torture": 0.91, "labor": 0.3},
    evidence=(Evidence("torture", 0, 11, "Guards beat"),),
)


def make_record(**changes):
    record = prediction_record(PARAGRAPH, REPORT, PREDICTION, INFO, THRESHOLDS, NOON)
    return {**record, **changes}


def write_input(tmp_path, *lines):
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b"".join(line.encode() + b"\n" for line in lines))
    return path


def test_a_record_has_exactly_the_fields_that_were_promised():
    record = make_record()
    assert list(record) == FIELDS
    assert record["report"]["report_id"] == "ostravia-2031"
    assert record["page"] == 3
    assert record["evidence"] == {
        "labor": [],
        "torture": [{"start": 0, "end": 11, "text": "Guards beat"}],
    }
    assert record["model"] == {"id": INFO.model_id, "sha256": "a" * 64}
    assert record["taxonomy"] == {"name": "rights", "version": "1", "sha256": "b" * 64}


def test_what_is_written_can_be_read_and_fits_the_schema():
    out = io.StringIO()
    assert write_predictions([make_record(), make_record(text="Überfüllte Zellen")], out) == 2
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines == [make_record(), make_record(text="Überfüllte Zellen")]
    assert "Überfüllte" in out.getvalue()
    for line in lines:
        Draft202012Validator(prediction_schema()).validate(line)


def test_times_are_given_in_utc():
    east = datetime(2031, 5, 4, 17, tzinfo=timezone(timedelta(hours=5)))
    record = prediction_record(PARAGRAPH, REPORT, PREDICTION, INFO, THRESHOLDS, east)
    assert record["predicted_at"] == "2031-05-04T12:00:00Z"


def test_what_a_line_says_of_its_report_is_passed_through():
    line = InputText(TEXT, report_id="velm-2031", source="watch")
    record = prediction_record(line, None, PREDICTION, INFO, THRESHOLDS, NOON)
    assert [record[f] for f in ("report", "report_id", "source")] == [None, "velm-2031", "watch"]
    stored = prediction_record(PARAGRAPH, REPORT, PREDICTION, INFO, THRESHOLDS, NOON)
    assert (stored["report_id"], stored["source"]) == (REPORT.report_id, REPORT.source)


def test_a_text_from_outside_has_no_report_and_no_place():
    record = prediction_record(
        InputText(TEXT, ("Custody",)), None, PREDICTION, INFO, THRESHOLDS, NOON
    )
    assert write_predictions([record], io.StringIO()) == 1
    assert [record[f] for f in ("paragraph_id", "report", "start", "end", "page")] == [None] * 5
    assert record["section"] == ["Custody"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_record_without_one_of_its_fields_is_refused(field):
    record = make_record()
    del record[field]
    with pytest.raises(WorkbenchError, match=f"prediction 2: .*{field}"):
        write_predictions([make_record(), record], io.StringIO())


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"extra": 1}, "extra"),
        ({"text": ""}, "text"),
        ({"codes": ["torture", "torture"]}, "codes"),
        ({"codes": ["Not A Code"]}, "codes"),
        ({"scores": {"torture": 1.2}}, "scores.torture"),
        ({"scores": {"torture": "high"}}, "scores.torture"),
        ({"evidence": {"torture": [{"start": -1, "end": 2, "text": "x"}]}}, "evidence.torture"),
        ({"model": {"id": "m", "sha256": "short"}}, "model.sha256"),
        ({"report": {"report_id": "r"}}, "report"),
        ({"predicted_at": "yesterday"}, "predicted_at"),
    ],
)
def test_a_record_that_breaks_the_schema_is_refused_and_its_field_named(changes, named):
    with pytest.raises(WorkbenchError) as caught:
        write_predictions([make_record(**changes)], io.StringIO())
    assert named in str(caught.value)


def test_records_are_written_as_they_come():
    out = io.StringIO()

    def records():
        yield make_record()
        assert out.getvalue().count("\n") == 1
        yield make_record()

    assert write_predictions(records(), out) == 2


def test_every_field_of_the_schema_is_described_and_closed():
    schema = prediction_schema()
    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == schema["required"] == FIELDS
    objects = [schema, *schema["$defs"].values(), *schema["properties"].values()]
    for item in objects:
        assert item["description"]
        if "properties" in item:
            assert item["additionalProperties"] is False
            assert all(field.get("description") for field in item["properties"].values())


def test_cold_start_predictions_fit_the_schema(codebook):
    labeller = ColdStart(codebook)
    (prediction,) = labeller.predict([TextRow(TEXT + " They were tortured.")])
    record = prediction_record(
        InputText(TEXT), None, prediction, labeller.info, labeller.thresholds, NOON
    )
    assert write_predictions([record], io.StringIO()) == 1
    assert record["model"]["id"] == labeller.version


def test_a_paragraph_record_has_exactly_the_fields_that_were_promised():
    record = paragraph_record(PARAGRAPH, REPORT)
    assert list(record) == [
        "paragraph_id",
        "report_id",
        "report",
        "section",
        "text",
        "start",
        "end",
        "page",
        "kind",
        "run_in",
    ]
    assert list(record["report"]) == [
        "title",
        "source",
        "country",
        "country_code",
        "year",
        "language",
        "file",
        "sha256",
    ]
    assert json.loads(json.dumps(record)) == record


def test_the_output_of_paragraphs_can_be_read_as_input(tmp_path):
    path = write_input(tmp_path, json.dumps(paragraph_record(PARAGRAPH, REPORT)))
    expected = InputText(TEXT, PARAGRAPH.section, "p1", "ostravia-2031", "state")
    assert list(read_input(path)) == [expected]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip),
            st.lists(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)),
        ),
        min_size=1,
    )
)
def test_texts_and_sections_come_back_as_they_were(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("input") / "texts.jsonl"
    lines = [json.dumps({"text": text, "section": section}) for text, section in texts]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    assert [(t.text, list(t.section)) for t in read_input(path)] == texts


@pytest.mark.parametrize(
    ("section", "expected"),
    [("Custody", ("Custody",)), ("", ()), (None, ()), ([], ()), (["a", " ", "b"], ("a", "b"))],
)
def test_a_section_may_be_one_heading_a_list_or_absent(tmp_path, section, expected):
    path = write_input(tmp_path, json.dumps({"text": "x", "section": section}), '{"text": "y"}')
    assert [text.section for text in read_input(path)] == [expected, ()]


def test_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path):
    path = write_input(tmp_path, '\ufeff{"text": "x"}', "", "  ", '{"text": "y"}')
    assert [text.text for text in read_input(path)] == ["x", "y"]


def test_a_large_file_is_read_line_by_line(tmp_path):
    path = write_input(tmp_path, '{"text": "x"}', "broken")
    assert [text.text for text in itertools.islice(read_input(path), 1)] == ["x"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"text": "a\x00b"}', "not JSON: Invalid control character"),
        ('{"text": "a"} {"text": "b"}', "not JSON: Extra data"),
        ("{}", "text: is missing"),
        ('{"text": null}', "text: is missing"),
        ('{"text": 3}', "text: is not text"),
        ('{"text": " "}', "text: is empty"),
        ('{"text": "a\\ud800"}', "text: holds half a character"),
        ('{"text": "x", "section": 4}', "section: is not a list"),
        ('{"text": "x", "section": [4]}', "section: is not text"),
        ('{"text": "x", "paragraph_id": 4}', "paragraph_id: is not text"),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(tmp_path, line, problem):
    path = write_input(tmp_path, '{"text": "fine"}', line)
    with pytest.raises(WorkbenchError) as caught:
        list(read_input(path))
    assert f"texts.jsonl, line 2: {problem}" in caught.value.message
    assert caught.value.mend


def test_a_text_longer_than_any_paragraph_is_refused(tmp_path):
    path = write_input(tmp_path, json.dumps({"text": "a" * 1_000_001}))
    with pytest.raises(WorkbenchError, match="line 1: text: has 1,000,001 characters"):
        list(read_input(path))


def test_a_file_that_is_not_utf8_or_not_there_is_named(tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_bytes('{"text": "caf\u00e9"}'.encode("latin-1"))
    with pytest.raises(WorkbenchError, match="line 1: not UTF-8"):
        list(read_input(path))
    with pytest.raises(WorkbenchError, match=r"gone\.jsonl: cannot be read: No such file"):
        list(read_input(tmp_path / "gone.jsonl"))


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_without_any_text_is_an_error(tmp_path, content):
    path = tmp_path / "texts.jsonl"
    path.write_bytes(content)
    with pytest.raises(WorkbenchError, match=r"texts\.jsonl: holds no text to predict"):
        list(read_input(path))


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "texts.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "fine"}\n')
        file.truncate(LONGEST_LINE + 100)
    with pytest.raises(WorkbenchError, match=r"line 2: has more than 16,000,000 bytes"):
        list(read_input(path))


def test_the_longest_text_in_the_longest_spelling_can_be_read(tmp_path):
    path = write_input(tmp_path, json.dumps({"text": "\U0001d504" * 1_000_000}))
    assert [len(text.text) for text in read_input(path)] == [1_000_000]


def test_a_nul_that_is_spelt_as_json_allows_is_passed_through(tmp_path):
    path = write_input(tmp_path, '{"text": "a\\u0000b"}')
    assert [text.text for text in read_input(path)] == ["a\x00b"]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.floats(-0.5, 1.5),
    st.sampled_from([float("nan"), "", "x", "torture", "labor", "\u00e9\n\x00", 10**30]),
)
STRETCHES = st.fixed_dictionaries(
    {}, optional={"start": VALUES, "end": VALUES, "text": VALUES, "more": VALUES}
)
CODES = st.sampled_from(["torture", "labor", "Labor", "", "other"])
ANYTHING = st.one_of(
    VALUES,
    st.lists(VALUES, max_size=3),
    st.lists(CODES, max_size=3),
    st.dictionaries(CODES, st.one_of(VALUES, st.lists(st.one_of(VALUES, STRETCHES), max_size=2))),
)


@given(st.dictionaries(st.sampled_from([*FIELDS, "extra"]), ANYTHING, max_size=3))
def test_a_later_record_is_written_if_and_only_if_it_fits_the_schema(changes):
    out = io.StringIO()
    record = make_record(**changes)
    try:
        fits = SCHEMA.is_valid(record) and json.dumps(record, allow_nan=False)
    except ValueError:
        fits = False
    if fits:
        assert write_predictions([make_record(), record, make_record()], out) == 3
        lines = [json.loads(line) for line in out.getvalue().splitlines()]
        assert lines == [make_record(), record, make_record()]
        assert [list(line) for line in lines] == [list(make_record()), list(record), FIELDS]
    else:
        with pytest.raises(WorkbenchError, match="prediction 2: "):
            write_predictions([make_record(), record], out)


def test_scores_that_are_no_number_are_refused():
    for records in ([], [make_record()]):
        with pytest.raises(WorkbenchError, match="Out of range float"):
            write_predictions(
                [*records, make_record(scores={"torture": float("nan")})], io.StringIO()
            )


def by(info, answers):
    return [(line, prediction, info) for line, prediction in answers]


SCORES = st.one_of(st.sampled_from([0.0, 1.0, 1e-6]), st.floats(0, 1).map(lambda x: round(x, 6)))
ANSWERS = st.builds(
    lambda text, section, name, codes, scores, report, source: (
        InputText(text, tuple(section), name, report, source),
        Prediction(
            tuple(sorted(codes)),
            dict(zip(THRESHOLDS, scores, strict=True)),
            tuple(Evidence(code, 0, 1, text[:1]) for code in sorted(codes)),
        ),
    ),
    st.text(min_size=1),
    st.lists(st.text(min_size=1), max_size=2),
    st.none() | st.text(min_size=1),
    st.sets(st.sampled_from(list(THRESHOLDS))),
    st.tuples(SCORES, SCORES),
    st.none() | st.sampled_from(["r", 'a "report"']),
    st.none() | st.sampled_from(["s", "\u00e9\n"]),
)


@given(st.lists(ANSWERS, max_size=6))
def test_texts_from_outside_are_written_as_their_records_would_be(answers):
    answers = [(InputText('a "\\" \x7f\u00a0\u2019', (), None), PREDICTION), *answers]
    quick, plain = io.StringIO(), io.StringIO()
    assert write_text_predictions(by(INFO, answers), THRESHOLDS, NOON, quick) == len(answers)
    records = [prediction_record(a, None, b, INFO, THRESHOLDS, NOON) for a, b in answers]
    write_predictions(records, plain)
    assert quick.getvalue() == plain.getvalue()
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    assert quick.getvalue() == "".join(lines)


@pytest.mark.parametrize("score", [float("nan"), 1.5, -0.1])
def test_a_later_text_with_a_score_that_is_none_is_refused(score):
    line = InputText("Rain.")
    wrong = Prediction((), {"torture": score, "labor": 0.1}, ())
    out = io.StringIO()
    with pytest.raises(WorkbenchError, match="prediction 2"):
        write_text_predictions(by(INFO, [(line, PREDICTION), (line, wrong)]), THRESHOLDS, NOON, out)
    assert out.getvalue().count("\n") == 1
