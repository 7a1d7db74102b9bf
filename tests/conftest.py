"""What tests share: workspaces in temporary folders, one real Label Studio for the session."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench.annotations.server import ServerState, start_server, stop_server
from workbench.cli import run
from workbench.config import Workspace, new_workspace_text, read_workspace
from workbench.credentials import Credentials, read_credentials
from workbench.records import Annotation, Document, Paragraph, Report
from workbench.taxonomy.codebook import Codebook, default_codebook_text, parse_codebook

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

# What a shell puts into the background ignores Ctrl-C, and so does all that it starts: a test
# that interrupts a command would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _clean_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No setting or secret of the person who runs the tests reaches them."""
    kept = ("WORKBENCH_STUDIO_ENV", "WORKBENCH_NEED_BROWSER", "WORKBENCH_RENEW_PICTURES")
    for name in list(os.environ):
        if name.startswith(("LABEL_STUDIO_", "WORKBENCH_")) and name not in kept:
            monkeypatch.delenv(name)
    config = tmp_path_factory.getbasetemp() / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return parse_codebook(default_codebook_text(), "rights.yaml")


@pytest.fixture
def workspace_folder(tmp_path: Path) -> Path:
    """A workspace made by `workbench init`."""
    folder = tmp_path / "study"
    assert run(["init", str(folder), "--name", "A study"]) == 0
    return folder


class Cli:
    """Runs workbench commands in a workspace and keeps what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *args: str | Path, code: int = 0) -> str:
        """Run a command, expect the exit code, return standard output."""
        self._capsys.readouterr()
        got = run(["-w", str(self.folder), *map(str, args)])
        self.out, self.err = self._capsys.readouterr()
        assert got == code, f"exit code {got}, not {code}:\n{self.out}\n{self.err}"
        return self.out

    def json(self, *args: str | Path, code: int = 0) -> object:
        return json.loads(self(*args, "--json", code=code))

    def fails(self, *args: str | Path) -> str:
        """Run a command that must end in a one-line known error; that line."""
        self(*args, code=1)
        lines = [line for line in self.err.splitlines() if line.startswith("error: ")]
        assert len(lines) == 1, self.err
        return lines[0]


@pytest.fixture
def cli(workspace_folder: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(workspace_folder, capsys)


@pytest.fixture
def make_report() -> Callable[..., Report]:
    def make(report_id: str = "veldoria-2020-state", **changes: object) -> Report:
        fields: dict[str, object] = {
            "title": "Veldoria 2020",
            "source": "state",
            "country": "Veldoria",
            "year": 2020,
            "file": f"{report_id}.txt",
            "sha256": "0" * 64,
            "encoding": "utf-8",
            "layout": "state",
        }
        return Report(report_id=report_id, **(fields | changes))

    return make


@pytest.fixture
def make_document(make_report: Callable[..., Report]) -> Callable[..., Document]:
    """A document with the given texts as paragraphs, ids after their words."""

    def make(
        texts: list[str], report_id: str = "veldoria-2020-state", **changes: object
    ) -> Document:
        paragraphs, start = [], 0
        for position, text in enumerate(texts):
            end = start + len(text)
            again = f"-{n}" if (n := texts[:position].count(text)) else ""
            words = text[:24].strip().lower().replace(" ", "_")
            paragraphs.append(
                Paragraph(
                    paragraph_id=f"{report_id}.{words}{again}",
                    report_id=report_id,
                    position=position,
                    section=("Section 1", "a. Heading"),
                    text=text,
                    start=start,
                    end=end,
                    spans=((start, end),),
                )
            )
            start = end + 2
        return Document(make_report(report_id, **changes), tuple(paragraphs))

    return make


@pytest.fixture
def make_annotation() -> Callable[..., Annotation]:
    def make(paragraph_id: str, coder: str, *codes: str, **changes: object) -> Annotation:
        fields: dict[str, object] = {
            "key": f"{coder}/{paragraph_id}",
            "origin": "studio",
            "created_at": NOW,
            "updated_at": NOW,
        }
        return Annotation(
            paragraph_id=paragraph_id, coder=coder, codes=tuple(sorted(codes)), **(fields | changes)
        )

    return make


class Studio:
    """The session's Label Studio server."""

    def __init__(self, workspace: Workspace, state: ServerState) -> None:
        self.workspace = workspace
        self.url = state.url
        self.state = state
        credentials = read_credentials(workspace.credentials_file)
        assert credentials is not None
        self.credentials: Credentials = credentials


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A real Label Studio Community server on loopback, its data in a temporary folder."""
    root = tmp_path_factory.mktemp("studio")
    (root / "workbench.toml").write_text(new_workspace_text("Test server"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("studio-config")))
        patch.delenv("WORKBENCH_STUDIO_PORT", raising=False)
        # Of its own, so that two runs at once do not meet on one port.
        workspace = read_workspace(root, {"port": 18080 + os.getpid() % 2000})
        state, _ = start_server(workspace, None, print)
        running = Studio(workspace, state)
    yield running
    stop_server(workspace)


@pytest.fixture
def studio_cli(cli: Cli, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """`cli`, talking to the session's server through the environment, as a user would."""
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.credentials.token)
    return cli


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    source = folder / "source"
    for name in files.splitlines():
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    import sys

    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(source)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))
