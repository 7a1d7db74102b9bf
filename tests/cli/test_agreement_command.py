"""`workbench agreement` as a script meets it: exit codes, errors, files, JSON."""

import io
import json
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.exports.agreement_files import COMMENT, TEXTS, awkward_lines
from workbench.cli import run
from workbench.exports.agreement.files import NAMES

HEAD = "unit,annotator,codes\n"


@pytest.fixture
def measure(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Runs `workbench agreement --input` on a text, in a folder that is no workspace."""
    monkeypatch.chdir(tmp_path)

    def go(text: str | bytes, *options: str, name: str = "codings.csv") -> tuple[int, str, str]:
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        (tmp_path / name).write_bytes(data)
        code = run(["agreement", "--input", name, "--resamples", "100", *options])
        out, err = capsys.readouterr()
        return code, out, err

    return go


@pytest.fixture
def coded(cli):
    """A workspace whose two coders gave `labor` to every other paragraph, and nothing else."""
    texts = [f"Dockers of Port Amaro met on pier {n} and went home." for n in range(60)]
    report = cli.folder / "harbour.txt"
    report.write_text("\n\n".join(texts), encoding="utf-8")
    cli("ingest", report)
    labels = cli.folder / "labels.jsonl"
    rows = (
        {
            "report": "harbour.txt",
            "text": text,
            "annotator": coder,
            "codes": ["labor"] if n % 2 else [],
        }
        for n, text in enumerate(texts)
        for coder in ("ana", "ben")
    )
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    cli("annotations", "import", labels)
    return cli


def perfect(units: int = 60) -> str:
    """Two coders who agree on everything: `labor` on every other unit, `rare` never."""
    return HEAD + "".join(
        f"p{n},{coder},{'labor' if n % 2 else ''}\n" for n in range(units) for coder in "ab"
    )


def disputed(units: int = 60) -> str:
    """Two coders who agree on `labor` and differ on `torture` as if by lot."""
    return HEAD + "".join(
        f"p{n},{coder},{'labor;' if n % 2 else ''}{'torture' if (n + place) % 3 == 0 else ''}\n"
        for n in range(units)
        for place, coder in enumerate("ab")
    )


def test_codings_of_any_tool_need_no_workspace_and_write_nothing_unasked(
    measure, tmp_path: Path
) -> None:
    code, out, err = measure(perfect())
    assert (code, err) == (0, "")
    assert "labor" in out
    assert "60 paragraphs coded by two or more of 2 coders." in out
    assert [path.name for path in tmp_path.iterdir()] == ["codings.csv"]


def test_min_alpha_passes_and_fails_by_the_lower_end(measure) -> None:
    assert measure(perfect(), "--min-alpha", "0.8")[0] == 0
    code, out, err = measure(disputed(), "--min-alpha", "0.8")
    assert code == 1
    failing = err.splitlines()
    assert len(failing) == 1
    assert failing[0].startswith("torture: below 0.8: alpha -")
    assert "labor" in out  # the table is printed all the same


def test_a_high_alpha_on_few_paragraphs_is_below_by_its_lower_end(measure) -> None:
    few = HEAD + "p1,a,x\np1,b,x\np2,a,y\np2,b,y\n"
    code, out, err = measure(few, "--min-alpha", "0.667")
    assert code == 1
    assert "1.000" in out
    assert {line.split(":")[0] for line in err.splitlines()} == {"x", "y"}


def test_a_code_that_nobody_gave_passes_min_alpha(coded) -> None:
    out = coded("agreement", "--resamples", "100", "--min-alpha", "0.8")
    rows = {line.split()[0]: line for line in out.splitlines() if line}
    assert "1.000" in rows["labor"]
    assert "undefined" in rows["torture"]


def test_a_code_that_too_few_paragraphs_have_to_be_judged_fails_min_alpha(measure) -> None:
    text = HEAD + "".join(
        f"p{n},{coder},{'rare' if n < 5 else 'labor' if n % 2 else ''}\n"
        for n in range(400)
        for coder in "ab"
    )
    data = json.loads(measure(text, "--json")[1])
    assert next(c for c in data["codes"] if c["code"] == "rare")["band"] == "insufficient"
    code, _, err = measure(text, "--min-alpha", "-1")
    assert code == 1
    assert err == (
        "rare: not judged: insufficient: only 5 paragraphs have the code by any coder; fewer than "
        "15 say little\n"
    )


def test_a_file_in_which_nothing_could_be_judged_fails_min_alpha(measure) -> None:
    code, _, err = measure(HEAD + "p1,a,\np1,b,\np2,a,x\n", "--min-alpha", "0")
    assert code == 1
    assert err.startswith("no code could be judged")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_codings_are_read_from_standard_input(monkeypatch, capsys, mark: bytes) -> None:
    stream = io.TextIOWrapper(io.BytesIO(mark + perfect().encode("utf-8")), encoding="latin-1")
    monkeypatch.setattr("sys.stdin", stream)
    assert run(["agreement", "--input", "-", "--resamples", "100", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["title"] == "standard input: agreement of the coders"
    assert data["pairable"] == 60
    broken = io.TextIOWrapper(io.BytesIO(b"\xff\xfe"), encoding="latin-1")
    monkeypatch.setattr("sys.stdin", broken)
    assert run(["agreement", "--input", "-"]) == 1
    assert capsys.readouterr().err.startswith("error: standard input: not UTF-8 text; ")


def test_what_a_workspace_exports_gives_the_figures_of_the_workspace(coded, tmp_path) -> None:
    rulings = tmp_path / "rulings.jsonl"
    first = json.loads(coded("annotations", "export").splitlines()[0])
    ruling = {**first, "annotator": "lead", "codes": ["torture"], "adjudicated": True}
    rulings.write_text(json.dumps(ruling) + "\n", encoding="utf-8")
    coded("annotations", "import", rulings)
    coded("annotations", "export", "-o", tmp_path / "all.jsonl")
    options = ("--resamples", "100", "--seed", "7")
    own = coded.json("agreement", *options)
    other = coded.json("agreement", "--input", tmp_path / "all.jsonl", *options)
    assert [c["coder"] for c in other["coders"]] == ["ana", "ben"]
    assert other["sets"] == own["sets"]
    by_name = {code["code"]: code for code in own["codes"]}
    for code in other["codes"]:
        assert code == by_name[code["code"]]
    assert [s["name"] for s in other["standards"]] == ["the gold"]
    assert other["standards"][0]["paragraphs"] == own["standards"][0]["paragraphs"] == 1


def test_a_report_of_a_workspace_and_a_file_of_codings_exclude_each_other(measure) -> None:
    code, _, err = measure(perfect(), "--report", "veldria-2020")
    assert code == 1
    assert err.startswith("error: --report is of a workspace, --input of a file")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("folder", ["out"])
def test_without_text_none_of_the_files_has_any(measure, tmp_path: Path, folder: str) -> None:
    lines = "\n".join(awkward_lines(codes=4, coders=3, paragraphs=30))
    with_text = measure(lines, "-o", folder, name="c.jsonl")
    assert with_text[0] == 0
    page = (tmp_path / folder / "agreement.html").read_text(encoding="utf-8")
    assert COMMENT in page
    assert TEXTS[0] in page
    assert measure(lines, "-o", folder, "--no-text", name="c.jsonl")[0] == 0
    assert sorted(p.name for p in (tmp_path / folder).iterdir()) == sorted(NAMES)
    for name in NAMES:
        text = (tmp_path / folder / name).read_text(encoding="utf-8")
        assert COMMENT not in text
        for words in (TEXTS[0], TEXTS[1][:20], TEXTS[2][:40], "dockers met", "two strikers"):
            assert words not in text, name
        assert "veldria" in text or name in ("agreement.md", "agreement.tex")


def test_json_is_what_the_schema_describes_and_what_the_file_holds(measure, tmp_path) -> None:
    lines = "\n".join(awkward_lines(codes=4, coders=4, paragraphs=30))
    code, out, err = measure(lines, "--json", "-o", "out", name="c.jsonl")
    assert (code, err) == (0, "")
    data = json.loads(out)
    schema = json.loads(
        (resources.files("workbench.exports") / "agreement.schema.json").read_text("utf-8")
    )
    assert list(Draft202012Validator(schema).iter_errors(data)) == []
    held = json.loads((tmp_path / "out" / "agreement.json").read_text(encoding="utf-8"))
    assert {**data, "made_at": ""} == {**held, "made_at": ""}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("empty.csv", "", "empty.csv: no codings in it; give lines of"),
        ("head.csv", HEAD, "head.csv: no codings in it; give lines of"),
        ("gone.csv", "unit,codes\np1,x\n", "gone.csv, line 1: no field annotator"),
        ("cut.jsonl", '{"unit": "p1", "annotator": "a", "codes": []}\n{"unit": "p1", "an\n',
         "cut.jsonl, line 2: not JSON"),
        ("short.csv", f"{HEAD}p1,a,x\np1,b\n", "short.csv, line 3: 2 fields where the header"),
        ("odd.jsonl", '{"unit": "p1", "annotator": "a", "codes": {"x": 1}}\n',
         "odd.jsonl, line 1: codes: a list of codes"),
        ("nobody.jsonl", '{"unit": "p1", "annotator": " ", "codes": []}\n',
         "nobody.jsonl, line 1: annotator: a name or number expected"),
        ("latin.csv", f"{HEAD}p1,Jos\xe9,x\n".encode("latin-1"), "latin.csv: not UTF-8 text; save"),
        ("alone.csv", f"{HEAD}p1,a,x\np2,b,x\n", "no paragraph was coded by two coders"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_in_one_line_and_nothing_is_written(
    measure, tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    code, out, err = measure(text, "-o", "out", name=name)
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {said}")
    assert len(err.splitlines()) == 1
    assert ";" in err  # how to mend it
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_or_is_a_folder_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, said in ((tmp_path / "no.csv", "no such file"), (tmp_path, "directory")):
        assert run(["agreement", "--input", str(path)]) == 1
        err = capsys.readouterr().err
        assert err.startswith(f"error: {path}: ")
        assert said in err


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_tables_with_or_without_byte_order_mark_give_the_same_figures(
    measure, mark: str, separator: str
) -> None:
    plain = json.loads(measure(disputed().replace(";", "|"), "--json")[1])
    other = disputed().replace(";", "|").replace(",", separator)
    data = json.loads(measure(mark + other, "--json", name="other.tsv")[1])
    assert data["codes"] == plain["codes"]


def test_a_model_that_cannot_be_read_does_not_keep_the_coders_from_being_measured(coded) -> None:
    broken = coded.folder / "models" / "2026-01-01-broken"
    broken.mkdir()
    (broken / "meta.json").write_text("{}", encoding="utf-8")
    data = coded.json("agreement", "--resamples", "100")
    assert "left out: " in coded.err
    assert any("against a model" in note for note in data["notes"])
    assert str(coded.folder) not in json.dumps(data)
