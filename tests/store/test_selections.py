"""Draws in the store: kept in order, and with the paragraphs that they drew."""

from datetime import UTC, datetime

import pytest

from workbench.store.database import Database
from workbench.store.reports import save_document
from workbench.store.selections import Batch, list_batches, list_selected, save_batch

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = ["One is here.", "Two is here.", "Three is here."]


@pytest.fixture
def database(tmp_path, make_document):
    database = Database(f"sqlite:///{tmp_path / 'w.db'}")
    with database.session() as session:
        save_document(session, make_document(TEXTS), NOW)
    yield database
    database.close()


@pytest.fixture
def keys(make_document) -> list[str]:
    return [p.paragraph_id for p in make_document(TEXTS).paragraphs]


def make_batch(seed: int, reached: str) -> Batch:
    return Batch("mixed", seed, "m1", ("veldoria-2020-state",), 3, 7, reached, NOW)


def test_draws_come_back_as_they_were_made_and_in_order(database, keys) -> None:
    first, second = make_batch(1, "4"), make_batch(2, "8")
    with database.session() as session:
        assert save_batch(session, first, keys[:1], {keys[1]: "mixed"}) == 1
        assert save_batch(session, second, keys[1:2], {}) == 2
    with database.session() as session:
        assert list_batches(session) == [first, second]
        assert list_selected(session) == set(keys[:2])
        assert list_selected(session, audit=True) == set(keys[:2])
        assert list_selected(session, audit=False) == {keys[1]}


def test_a_draw_that_breaks_off_leaves_nothing(database, keys) -> None:
    def break_off() -> None:
        with database.session() as session:
            save_batch(session, make_batch(1, "4"), keys, {})
            raise RuntimeError("broke off")

    with pytest.raises(RuntimeError):
        break_off()
    with database.session() as session:
        assert list_batches(session) == []
        assert list_selected(session) == set()


def test_a_drawn_paragraph_that_a_corrected_file_lost_is_retired_not_deleted(
    database, keys, make_document
) -> None:
    with database.session() as session:
        save_batch(session, make_batch(1, "4"), keys[:2], {})
    with database.session() as session:
        changes = save_document(session, make_document(TEXTS[1:]), NOW)
        assert (changes.retired, changes.removed) == (1, 0)
        assert list_selected(session) == {keys[1]}
