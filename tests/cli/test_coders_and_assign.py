"""`workbench coders` and `workbench assign`, as far as they need no server."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import NOW, ROOT, Cli
from workbench.records import Assignment
from workbench.reports.twins import twin_key
from workbench.store.annotations import add_coder, list_coders
from workbench.store.assignments import list_assignments, list_draws
from workbench.store.database import Database
from workbench.store.reports import iterate_paragraphs
from workbench.store.saving import save_annotations
from workbench.store.selections import Batch, save_batch

REPORTS = ROOT / "examples" / "reports"
STATE, HRW = "tavaria-2018-state", "tavaria-2020-hrw"
TEAM = ("ana", "ben", "chloe")


class Team:
    """A workspace with reports and coders, and what stands in its database."""

    def __init__(self, cli: Cli) -> None:
        self.cli = cli
        self.database = Database(f"sqlite:///{cli.folder / '.workbench' / 'workbench.db'}")
        with self.database.session() as session:
            for number, name in enumerate(TEAM, 2):
                add_coder(session, name, f"{name}@example.org", number)

    def paragraphs(self, *report_ids: str) -> list[str]:
        with self.database.session() as session:
            found = iterate_paragraphs(session, report_ids, kinds=("text",))
            return [p.paragraph_id for p in found]

    def assignments(self) -> list[Assignment]:
        with self.database.session() as session:
            return list_assignments(session)

    def loads(self) -> Counter[str]:
        return Counter(a.coder for a in self.assignments())

    def save(self, *annotations) -> None:
        with self.database.session() as session:
            save_annotations(session, annotations, NOW)

    def fails(self, *args: str) -> str:
        return self.cli.fails("assign", *args)


@pytest.fixture
def team(cli):
    cli("ingest", REPORTS / "tavaria-2018-state.txt", REPORTS / "tavaria-2021-hrw.txt")
    made = Team(cli)
    yield made
    made.database.close()


def assign(team: Team, *args: str) -> dict:
    return team.cli.json("assign", *args)


def test_every_paragraph_is_given_to_so_many_coders_and_some_to_all(team) -> None:
    said = assign(team, "--coders", "ana,ben,chloe", "--per-paragraph", "2", "--shared", "6")
    found = Counter(a.paragraph_id for a in team.assignments())
    assert set(found) == set(team.paragraphs())
    assert Counter(found.values()) == {3: 6, 2: len(found) - 6}
    assert said["new"] == len(team.assignments())
    assert said["shared"] == 6
    by_name = {row["coder"]: row for row in said["coders"]}
    for name, row in by_name.items():
        assert row["assigned"] == row["new"] == team.loads()[name]
        assert row["shared"] == 6
        assert sum(row["reports"].values()) == row["assigned"]
        assert set(row["reports"]) == {STATE, HRW}
    numbers = [row["assigned"] for row in by_name.values()]
    assert max(numbers) - min(numbers) <= 1


def test_the_table_shows_coders_reports_and_the_shared(team) -> None:
    shown = team.cli("assign", "--coders", "ana,ben", "--shared", "4")
    header, *lines = (line.split() for line in shown.splitlines()[1:])
    assert header == ["paragraphs", "ana", "ben"]
    rows = {line[0]: line[1:] for line in lines}
    everything = str(len(team.paragraphs()))
    assert rows[STATE] == [str(len(team.paragraphs(STATE)))] * 2
    assert rows["all"] == rows["new"] == [everything, everything]
    assert rows["shared"] == ["4", "4"]


def test_a_dry_run_shows_the_same_and_keeps_nothing(team) -> None:
    asked = ("--coders", "ana,ben,chloe", "--shared", "3", "--seed", "5")
    planned = assign(team, *asked, "--dry-run")
    assert team.assignments() == []
    with team.database.session() as session:
        assert list_draws(session) == []
    assert {**assign(team, *asked), "dry_run": True} == planned


def test_assigning_again_gives_out_nothing_and_alone_gives_out_what_is_new(team) -> None:
    asked = ("--coders", "ana,ben,chloe", "--weights", "2,1,1", "--shared", "3", "--seed", "9")
    assign(team, *asked)
    before = team.assignments()
    for again in (asked, ()):
        assert assign(team, *again)["new"] == 0
    assert "nothing new" in team.cli("assign")
    with team.database.session() as session:
        assert len(list_draws(session)) == 1
    team.cli("ingest", REPORTS / "tavaria-2022-state.txt")
    said = assign(team)
    assert said["seed"] == 9
    assert set(before) < set(team.assignments())
    new = Counter(a.coder for a in set(team.assignments()) - set(before))
    assert sum(new.values()) == said["new"] > 0
    assert new["ana"] > 1.5 * new["ben"]
    assert {a.shared for a in set(team.assignments()) - set(before)} == {False}


def test_only_one_of_twins_is_given_out(team) -> None:
    team.cli("ingest", REPORTS / "tavaria-2019-state.txt")
    assign(team, "--coders", "ana,ben")
    given = {a.paragraph_id for a in team.assignments()}
    with team.database.session() as session:
        keys = {p.paragraph_id: twin_key(p) for p in iterate_paragraphs(session, kinds=("text",))}
    assert len(given) == len(set(keys.values())) < len(keys)
    assert {keys[key] for key in given} == set(keys.values())


def test_once_paragraphs_were_drawn_only_those_are_given_out(team) -> None:
    drawn = team.paragraphs()[3:15]
    batch = Batch("mixed", 0, "m", (STATE, HRW), 99, 0, "8", NOW)
    with team.database.session() as session:
        save_batch(session, batch, drawn[:4], dict.fromkeys(drawn[4:], "mixed"))
    assign(team, "--coders", "ana,ben", "--shared", "2")
    assert {a.paragraph_id for a in team.assignments()} == set(drawn)


def test_reports_can_be_named_and_stay_named_until_others_are(team) -> None:
    assign(team, "--coders", "ana,ben", "--report", HRW)
    assert {a.paragraph_id for a in team.assignments()} == set(team.paragraphs(HRW))
    assert assign(team)["new"] == 0
    assert assign(team, "--report", STATE)["new"] == 2 * len(team.paragraphs(STATE))
    assert assign(team)["new"] == 0
    assert "no report 'nowhere'" in team.fails("--report", "nowhere")


def test_what_is_coded_already_counts(team, make_annotation) -> None:
    first, second, third = team.paragraphs()[:3]
    team.save(
        make_annotation(first, "ana", "torture"),
        make_annotation(second, "an import", origin="import"),
        make_annotation(third, "ben", origin="adjudication"),
    )
    assign(team, "--coders", "ana,ben", "--per-paragraph", "2")
    found = Counter(a.paragraph_id for a in team.assignments())
    assert (found[first], found[second], found[third]) == (1, 1, 2)
    assert Assignment(first, "ben") in team.assignments()


def test_a_coder_who_leaves_is_replaced_and_what_was_coded_stays(team, make_annotation) -> None:
    assign(team, "--coders", "ana,ben,chloe", "--per-paragraph", "2", "--shared", "4")
    bens = [a.paragraph_id for a in team.assignments() if a.coder == "ben"]
    team.save(make_annotation(bens[0], "ben"), make_annotation(bens[1], "ben", skipped=True))
    said = team.cli.json("coders", "remove", "ben")
    assert said == {"name": "ben", "released": len(bens) - 2, "account_closed": False}
    assert {a.paragraph_id for a in team.assignments() if a.coder == "ben"} == set(bens[:2])
    assert "ben has left" in team.fails("--coders", "ana,ben")
    assign(team)
    found = Counter(a.paragraph_id for a in team.assignments())
    assert set(found) == set(team.paragraphs())
    assert min(found.values()) == 2
    assert team.loads()["ben"] == 2
    team.cli("coders", "remove", "ben")
    assert "still opens every project" in team.cli.err


def test_when_too_few_are_left_that_is_said(team) -> None:
    assign(team, "--coders", "ana,ben")
    team.cli("coders", "remove", "ben")
    assert "only 1 of them: ana" in team.fails()
    assert assign(team, "--coders", "ana,chloe")["new"] > 0


def test_a_coder_who_joins_gets_the_shared_set_and_new_paragraphs(team) -> None:
    assign(team, "--coders", "ana,ben", "--shared", "5", "--report", HRW)
    shared = {a.paragraph_id for a in team.assignments() if a.shared}
    assign(team, "--coders", "ana,ben,chloe", "--report", STATE)
    hers = {a.paragraph_id for a in team.assignments() if a.coder == "chloe"}
    assert shared < hers
    assert hers - shared < set(team.paragraphs(STATE))
    assert len({a.paragraph_id for a in team.assignments() if a.shared}) == 5


def test_more_shared_than_there_are_paragraphs_is_said(team) -> None:
    assert assign(team, "--coders", "ana,ben", "--shared", "5000")["shared"] < 5000
    team.cli("assign")
    assert "not 5000" in team.cli.err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "nobody is named to code; say --coders; there are: ana, ben, chloe"),
        (("--coders", "ana,zoe"), "no coder 'zoe'"),
        (("--coders", "ana,"), "no coder ''"),
        (("--coders", "ana,ana"), "names ana twice"),
        (("--coders", "ana", "--per-paragraph", "2"), "only 1 of them: ana"),
        (("--coders", "ana,ben", "--weights", "1"), "1 numbers for 2 coders"),
        (("--coders", "ana,ben", "--weights", "1,0"), "above 0"),
        (("--coders", "ana,ben", "--weights", "1,x"), "above 0"),
        (("--coders", "ana,ben", "--weights", "1,nan"), "above 0"),
        (("--coders", "ana,ben", "--one-project", "--weights", "1,2"), "comes first"),
        (("--coders", "ana,ben", "--one-project", "--report", HRW), "for all coders"),
        (
            ("--coders", "ana,ben,chloe", "--one-project", "--per-paragraph", "3"),
            "label_studio.coders_per_paragraph = 3",
        ),
    ],
)
def test_what_does_not_fit_is_one_line_and_changes_nothing(team, args, words: str) -> None:
    assert words in team.fails(*args)
    assert team.assignments() == []
    with team.database.session() as session:
        assert list_draws(session) == []


def test_one_project_is_refused_once_assignments_are_given_out(team) -> None:
    assign(team, "--coders", "ana,ben")
    assert "given out to single coders" in team.fails("--one-project")


def test_there_must_be_paragraphs(cli) -> None:
    Team(cli).database.close()
    assert "no paragraphs to assign" in cli.fails("assign", "--coders", "ana,ben")


def test_a_coder_without_an_account_cannot_be_assigned_to(team, make_annotation) -> None:
    team.save(make_annotation(team.paragraphs()[0], "old hand", origin="import"))
    assert "no account" in team.fails("--coders", "ana,old hand")


def test_the_list_shows_progress_and_pace(team, make_annotation) -> None:
    assign(team, "--coders", "ana,ben", "--report", HRW)
    number = len(team.paragraphs(HRW))
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    hers = [a.paragraph_id for a in team.assignments() if a.coder == "ana"]
    team.save(
        make_annotation(hers[0], "ana", lead_time=20.0),
        make_annotation(hers[1], "ana", lead_time=40.0, updated_at=moment, created_at=moment),
        make_annotation(hers[2], "ana", skipped=True, created_at=moment + timedelta(hours=1)),
        make_annotation(hers[0], "old hand", origin="import"),
    )
    rows = {row["coder"]: row for row in team.cli.json("coders", "list")}
    assert list(rows) == ["ana", "ben", "chloe", "old hand"]
    ana = rows["ana"]
    assert (ana["assigned"], ana["coded"], ana["skipped"]) == (number, 2, 1)
    assert (ana["to_do"], ana["seconds"], ana["a_day"]) == (number - 3, 30.0, 1.5)
    assert (rows["ben"]["to_do"], rows["ben"]["done"]) == (number, 0.0)
    assert (rows["old hand"]["coded"], rows["old hand"]["share"]) == (1, 0.3333)
    shown = team.cli("coders", "list")
    assert "ana@example.org" in shown
    assert "2026-03-02" in shown


def test_an_empty_list_says_how_to_add_coders(cli) -> None:
    assert "coders add" in cli("coders", "list")
    assert cli.json("coders", "list") == []


@pytest.mark.parametrize(
    ("name", "email", "word"),
    [
        ("ana", "ana", "no e-mail"),
        ("ana", "a na@example.org", "no e-mail"),
        ("", "x@example.org", "coder's name"),
        ("a,b", "x@example.org", "coder's name"),
        ("a/b", "x@example.org", "coder's name"),
        ("x@example.org", "x@example.org", "coder's name"),
        ("a" * 41, "x@example.org", "coder's name"),
    ],
)
def test_a_name_or_email_that_cannot_be_is_refused_before_anything_is_made(
    cli, name: str, email: str, word: str
) -> None:
    assert word in cli.fails("coders", "add", name, "--email", email)


def test_a_coder_is_not_stored_when_no_server_answers(cli, monkeypatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "f" * 40)
    assert "no Label Studio answers" in cli.fails("coders", "add", "zoe", "--email", "z@x.org")
    team = Team(cli)
    with team.database.session() as session:
        assert [coder.name for coder in list_coders(session)] == list(TEAM)
    team.database.close()


def test_removing_somebody_unknown_names_who_is_there(team) -> None:
    assert "ana, ben, chloe" in team.cli.fails("coders", "remove", "zoe")
