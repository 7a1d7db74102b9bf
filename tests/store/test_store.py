"""The store on a real SQLite file: records in, records out, nothing lost."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from workbench.errors import SchemaVersionError, StoreError, UsageError
from workbench.records import Coder, Evidence, ModelInfo, Prediction, PreLabel
from workbench.store.annotations import (
    list_annotations,
    list_coders,
    list_history,
    save_coder,
)
from workbench.store.database import SCHEMA_VERSION, Database, upgrade_database
from workbench.store.history import list_deleted, paragraph_history
from workbench.store.models import count_predictions, save_model_info, save_predictions
from workbench.store.reports import (
    choose_reports,
    count_paragraphs,
    find_report_by_hash,
    iterate_paragraphs,
    list_reports,
    sample_paragraphs,
    save_document,
)
from workbench.store.saving import save_annotations
from workbench.store.spool import open_spool
from workbench.store.tables import Base, PredictionRow
from workbench.store.tasks import (
    HeldTask,
    forget_project,
    list_projects,
    replace_tasks,
    save_project,
    tasks_of,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'w.db'}"


@pytest.fixture
def database(url: str):
    database = Database(url)
    yield database
    database.close()


def test_a_document_comes_back_as_it_went_in(database, make_document) -> None:
    document = make_document(["One is here.", "Two is here."])
    with database.session() as session:
        save_document(session, document, NOW)
    with database.session() as session:
        assert tuple(iterate_paragraphs(session)) == document.paragraphs
        assert list_reports(session) == [(document.report, 2)]
        assert find_report_by_hash(session, document.report.sha256) == document.report


def test_the_same_document_again_changes_nothing(database, make_document) -> None:
    document = make_document(["One is here.", "Two is here."])
    with database.session() as session:
        assert save_document(session, document, NOW).added == 2
        assert save_document(session, document, LATER).nothing


def test_a_corrected_document_changes_only_what_differs(
    database, make_document, make_annotation
) -> None:
    before = make_document(["One is here.", "Two is here.", "Three is here."])
    after = make_document(["Nought comes first.", "One is here.", "Two was here."])
    with database.session() as session:
        save_document(session, before, NOW)
        first, second = (p.paragraph_id for p in before.paragraphs[:2])
        save_annotations(
            session, [make_annotation(k, "ana", "labor") for k in (first, second)], NOW
        )
        changes = save_document(session, after, LATER)
    assert (changes.added, changes.moved, changes.removed, changes.retired) == (2, 1, 1, 1)
    with database.session() as session:
        assert tuple(iterate_paragraphs(session)) == after.paragraphs
        assert [a.paragraph_id for a in list_annotations(session)] == [first]
        # A retired paragraph's labels wait for it to come back.
        save_document(session, before, LATER)
        assert [a.paragraph_id for a in list_annotations(session)] == [first, second]


def test_an_unknown_report_is_named_with_those_that_are_there(database, make_document) -> None:
    with database.session() as session:
        save_document(session, make_document(["One."]), NOW)
        with pytest.raises(UsageError, match=r"no report 'x'; choose from: veldoria-2020-state"):
            choose_reports(session, ["x"])


def test_an_annotation_keeps_everything_and_its_history(
    database, make_document, make_annotation
) -> None:
    document = make_document(["One is here."])
    key = document.paragraphs[0].paragraph_id
    first = make_annotation(
        key,
        "ana",
        "labor",
        evidence=(Evidence("labor", 0, 3, "One"),),
        comment="why",
        lead_time=3.5,
        prelabel=PreLabel("m1", ("labor", "torture"), 0.5, (Evidence("torture", 4, 6, "is"),)),
    )
    second = replace(first, codes=("torture",), updated_at=LATER, prelabel=None)
    with database.session() as session:
        save_document(session, document, NOW)
        assert save_annotations(session, [first], NOW).created == 1
        assert list_annotations(session) == [first]
        assert save_annotations(session, [first], LATER).unchanged == 1
        assert save_annotations(session, [second], LATER).changed == 1
        # The server forgets which pre-label was shown; we do not.
        assert list_annotations(session) == [replace(second, prelabel=first.prelabel)]
        history = [
            (action, seen, state["codes"])
            for action, seen, state in list_history(session, first.key)
        ]
    assert history == [("created", NOW, ["labor"]), ("changed", LATER, ["torture"])]


def test_an_annotation_deleted_at_its_origin_is_marked_not_erased(
    database, make_document, make_annotation
) -> None:
    document = make_document(["One is here."])
    annotation = make_annotation(document.paragraphs[0].paragraph_id, "ana")
    with database.session() as session:
        save_document(session, document, NOW)
        project = save_project(session, "http://x", 1, "A").project_id
        save_annotations(session, [annotation], NOW, project=project, complete=True)
        gone = save_annotations(session, [], LATER, project=project, complete=True)
        assert gone.deleted == 1
        assert list_annotations(session) == []
        assert [action for action, _, _ in list_history(session, annotation.key)] == [
            "created",
            "deleted",
        ]
        back = save_annotations(session, [annotation], LATER, project=project, complete=True)
        assert back.changed == 1
        assert list_annotations(session) == [annotation]


def test_the_history_tells_who_when_and_in_whose_project(
    database, make_document, make_annotation
) -> None:
    document = make_document(["One is here."])
    key = document.paragraphs[0].paragraph_id
    first = make_annotation(key, "ana", "labor", lead_time=2.0, choices=(("x", ("labor",)),))
    second = replace(first, codes=(), changed_by="ben", updated_at=LATER)
    with database.session() as session:
        save_document(session, document, NOW)
        project = save_project(session, "http://x", 1, "A", coder="chloe").project_id
        save_annotations(session, [first], NOW, project=project)
        save_annotations(session, [second], NOW, project=project)
        assert list_annotations(session) == [second]
        save_annotations(session, [first], NOW, project=project)
        options = {"project": project, "whole": [key]}
        save_annotations(session, [], LATER, changers={key: "dora"}, **options)
        assert list_deleted(session, project, LATER) == [(key, "ana", "dora")]
        assert list_deleted(session, project, NOW) == []
        events = paragraph_history(session, key)
    assert [(e.action, e.coder, e.by, e.codes) for e in events] == [
        ("created", "ana", "ana", ("labor",)),
        ("changed", "ana", "ben", ()),
        ("changed", "ana", "ana", ("labor",)),
        ("deleted", "ana", "dora", ("labor",)),
    ]
    assert [e.changed_at for e in events] == [first.updated_at, LATER, *[first.updated_at] * 2]
    assert {e.project_of for e in events} == {"chloe"}


def test_the_history_of_an_older_database_is_told_as_far_as_it_goes(
    database, make_document, make_annotation, tmp_path: Path
) -> None:
    document = make_document(["One is here."])
    annotation = make_annotation(document.paragraphs[0].paragraph_id, "ana", "labor")
    with database.session() as session:
        save_document(session, document, NOW)
        save_annotations(session, [annotation], NOW)
    with sqlite3.connect(tmp_path / "w.db") as raw:
        names = "'$.by', '$.project_of', '$.created_at', '$.updated_at', '$.changed_by'"
        raw.execute(f"UPDATE annotation_events SET state = json_remove(state, {names})")
    with database.session() as session:
        (event,) = paragraph_history(session, annotation.paragraph_id)
    assert (event.by, event.changed_at, event.seen_at) == ("", None, NOW)


def test_coders_are_known_by_name_once(database) -> None:
    with database.session() as session:
        assert save_coder(session, Coder("ana")) == save_coder(session, Coder("ana", 7))
        assert list_coders(session) == [Coder("ana", 7)]


def test_tasks_are_what_the_server_has(database, make_document, make_annotation) -> None:
    document = make_document(["One.", "Two."])
    one, two = (p.paragraph_id for p in document.paragraphs)
    with database.session() as session:
        save_document(session, document, NOW)
        project = save_project(session, "http://x", 9, "A")
        assert save_project(session, "http://x", 9, "B").project_id == project.project_id
        replace_tasks(session, project.project_id, [HeldTask(one, 1), HeldTask(two, 2)])
        replace_tasks(session, project.project_id, [HeldTask(two, 5)])
        assert tasks_of(session, project.project_id) == {two: 5}
        annotation = make_annotation(one, "ana")
        save_annotations(session, [annotation], NOW, project=project.project_id)
        forget_project(session, project.project_id)
        assert list_projects(session, "http://x") == []
        assert list_annotations(session) == [annotation]


def test_predictions_replace_those_of_the_same_model(database, make_document) -> None:
    document = make_document(["One."])
    key = document.paragraphs[0].paragraph_id
    info = ModelInfo("m", "0" * 64, "models/m", NOW, "rights", "1", "0" * 64, ("labor",))
    with database.session() as session:
        save_document(session, document, NOW)
        save_model_info(session, info)
        for _ in range(2):
            save_predictions(session, "m", [(key, Prediction((), {"labor": 0.1}))], NOW)
        assert count_predictions(session, "m") == 1


def test_what_a_model_says_now_stands_for_each_of_many_paragraphs(
    database, make_document, monkeypatch
) -> None:
    monkeypatch.setattr("workbench.store.models._PAGE", 2)
    document = make_document(["One.", "Two.", "Three.", "Four.", "Five."])
    keys = [p.paragraph_id for p in document.paragraphs]
    info = ModelInfo("m", "0" * 64, "models/m", NOW, "rights", "1", "0" * 64, ("labor",))
    found = (Evidence("labor", 0, 3, "One"),)
    with database.session() as session:
        save_document(session, document, NOW)
        save_model_info(session, info)
        first = ((key, Prediction((), {"labor": 0.1})) for key in keys)
        save_predictions(session, "m", first, NOW)
        said = Prediction(("labor",), {"labor": 0.9}, found)
        save_predictions(session, "m", [(key, said) for key in keys[1:]], LATER)
        rows = {row.paragraph_id: row for row in session.query(PredictionRow)}
    assert [rows[key].scores["labor"] for key in keys] == [0.1, 0.9, 0.9, 0.9, 0.9]
    assert rows[keys[4]].evidence == [["labor", 0, 3, "One"]]
    assert rows[keys[4]].codes == ["labor"]


def test_a_sample_of_a_report_is_spread_over_it(database, make_document) -> None:
    document = make_document([f"Number {n}." for n in range(25)])
    other = replace(document.paragraphs[3], kind="boilerplate")
    paragraphs = (*document.paragraphs[:3], other, *document.paragraphs[4:])
    report_id = document.report.report_id
    with database.session() as session:
        save_document(session, replace(document, paragraphs=paragraphs), NOW)
        assert count_paragraphs(session) == count_paragraphs(session, [report_id]) == 25
        assert count_paragraphs(session, [report_id], kinds=("text",)) == 24
        assert count_paragraphs(session, ["nowhere-2000"]) == 0
        texts = [p for p in paragraphs if p.kind == "text"]
        assert sample_paragraphs(session, report_id, 5, kinds=("text",)) == texts[::5]
        assert sample_paragraphs(session, report_id, 24, kinds=("text",)) == texts
        assert sample_paragraphs(session, "nowhere-2000", 5) == []


def test_spooled_predictions_come_back_in_order() -> None:
    found = (Evidence("labor", 0, 2, "é\n"),)
    said = Prediction(("labor",), {"labor": 0.9, "torture": 1e-06}, found)
    with open_spool() as spool:
        assert len(spool) == 0
        spool.add("p1", said)
        spool.add("p2", Prediction((), {}))
        assert len(spool) == 2
        for _ in range(2):
            assert list(spool) == [("p1", said), ("p2", Prediction((), {}))]


def test_a_failed_transaction_leaves_nothing(database, make_document) -> None:
    def fail_half_way() -> None:
        with database.session() as session:
            save_document(session, make_document(["One."]), NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.session() as session:
        assert list_reports(session) == []


def test_foreign_keys_are_on(database, make_annotation) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"), database.session() as session:
        save_annotations(session, [make_annotation("nowhere", "ana")], NOW)


def test_write_ahead_log_is_on(database, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "w.db") as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_migrations_lead_to_the_tables_of_this_code(database, url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    import workbench.store.database as module

    scripts = ScriptDirectory(str(Path(module.__file__).with_name("migrations")))
    assert scripts.get_current_head() == SCHEMA_VERSION
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
        assert "reports" in inspect(connection).get_table_names()
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "mend"), [("0000", "doctor --upgrade-database"), ("9999", "newer workbench")]
)
def test_another_schema_version_is_refused_with_the_mend(
    url: str, tmp_path: Path, version: str, mend: str
) -> None:
    Database(url).close()
    with sqlite3.connect(tmp_path / "w.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (version,))
    with pytest.raises(SchemaVersionError, match=mend):
        Database(url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "w.db").write_text("this is a letter, not a database, " * 40)
    with pytest.raises(StoreError, match=r"w\.db: not a usable database"):
        Database(f"sqlite:///{tmp_path / 'w.db'}")


def test_upgrading_a_current_database_changes_nothing(url: str) -> None:
    Database(url).close()
    assert upgrade_database(url) == (SCHEMA_VERSION, SCHEMA_VERSION)


def test_upgrading_a_newer_database_is_refused(url: str, tmp_path: Path) -> None:
    Database(url).close()
    with sqlite3.connect(tmp_path / "w.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaVersionError, match="newer workbench"):
        upgrade_database(url)
