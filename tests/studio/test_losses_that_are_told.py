"""What is lost is told, on a real server: databases, projects, work that others changed."""

import pytest

from tests.studio.test_blind_coding import TEAM, Team, share_out
from tests.studio.test_coders import email, gateway  # noqa: F401

pytestmark = pytest.mark.studio


@pytest.fixture
def team(studio_cli, studio, gateway, email) -> Team:  # noqa: F811
    made = Team(studio_cli, studio, gateway, email)
    made.hire(*TEAM)
    return made


def test_a_lost_database_does_not_empty_the_snapshot(team: Team) -> None:
    share_out(team)
    team.cli("push", "--project", "Snapshot kept")
    team.people["ana"].code(team.projects["ana"].studio_id)
    team.cli("pull")
    snapshot = team.cli.folder / "annotations" / "annotations.jsonl"
    before = snapshot.read_bytes()
    assert before.count(b"\n") == len(team.assigned("ana"))
    team.lose_database()
    for command in (("pull",), ("pull", "--dry-run"), ("sync",)):
        assert "run `workbench ingest` first" in team.cli.fails(*command)
        assert snapshot.read_bytes() == before
    # With one of two reports there it would lose half of its lines.
    team.cli("ingest", team.file(1), "--text-field", "text")
    for command in (("pull",), ("sync",)):
        told = team.cli.fails(*command)
        assert "does not know" in told
        assert "run `workbench ingest` first" in told
        assert snapshot.read_bytes() == before
    team.ingest()
    team.cli("push")
    team.cli("coders", "add", "ana", "--email", team.people["ana"].email)
    assert team.cli.json("pull")["remarks"] == []
    assert snapshot.read_bytes() == before
