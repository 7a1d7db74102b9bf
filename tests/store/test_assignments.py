"""Coders with accounts, draws and assignments in the store."""

from datetime import UTC, datetime

import pytest

from workbench.errors import UsageError
from workbench.records import Assignment, Coder
from workbench.store.annotations import (
    add_coder,
    coder_names,
    list_annotations,
    list_coders,
    mark_left,
    save_coder,
)
from workbench.store.assignments import (
    Draw,
    keep_draw,
    list_assignments,
    list_draws,
    release_assignments,
    save_draw,
)
from workbench.store.database import Database
from workbench.store.reports import save_document
from workbench.store.saving import save_annotations
from workbench.store.tables import AnnotationRow
from workbench.store.tasks import forget_project, list_projects, save_project

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = ["One is here.", "Two is here.", "Three is here."]
EMAIL = "ana@example.org"


@pytest.fixture
def database(tmp_path, make_document):
    database = Database(f"sqlite:///{tmp_path / 'w.db'}")
    with database.session() as session:
        save_document(session, make_document(TEXTS), NOW)
        save_document(session, make_document(TEXTS[:1], "arkania-2019-state"), NOW)
    yield database
    database.close()


@pytest.fixture
def keys(make_document) -> list[str]:
    return [p.paragraph_id for p in make_document(TEXTS).paragraphs]


def make_draw(seed: int = 1, **weights: float) -> Draw:
    return Draw(seed, weights or {"ana": 2.0, "ben": 1.0}, 2, 1, ("veldoria-2020-state",), NOW)


def test_a_new_coder_has_name_account_and_number(database) -> None:
    with database.session() as session:
        assert add_coder(session, "ana", "Ana@Example.org", 7) is None
        assert list_coders(session) == [Coder("ana", 7, EMAIL)]
        assert coder_names(session) == {EMAIL: "ana"}


@pytest.mark.parametrize("pulled", [EMAIL, "Ana@Example.org"])
def test_a_coder_pulled_under_the_email_is_renamed_and_keeps_annotations(
    database, keys, make_annotation, pulled
) -> None:
    with database.session() as session:
        save_coder(session, Coder(pulled, 7))
        save_annotations(session, [make_annotation(keys[0], pulled, "torture")], NOW)
    with database.session() as session:
        assert add_coder(session, "ana", EMAIL, None) == pulled
        assert [a.coder for a in list_annotations(session)] == ["ana"]
        assert list_coders(session) == [Coder("ana", 7, EMAIL)]


def test_a_coder_known_from_an_import_keeps_the_name_and_gets_the_account(database) -> None:
    with database.session() as session:
        save_coder(session, Coder("ana"))
        assert add_coder(session, "ana", EMAIL, 7) == "ana"
        assert list_coders(session) == [Coder("ana", 7, EMAIL)]


def test_adding_a_coder_again_changes_nothing_and_brings_one_who_left_back(database) -> None:
    with database.session() as session:
        add_coder(session, "ana", EMAIL, 7)
        mark_left(session, "ana")
        assert list_coders(session) == [Coder("ana", 7, EMAIL, left=True)]
        assert add_coder(session, "ana", EMAIL, None) == "ana"
        assert list_coders(session) == [Coder("ana", 7, EMAIL)]


def test_a_name_or_an_email_that_is_taken_is_refused(database, keys, make_annotation) -> None:
    with database.session() as session:
        add_coder(session, "ana", EMAIL, 7)
        save_annotations(session, [make_annotation(keys[0], "ben", "torture")], NOW)
        save_coder(session, Coder("ben@example.org", 8))
        held = list_coders(session)
    for name, email, word in (
        ("ana", "other@example.org", "has the account"),
        ("anna", EMAIL, "is coder 'ana' already"),
        ("ben", "ben@example.org", "both of"),
    ):
        with database.session() as session, pytest.raises(UsageError, match=word):
            add_coder(session, name, email, None)
    with database.session() as session:
        assert list_coders(session) == held


def test_who_is_known_from_a_project_alone_is_the_owner_of_the_account(
    database, keys, make_annotation
) -> None:
    """So it is after a lost database: the name comes from the project, the work by the e-mail."""
    with database.session() as session:
        save_coder(session, Coder("ana"))
        save_project(session, "http://here", 4, "Rights (ana)", coder="ana")
        save_draw(session, make_draw(), [Assignment(keys[1], "ana")])
        save_coder(session, Coder(EMAIL, 7))
        save_annotations(session, [make_annotation(keys[0], EMAIL, "torture")], NOW)
    with database.session() as session:
        assert add_coder(session, "ana", EMAIL, None) == EMAIL
        assert list_coders(session) == [Coder("ana", 7, EMAIL)]
        assert list_assignments(session) == [Assignment(keys[1], "ana")]
        assert [p.coder for p in list_projects(session, "http://here")] == ["ana"]
        assert [a.coder for a in list_annotations(session)] == ["ana"]


def test_a_coder_with_assignments_keeps_the_name(database, keys) -> None:
    with database.session() as session:
        save_coder(session, Coder(EMAIL, 7))
        save_draw(session, make_draw(), [Assignment(keys[0], EMAIL)])
        with pytest.raises(UsageError, match="assigned"):
            add_coder(session, "ana", EMAIL, 7)


