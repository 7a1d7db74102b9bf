"""`workbench duplicates` and `workbench compare` on two invented reports."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workbench.config import read_workspace
from workbench.store.database import Database
from workbench.store.reports import save_document

STRIKE = "In March the dockers of Port Amaro struck for eleven days and then went back to work."
PRISON = "Guards on Sable Island beat two inmates at night, as the ombudsman wrote in her report."
PRESS = "The daily Lantern closed its office in Norvik after a fine that it could not pay."
PIER = "A second pier was opened without the hearing that the law of Veldoria asks for."
OLD, NEW = "veldoria-2019-state", "veldoria-2020-state"


@pytest.fixture
def study(cli, make_document):
    """A workspace with two reports: one paragraph stays, one changes, one comes, one goes."""
    database = Database(read_workspace(cli.folder, {}).database_url)
    with database.session() as session:
        for name, texts in (
            (OLD, [STRIKE, PRISON, PRESS]),
            (NEW, [STRIKE, PRISON.replace("report.", "letter."), PIER]),
        ):
            save_document(session, make_document(texts, name), datetime(2026, 1, 1, tzinfo=UTC))
    database.close()
    return cli


def test_compare_prints_counts_and_writes_the_page(study):
    out = study("compare", OLD, NEW)
    page = study.folder / "exports" / "compare" / f"{OLD}--{NEW}.html"
    assert out.splitlines()[0].split() == [
        "section",
        "carried",
        "over",
        "changed",
        "new",
        "dropped",
    ]
    assert next(line for line in out.splitlines() if line.startswith("all")).split()[1:] == list(
        "1111"
    )
    assert f"written: {page}" in out
    assert "<del>report.</del> <ins>letter.</ins>" in page.read_text(encoding="utf-8")


def test_compare_takes_the_page_s_name(study, tmp_path):
    page = tmp_path / "cmp.html"
    study("compare", OLD, NEW, "-o", page)
    assert page.is_file()
    assert not (study.folder / "exports" / "compare").exists()


def test_compare_speaks_json(study):
    data = study.json("compare", OLD, NEW)
    assert data["counts"] == {"carried_over": 1, "changed": 1, "new": 1, "dropped": 1}
    assert data["old"]["report_id"] == OLD


def test_compare_names_a_report_that_is_not_there(study):
    assert "veldoria-1999" in study.fails("compare", "veldoria-1999", NEW)


def test_compare_refuses_a_report_and_itself(study):
    assert "itself" in study.fails("compare", OLD, OLD)


def test_duplicates_lists_clusters_with_kind_report_and_text(study):
    lines = study("duplicates").splitlines()
    rows = [line for line in lines if OLD in line or NEW in line]
    assert len(rows) == 4
    assert sum("near" in row for row in rows) == 1
    assert sum(STRIKE[:40] in row for row in rows) == 2
    assert lines[-1] == "2 clusters, 1 of them exact, hold 4 of 6 paragraphs"


def test_duplicates_as_json_and_as_a_file_are_the_same(study, tmp_path):
    path = tmp_path / "clusters.jsonl"
    clusters = study.json("duplicates")
    out = study("duplicates", "-o", path)
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == clusters
    assert f"written: {path}" in out
    assert STRIKE[:20] not in out
    assert {cluster["kind"] for cluster in clusters} == {"exact", "near"}
    assert all(cluster["size"] == len(cluster["members"]) == 2 for cluster in clusters)
    first, second = next(c for c in clusters if c["kind"] == "near")["members"]
    assert (first["kind"], second["kind"]) == ("exact", "near")
    assert first["similarity"] == 1
    assert second["similarity"] < 1
    assert {first["report_id"], second["report_id"]} == {OLD, NEW}


def test_a_higher_threshold_and_a_larger_size_leave_fewer_clusters(study):
    assert len(study.json("duplicates", "--threshold", "1")) == 1
    assert study.json("duplicates", "--min-size", "3") == []
    assert study("duplicates", "--min-size", "3").startswith("0 clusters")


def test_duplicates_of_one_report_alone(study):
    assert study.json("duplicates", "--report", OLD) == []


def test_lines_that_only_point_elsewhere_are_left_out(cli, make_document):
    database = Database(read_workspace(cli.folder, {}).database_url)
    with database.session() as session:
        for name in (OLD, NEW):
            document = make_document(["See the annex of this report."], name)
            pointers = tuple(replace(p, kind="cross-reference") for p in document.paragraphs)
            save_document(
                session, replace(document, paragraphs=pointers), datetime(2026, 1, 1, tzinfo=UTC)
            )
    database.close()
    assert cli.json("duplicates") == []


@pytest.mark.parametrize("value", ["0.4", "1.5", "much"])
def test_a_threshold_out_of_range_is_a_usage_error(study, value):
    study("duplicates", "--threshold", value, code=2)
    assert "--threshold" in study.err
