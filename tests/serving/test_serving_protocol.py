"""Tasks to paragraphs and predictions to answers, without a server."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.backend.protocol import answer_tasks, paragraph_of
from workbench.annotations.results import read_annotation
from workbench.annotations.tasks import task_data
from workbench.records import Evidence, Paragraph, Prediction, Report

CODES = ("assembly", "expression", "labor", "torture")
REPORT = Report("r", "R", None, None, None, "r.txt", "0" * 64, "utf-8", "generic")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "data", "text", "section", "prelabels", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
texts = st.text(min_size=1).filter(str.strip)
headings = st.text(min_size=1, max_size=20).filter(
    lambda heading: "›" not in heading and heading == heading.strip() and heading != "(no heading)"
)


@st.composite
def paragraphs(draw: st.DrawFn) -> Paragraph:
    text = draw(texts)
    section = tuple(draw(st.lists(headings, max_size=4)))
    return Paragraph("p", "r", 0, section, text, 0, len(text), ((0, len(text)),))


class Drawn:
    """Answers with predictions drawn beforehand, one a text."""

    version = "v"

    def __init__(self, predictions: dict[str, Prediction]) -> None:
        self._predictions = predictions

    def predict(self, wanted):
        return [self._predictions[paragraph.text] for paragraph in wanted]


@st.composite
def predictions(draw: st.DrawFn, text: str) -> Prediction:
    codes = tuple(sorted(draw(st.sets(st.sampled_from(CODES)))))
    scores = {code: draw(st.floats(0, 1)) for code in CODES}
    evidence = []
    for code in codes:
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        evidence.append(Evidence(code, start, end, text[start:end]))
    return Prediction(codes, scores, tuple(evidence))


@given(paragraphs())
def test_a_pushed_paragraph_is_read_back_as_it_was(paragraph: Paragraph) -> None:
    read = paragraph_of({"id": 1, "data": task_data(paragraph, REPORT)})
    assert read is not None
    assert (read.paragraph_id, read.report_id) == ("p", "r")
    assert (read.text, read.section) == (paragraph.text, paragraph.section)
    assert paragraph_of({"id": 1, "data": task_data(paragraph, REPORT, hidden=True)}) is None


@given(st.data())
def test_an_answer_reads_back_as_the_codes_and_evidence_predicted(data: st.DataObject) -> None:
    text = data.draw(texts)
    prediction = data.draw(predictions(text))
    task = {"id": 1, "data": {"text": text}}
    (answer,), remarks = answer_tasks([task], Drawn({text: prediction}))
    assert remarks == []
    assert answer["model_version"] == "v"
    assert 0 <= answer["score"] <= 1
    moment = "2026-03-01T12:00:00Z"
    raw = {"result": answer["result"], "created_at": moment, "updated_at": moment, "id": 1}
    annotation, _ = read_annotation(raw, "p", "ada", CODES)
    assert annotation.codes == prediction.codes
    assert sorted(annotation.evidence, key=str) == sorted(prediction.evidence, key=str)


@given(st.lists(json_values, max_size=6))
def test_whatever_the_tasks_are_each_has_an_answer(tasks: list[object]) -> None:
    class Any:
        version = "v"

        def predict(self, wanted):
            return [Prediction((), {}) for _ in wanted]

    answers, remarks = answer_tasks(tasks, Any())
    assert len(answers) == len(tasks)
    assert remarks == []
    for task, answer in zip(tasks, answers, strict=True):
        assert (answer == []) == (paragraph_of(task) is None)


@given(st.lists(st.booleans(), max_size=12))
def test_failing_tasks_are_left_out_and_no_others(failing: list[bool]) -> None:
    class Failing:
        version = "v"

        def predict(self, wanted):
            for paragraph in wanted:
                if paragraph.text == "bad":
                    raise KeyError(paragraph.text)
                yield Prediction(("labor",), {"labor": 1.0})

    tasks = [{"data": {"text": "bad" if bad else "good"}} for bad in failing]
    answers, remarks = answer_tasks(tasks, Failing())
    assert [answer == [] for answer in answers] == failing
    assert len(remarks) == sum(failing)


def test_a_labeller_that_answers_too_few_is_not_believed() -> None:
    class Short:
        version = "v"

        def predict(self, wanted):
            return [Prediction((), {})] * (len(wanted) - 1)

    answers, remarks = answer_tasks([{"data": {"text": "one"}}, {"data": {"text": "two"}}], Short())
    assert answers == [[], []]
    assert len(remarks) == 2