def test_saving_a_coder_does_not_forget_the_account(database) -> None:
    with database.session() as session:
        add_coder(session, "ana", EMAIL, 7)
        mark_left(session, "ana")
        save_coder(session, Coder("ana"))
        assert list_coders(session) == [Coder("ana", 7, EMAIL, left=True)]


def test_draws_and_assignments_come_back_shared_ones_first(database, keys) -> None:
    other = "arkania-2019-state.one_is_here."
    with database.session() as session:
        for name in ("ana", "ben"):
            save_coder(session, Coder(name))
        first = [
            Assignment(other, "ben"),
            Assignment(keys[1], "ben", shared=True),
            Assignment(keys[1], "ana", shared=True),
            Assignment(keys[0], "ana"),
        ]
        assert save_draw(session, make_draw(1), first) == 1
        assert save_draw(session, make_draw(2), [Assignment(keys[2], "ana")]) == 2
    with database.session() as session:
        assert list_draws(session) == [make_draw(1), make_draw(2)]
        assert [(a.paragraph_id, a.coder, a.shared) for a in list_assignments(session)] == [
            (keys[1], "ana", True),
            (keys[1], "ben", True),
            (other, "ben", False),
            (keys[0], "ana", False),
            (keys[2], "ana", False),
        ]
        assert list_assignments(session, ["arkania-2019-state"]) == [Assignment(other, "ben")]


def test_a_draw_that_says_and_does_nothing_new_is_not_kept(database) -> None:
    with database.session() as session:
        keep_draw(session, make_draw(1), [])
        keep_draw(session, make_draw(1), [])
        assert list_draws(session) == [make_draw(1)]
        keep_draw(session, make_draw(2), [])
        assert list_draws(session) == [make_draw(1), make_draw(2)]


def test_only_a_draw_without_weights_is_of_one_project() -> None:
    assert make_draw(1, ana=0, ben=0).one_project
    assert not make_draw(1).one_project


def test_a_leaver_keeps_what_was_coded_or_skipped_and_loses_the_rest(
    database, keys, make_annotation
) -> None:
    with database.session() as session:
        for name in ("ana", "ben"):
            save_coder(session, Coder(name))
        save_draw(session, make_draw(), [Assignment(k, c) for k in keys for c in ("ana", "ben")])
        save_annotations(
            session,
            [
                make_annotation(keys[0], "ana", "torture"),
                make_annotation(keys[1], "ana", skipped=True),
                make_annotation(keys[2], "ben", "torture"),
            ],
            NOW,
        )
        assert release_assignments(session, "ana") == 1
        assert release_assignments(session, "ana") == 0
        left = list_assignments(session)
    assert {a.paragraph_id for a in left if a.coder == "ana"} == set(keys[:2])
    assert {a.paragraph_id for a in left if a.coder == "ben"} == set(keys)


def test_an_annotation_that_was_deleted_holds_no_assignment(
    database, keys, make_annotation
) -> None:
    with database.session() as session:
        save_coder(session, Coder("ana"))
        save_draw(session, make_draw(), [Assignment(keys[0], "ana")])
        save_annotations(session, [make_annotation(keys[0], "ana", "torture")], NOW)
    with database.session() as session:
        session.query(AnnotationRow).update({"deleted": True})
        assert release_assignments(session, "ana") == 1


def test_assignments_of_a_retired_paragraph_are_left_out_and_come_back(
    database, keys, make_document
) -> None:
    with database.session() as session:
        save_coder(session, Coder("ana"))
        save_draw(session, make_draw(), [Assignment(k, "ana") for k in keys])
        save_document(session, make_document(TEXTS[1:]), NOW)
        assert {a.paragraph_id for a in list_assignments(session)} == set(keys[1:])
        save_document(session, make_document(TEXTS), NOW)
        assert {a.paragraph_id for a in list_assignments(session)} == set(keys)


def test_what_was_coded_in_a_project_that_is_gone_is_done(database, keys, make_annotation) -> None:
    with database.session() as session:
        for name in ("ana", "ben"):
            save_coder(session, Coder(name))
        save_draw(session, make_draw(), [Assignment(k, n) for k in keys for n in ("ana", "ben")])
        project = save_project(session, "http://x", 1, "A", coder="ana").project_id
        save_annotations(session, [make_annotation(keys[0], "ana")], NOW, project=project)
        imported = make_annotation(keys[1], "ana", origin="import")
        ruling = make_annotation(keys[2], "ana", origin="adjudication")
        save_annotations(session, [imported, ruling], NOW)
        assert not any(assignment.done for assignment in list_assignments(session))
        forget_project(session, project)
        done = [assignment for assignment in list_assignments(session) if assignment.done]
        assert done == [Assignment(keys[0], "ana", done=True)]
        # It is back, from a copy of the server.
        again = save_project(session, "http://x", 1, "A", coder="ana").project_id
        save_annotations(session, [make_annotation(keys[0], "ana")], NOW, project=again)
        assert not any(assignment.done for assignment in list_assignments(session))
