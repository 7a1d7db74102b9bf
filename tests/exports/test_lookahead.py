from hypothesis import given
from hypothesis import strategies as st

from workbench.exports.inputs import InputText
from workbench.exports.lookahead import show_first


def lines_of(reports):
    return [InputText(f"text {n}", (), None, report) for n, report in enumerate(reports)]


@given(
    st.lists(st.sampled_from([None, "a", "b", "c"]), max_size=30),
    st.integers(1, 6),
    st.integers(1, 4),
)
def test_every_report_is_shown_once_by_its_first_lines_before_they_come(reports, window, most):
    lines, shown, given_out = lines_of(reports), {}, []

    def show(report_id, texts):
        assert report_id not in shown
        assert report_id not in {line.report_id for line in given_out}
        shown[report_id] = texts

    for line in show_first(iter(lines), show, window=window, most=most):
        assert line.report_id in shown
        given_out.append(line)
    assert given_out == lines
    for report_id, texts in shown.items():
        own = [line for line in lines if line.report_id == report_id]
        first = lines.index(own[0])
        near = [line for line in lines[first : first + window] if line.report_id == report_id]
        assert len(texts) >= min(most, len(near))
        assert list(texts) == own[: len(texts)]
        assert len(texts) <= most


def test_of_an_endless_file_two_windows_are_read():
    read = 0

    def endless():
        nonlocal read
        while True:
            read += 1
            yield InputText("x")

    stream = show_first(endless(), lambda report_id, texts: None, window=10)
    next(stream)
    assert read == 20
