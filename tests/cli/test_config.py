"""Settings and secrets: whence they come, and where they may not be."""

import os
from pathlib import Path

import pytest

from workbench.annotations.address import studio_address, studio_token
from workbench.config import SETTINGS, find_workspace, new_workspace_text, read_workspace
from workbench.credentials import new_credentials, read_credentials, save_credentials
from workbench.errors import ConfigError, StudioError, TokenError, WorkspaceError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "workbench.toml").write_text(new_workspace_text("Study"))
    return folder


def write(root: Path, text: str) -> None:
    file = root / "workbench.toml"
    file.write_text(file.read_text() + text)


def test_flag_beats_environment_beats_file_beats_default(root: Path, monkeypatch) -> None:
    assert read_workspace(root, {}).values["seed"] == 0
    text = (root / "workbench.toml").read_text().replace("# seed = 0", "seed = 1 #")
    (root / "workbench.toml").write_text(text)
    assert read_workspace(root, {}).origins["seed"] == "workbench.toml"
    assert read_workspace(root, {}).values["seed"] == 1
    monkeypatch.setenv("WORKBENCH_SEED", "2")
    assert read_workspace(root, {}).values["seed"] == 2
    assert read_workspace(root, {"seed": 3}).values["seed"] == 3
    assert read_workspace(root, {"seed": None}).values["seed"] == 2


def test_every_setting_stands_in_a_new_workspace_file() -> None:
    text = new_workspace_text("Study")
    for setting in SETTINGS.values():
        assert f"# {setting.key.split('.')[1]} = " in text


def test_workspace_is_found_from_a_folder_below(root: Path, monkeypatch) -> None:
    (root / "exports").mkdir()
    monkeypatch.chdir(root / "exports")
    assert find_workspace(None, {}).root == root


def test_no_workspace_is_an_error_with_the_mend(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceError, match="run `workbench init`"):
        find_workspace(None, {})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[label_studio2]\nurl = 'x'\n", "label_studio2.url is not a known setting"),
        ("[more]\ntoken = 'abc'\n", "secrets do not belong in this file"),
        ("[more]\nlabel_api_key = 'abc'\n", "secrets do not belong in this file"),
        ("[train2\n", "Expected"),
    ],
)
def test_a_fault_in_the_file_is_named(root: Path, text: str, named: str) -> None:
    write(root, text)
    with pytest.raises(ConfigError) as caught:
        read_workspace(root, {})
    assert named in str(caught.value)
    assert "abc" not in str(caught.value)
    assert "workbench.toml" in str(caught.value)


def test_a_number_that_is_none_is_named_with_its_variable(root: Path, monkeypatch) -> None:
    monkeypatch.setenv("WORKBENCH_SEED", "many")
    with pytest.raises(ConfigError, match=r"WORKBENCH_SEED.*whole number expected, not 'many'"):
        read_workspace(root, {})


def test_address_must_be_one(root: Path) -> None:
    with pytest.raises(StudioError, match="studio start"):
        studio_address(read_workspace(root, {}))
    with pytest.raises(StudioError, match="write it as http"):
        studio_address(read_workspace(root, {"url": "localhost:8080"}))
    assert studio_address(read_workspace(root, {"url": "http://h:1/"})) == "http://h:1"


def test_token_comes_from_the_environment_first(root: Path, monkeypatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "from-environment")
    assert studio_token(read_workspace(root, {}), "http://h:1") == "from-environment"


def test_token_file_outside_the_workspace_with_mode_0600_is_read(root: Path, tmp_path) -> None:
    file = tmp_path / "token"
    file.write_text("secret-token\n")
    file.chmod(0o600)
    workspace = read_workspace(root, {"token_file": str(file)})
    assert studio_token(workspace, "http://h:1") == "secret-token"


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
def test_token_file_that_others_can_read_is_refused_with_the_mend(root: Path, tmp_path) -> None:
    file = tmp_path / "token"
    file.write_text("secret-token\n")
    file.chmod(0o644)
    with pytest.raises(TokenError, match="chmod 600") as caught:
        studio_token(read_workspace(root, {"token_file": str(file)}), "http://h:1")
    assert "secret-token" not in str(caught.value)


def test_token_file_inside_the_workspace_is_refused(root: Path) -> None:
    (root / "token").write_text("secret-token\n")
    with pytest.raises(TokenError, match="outside the workspace"):
        studio_token(read_workspace(root, {"token_file": str(root / "token")}), "http://h:1")


def test_no_token_says_where_to_put_one(root: Path) -> None:
    with pytest.raises(TokenError, match="LABEL_STUDIO_API_KEY"):
        studio_token(read_workspace(root, {}), "http://h:1")


def test_credentials_are_kept_private_and_never_shown(tmp_path: Path) -> None:
    made, file = new_credentials(), tmp_path / "deep" / "studio.json"
    save_credentials(file, made)
    assert read_credentials(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert made.token not in repr(made)
    assert made.password not in repr(made)
