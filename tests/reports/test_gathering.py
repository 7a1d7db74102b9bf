"""Which files are meant: folders, archives, and what in them cannot be taken."""

import os
import zipfile
from pathlib import Path

import pytest

from workbench.errors import ReportError
from workbench.reports.gathering import gather_files, load_file


def names(folder: Path, *paths: Path) -> list[str]:
    return [file.name.removeprefix(f"{folder}/") for file in gather_files(paths or [folder]).files]


def zip_of(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def test_a_folder_gives_its_reports_sorted_without_what_is_hidden(tmp_path: Path) -> None:
    given = ("b.txt", "a.md", "deep/c.TEXT", ".d.txt", ".git/e.txt", "f.csv", "README.md", "g.pdf")
    for name in given:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert names(tmp_path) == ["a.md", "b.txt", "deep/c.TEXT", "g.pdf"]


def test_a_file_that_is_named_is_taken_whatever_its_suffix_and_once(tmp_path: Path) -> None:
    path = tmp_path / "report.dat"
    path.write_text("x")
    assert names(tmp_path, path, path, tmp_path / "." / "report.dat") == ["report.dat"]


def test_no_report_and_no_path_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="has no report in it"):
        gather_files([tmp_path])
    with pytest.raises(ReportError, match="does not exist"):
        gather_files([tmp_path / "none"])


def test_an_archive_gives_its_reports_and_their_bytes(tmp_path: Path) -> None:
    zip_of(tmp_path / "all.zip", {"b/two.txt": "2", "one.txt": "1", "notes.csv": "x", "b/": ""})
    (tmp_path / "three.txt").write_text("3")
    files = gather_files([tmp_path]).files
    assert names(tmp_path) == ["all.zip!/b/two.txt", "all.zip!/one.txt", "three.txt"]
    assert [load_file(file) for file in files] == [b"2", b"1", b"3"]
    assert [file.stem for file in files] == ["two", "one", "three"]


def test_what_is_wrong_with_a_member_or_an_archive_leaves_the_rest(tmp_path: Path) -> None:
    zip_of(tmp_path / "all.zip", {"../outside.txt": "x", "good.txt": "1"})
    (tmp_path / "cut.zip").write_bytes((tmp_path / "all.zip").read_bytes()[:60])
    gathered = gather_files([tmp_path])
    assert [file.stem for file in gathered.files] == ["good"]
    said = " ".join(str(failure) for failure in gathered.failures)
    assert "outside the archive" in said
    assert "cut.zip" in said


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.html"
    with path.open("wb") as file:
        file.truncate(10**9)
    with pytest.raises(ReportError, match=r"huge\.html is too large"):
        load_file(gather_files([path]).files[0])


def test_links_are_followed_once_and_circles_and_odd_names_are_named(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("x")
    (tmp_path / "real" / "back").symlink_to(tmp_path)
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.txt").write_text("x")
    (tmp_path / "linked").symlink_to(elsewhere)
    os.close(os.open(bytes(tmp_path) + b"/odd\xff.txt", os.O_CREAT | os.O_WRONLY))
    gathered = gather_files([tmp_path])
    assert sorted(file.stem for file in gathered.files) == ["a", "b"]
    said = sorted(str(failure) for failure in gathered.failures)
    assert len(said) == 3
    assert any("gone.txt does not exist" in each for each in said)
    assert any("loop.txt" in each for each in said)
    assert any("its name is not UTF-8" in each for each in said)


def test_a_folder_that_may_not_be_read_is_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("open/a.txt", "shut/b.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    scan, opened = os.scandir, Path.open

    def refuse_folder(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    def refuse_file(path: Path, *how: object) -> object:
        if path.name == "c.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how)

    monkeypatch.setattr(os, "scandir", refuse_folder)
    monkeypatch.setattr(Path, "open", refuse_file)
    gathered = gather_files([tmp_path])
    assert [file.stem for file in gathered.files] == ["a"]
    assert sorted(str(each).split(";")[0].rsplit("/", 1)[1] for each in gathered.failures) == [
        "c.txt cannot be read: Permission denied",
        "shut cannot be read: Permission denied",
    ]
