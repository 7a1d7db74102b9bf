"""The workspace's own Label Studio: installed apart, loopback only, no telemetry.

Label Studio pins many packages and weighs about 1 GB, so it lives in a virtual
environment of its own and is driven as a process.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx

from workbench.annotations.accounts import ensure_account
from workbench.annotations.serverfiles import remove_exports, rotate_log
from workbench.annotations.serversettings import settings_environment, write_settings
from workbench.config import Workspace
from workbench.credentials import (
    Credentials,
    new_credentials,
    read_credentials,
    save_credentials,
)
from workbench.errors import StudioError

REQUIREMENT = "label-studio>=1.23.2"
HOST = "127.0.0.1"
#: Seconds. The first start migrates an empty database, which takes most of a minute.
START_TIMEOUT = 300.0
#: Seconds that the port of a server that has ended may take to be free.
_PATIENCE = 5.0
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ServerState:
    """The running (or last) local server: its address and process."""

    url: str
    port: int
    pid: int


def start_server(workspace: Workspace, port: int | None, tell: Tell) -> tuple[ServerState, bool]:
    """Start the local server and wait until it answers; its state, and whether it was started.

    A server that runs already is left as it is. A busy port is passed over for
    the next free one. Installs Label Studio first where it is missing. Raises
    StudioError when it cannot be installed or does not come up; the log lies in
    .workbench/studio/server.log. Where the sign-in was lost (another home folder),
    a new one is made.
    """
    running = running_server(workspace)
    if running is not None:
        return running, False
    program = install_server(workspace.studio_environment, tell)
    state = read_state(workspace)
    wanted = port or (state.port if state else workspace.number("port"))
    chosen = _free_port(wanted)
    if chosen != wanted:
        tell(f"port {wanted} is busy, using {chosen}")
    folder = _folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # its database holds the token
    rotate_log(folder / "server.log")
    remove_exports(folder, age=0)
    first = not (folder / "label_studio.sqlite3").exists()
    credentials = read_credentials(workspace.credentials_file)
    lost = credentials is None and not first
    write_settings(folder)
    if credentials is None:
        credentials = new_credentials()
    if lost:
        _reset_password(program, folder, credentials)
    tell("starting Label Studio" + (" (the first start takes up to a minute)" if first else ""))
    with open(folder / "server.log", "ab") as log:
        process = subprocess.Popen(
            [program, "start", "--no-browser", "--internal-host", HOST, "--port", str(chosen)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=server_environment(folder, credentials),
            start_new_session=True,
        )
    state = ServerState(f"http://{HOST}:{chosen}", chosen, process.pid)
    _state_file(workspace).write_text(json.dumps(asdict(state)), encoding="utf-8")
    try:
        _wait_until_healthy(state, process, folder / "server.log", tell)
        if lost:
            token = ensure_account(state.url, "", credentials.username, credentials.password)
            credentials = replace(credentials, token=token)
        save_credentials(workspace.credentials_file, credentials)
    except BaseException:
        _end(process.pid)
        raise
    return state, True


def stop_server(workspace: Workspace) -> bool:
    """End the local server; whether one was running."""
    state = running_server(workspace)
    if state is None:
        return False
    _end(state.pid)
    # Its sockets outlive it for a moment, and a start would pass the port over as busy.
    until = time.monotonic() + _PATIENCE
    while not _is_free(state.port) and time.monotonic() < until:
        time.sleep(0.05)
    return True


def running_server(workspace: Workspace) -> ServerState | None:
    """The local server if its process lives, else None."""
    state = read_state(workspace)
    return state if state is not None and _is_ours(state.pid) else None


def tidy_server(workspace: Workspace) -> None:
    """Remove the exports that the local server, if there is one, is done with."""
    remove_exports(_folder(workspace))


def read_state(workspace: Workspace) -> ServerState | None:
    """What the last start wrote down, if anything usable."""
    try:
        return ServerState(**json.loads(_state_file(workspace).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def install_server(environment: Path, tell: Tell) -> str:
    """The path of the label-studio program in `environment`, installed if need be."""
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    program, done = scripts / "label-studio", environment / "installed"
    if program.exists() and done.exists():
        return str(program)
    tell(f"installing Label Studio into {environment} (about 1 GB, two to five minutes)")
    steps = (
        [sys.executable, "-m", "venv", str(environment)],
        [str(scripts / "python"), "-m", "pip", "install", "--quiet", REQUIREMENT],
    )
    for step in steps:
        result = subprocess.run(step, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if result.returncode != 0:
            lines = (result.stderr or result.stdout).strip().splitlines() or ["no message"]
            raise StudioError(
                f"installing Label Studio into {environment} failed: {lines[-1]}",
                "see that the network and python3-venv are there, then try again",
            )
    done.write_text(REQUIREMENT + "\n", encoding="utf-8")
    return str(program)


def server_environment(folder: Path, credentials: Credentials) -> dict[str, str]:
    """The server's whole environment: nothing of the caller's but the search path.

    Unprefixed variables (PORT, HOST, DEBUG, USERNAME) would reach into Label
    Studio's settings, hence a clean one.
    """
    settings = {
        "BASE_DATA_DIR": str(folder),
        "USERNAME": credentials.username,
        "PASSWORD": credentials.password,
        "USER_TOKEN": credentials.token,
        "ENABLE_LEGACY_API_TOKEN": "true",
        "DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "FEATURE_FLAGS_OFFLINE": "true",
        "SSRF_PROTECTION_ENABLED": "false",
        "ML_BLOCK_LOCAL_IP": "false",
    }
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "TMPDIR") if key in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        **settings_environment(folder),
        **{f"LABEL_STUDIO_{key}": value for key, value in settings.items()},
    }


def _reset_password(program: str, folder: Path, credentials: Credentials) -> None:
    """Give the owner of an existing server a new password, the old one being lost."""
    result = subprocess.run(
        [
            program,
            "reset_password",
            "--username",
            credentials.username,
            "--password",
            credentials.password,
        ],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env=server_environment(folder, credentials),
    )
    if result.returncode != 0:
        raise StudioError(
            f"{folder}: the server's sign-in is lost and cannot be reset",
            "move the folder away to begin with an empty server",
        )


def _wait_until_healthy(
    state: ServerState, process: subprocess.Popen[bytes], log: Path, tell: Tell
) -> None:
    began = told = time.monotonic()
    while (now := time.monotonic()) - began < START_TIMEOUT:
        if process.poll() is not None:
            raise StudioError(
                f"Label Studio ended while starting (exit code {process.returncode})", f"see {log}"
            )
        try:
            if httpx.get(f"{state.url}/health", timeout=5, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        if now - told >= 10:
            told = now
            tell(f"  still starting ({now - began:.0f} s)")
        time.sleep(0.25)
    raise StudioError(f"Label Studio did not answer within {START_TIMEOUT:.0f} s", f"see {log}")


def _free_port(wanted: int) -> int:
    """`wanted`, or the next port above it that nothing listens on."""
    for port in range(wanted, min(wanted + 200, 65536)):
        if _is_free(port):
            return port
    raise StudioError(f"no free port from {wanted} on", "name another with --port")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _is_ours(pid: int) -> bool:
    """Whether the process lives and is a Label Studio (a pid may be given out again)."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    command = Path(f"/proc/{pid}/cmdline")
    try:
        words = command.read_bytes()
    except OSError:
        return not Path("/proc/self").exists()
    return b"label-studio" in words


def _end(pid: int) -> None:
    """SIGTERM to the server's process group, SIGKILL where that does not end it."""
    for number, seconds in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(pid, number)
        except OSError:
            return
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with suppress(OSError):
                os.waitpid(pid, os.WNOHANG)
            if not _is_ours(pid):
                return
            time.sleep(0.05)


def _folder(workspace: Workspace) -> Path:
    return workspace.hidden / "studio"


def _state_file(workspace: Workspace) -> Path:
    return _folder(workspace) / "server.json"
