"""Zip archives of reports: what is in them, what is refused, and that headers are not believed."""

import io
import os
import pickle
import stat
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_building import make_docx, make_odt, pack

from workbench.errors import ReportError
from workbench.reports import archives, unpacking
from workbench.reports.archives import Member, list_members, read_member
from workbench.reports.office.kinds import DOC, DOCX, LOCKED, ODT, ZIP, office_kind, ole_kind

TEXT = "The Harl rose in May. Nobody was warned of it.\n" * 40
GOOD = pack({"a.txt": TEXT, "b/c.txt": TEXT * 2, "d.bin": os.urandom(3000)}, stored=["d.bin"])
DOCX_FILE = make_docx([("p", TEXT)])
ODT_FILE = make_odt([("p", TEXT)])


def entry_at(data: bytes, name: str) -> int:
    """Where the entry of a member begins in the list at the archive's end."""
    at = data.index(b"PK\x01\x02")
    while not data[at + 46 :].startswith(name.encode()):
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def patched(data: bytes, at: int, form: str, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(form, changed, at, value)
    return bytes(changed)


def the_error(data: bytes, name: str) -> str:
    """What is said of a member, be it when listed or when read."""
    member = next(member for member in list_members(data, "z.zip") if member.name == name)
    with pytest.raises(ReportError) as caught:
        read_member(data, member, "z.zip")
    assert f"z.zip!/{name}" in caught.value.message
    assert caught.value.mend
    return caught.value.message


def link(mode: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = mode << 16
        archive.writestr(info, "/etc/passwd")
    return file.getvalue()


def test_members_are_listed_and_read_from_bytes_and_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(GOOD)
    for source in (GOOD, path):
        members = list_members(source, "z.zip")
        assert [member.name for member in members] == ["a.txt", "b/c.txt", "d.bin"]
        assert [member.error for member in members] == [None] * 3
        texts = [read_member(source, member, "z.zip") for member in members]
        assert texts[1] == (TEXT * 2).encode()
        assert [len(text) for text in texts] == [member.size for member in members]


def test_a_member_can_go_to_another_process(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(pack({"a.txt": TEXT, "../b.txt": "x"}))
    good, bad = pickle.loads(pickle.dumps(list_members(path, "z.zip")))
    assert read_member(path, good, "z.zip") == TEXT.encode()
    assert "outside the archive" in bad.error.message
    assert bad.error.mend


def test_folders_hidden_files_and_what_macos_adds_are_passed_over() -> None:
    data = pack({"a/": "", "a/b.txt": "x", ".hidden": "x", "a/.x/y.txt": "x", "__MACOSX/a/b": "x",
                 "a/.DS_Store": "x"})  # fmt: skip
    assert [member.name for member in list_members(data, "z.zip")] == ["a/b.txt"]


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "C:/a.txt", "a/../../b.txt", "..\\a",
                                  "\\\\server\\a.txt", "c:a.txt"])  # fmt: skip
def test_a_path_outside_the_archive_is_refused_and_the_rest_read(name: str) -> None:
    data = pack({name: "x", "good.txt": "y"})
    bad, good = list_members(data, "z.zip")
    assert "is a path outside the archive" in bad.error.message
    assert read_member(data, good, "z.zip") == b"y"


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o600, stat.S_IFCHR])
def test_links_and_devices_are_refused(mode: int) -> None:
    assert "link or device" in the_error(link(mode), "a.txt")


def test_files_with_the_rights_of_unix_are_read() -> None:
    data = link(stat.S_IFREG | 0o644)
    assert read_member(data, list_members(data, "z.zip")[0], "z.zip") == b"/etc/passwd"


def test_an_encrypted_member_is_refused() -> None:
    at = entry_at(GOOD, "a.txt")
    assert "is encrypted" in the_error(patched(GOOD, at + 8, "<H", 1), "a.txt")
    assert "is damaged" in the_error(patched(GOOD, 6, "<H", 1), "a.txt")


def test_an_archive_in_an_archive_is_refused_whatever_its_name_and_documents_are_not() -> None:
    inner = pack({"x.txt": "x"})
    data = pack(
        {"a.txt": inner, "b.zip": inner, "c.docx": DOCX_FILE, "d": ODT_FILE, "e.zip": b"text"}
    )
    found = {member.name: member.error for member in list_members(data, "z.zip")}
    assert [name for name, error in found.items() if error] == ["a.txt", "b.zip"]
    assert "archive in an archive" in the_error(data, "b.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_unusual_packing_is_named(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a.txt", TEXT)
    assert "is packed with" in the_error(file.getvalue(), "a.txt")


def test_a_bomb_is_refused_by_what_it_says() -> None:
    data = pack({"bomb.txt": b"0" * (20 * 2**20), "good.txt": TEXT})
    assert "times its size" in the_error(data, "bomb.txt")


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks() -> None:
    data = pack({"bomb.txt": b"0" * (50 * 2**20)})
    liar = patched(data, entry_at(data, "bomb.txt") + 24, "<L", 1000)
    tracemalloc.start()
    message = the_error(liar, "bomb.txt")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "more than the 1,000 bytes" in message
    assert peak < 2**20


def test_a_packed_size_that_lies_does_not_hide_a_bomb() -> None:
    data = pack({"bomb.txt": b"0" * (50 * 2**20), "other.txt": os.urandom(400_000)})
    liar = patched(data, entry_at(data, "bomb.txt") + 20, "<L", 300_000)
    assert "overlaps" in the_error(liar, "bomb.txt")


def test_members_that_overlap_are_refused() -> None:
    second = entry_at(GOOD, "b/c.txt")
    data = patched(GOOD, second + 42, "<L", 0)
    assert "overlaps another" in the_error(data, "a.txt")
    assert "overlaps another" in the_error(data, "b/c.txt")
    third = next(member for member in list_members(data, "z.zip") if member.name == "d.bin")
    assert len(read_member(data, third, "z.zip")) == 3000


def test_a_wrong_checksum_is_found() -> None:
    data = patched(GOOD, entry_at(GOOD, "d.bin") + 16, "<L", zlib.crc32(b"other"))
    assert "is damaged" in the_error(data, "d.bin")


def test_a_member_twice_is_read_once() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "two")
    first, second = list_members(file.getvalue(), "z.zip")
    assert read_member(file.getvalue(), first, "z.zip") == b"one"
    assert "in the archive twice" in second.error.message


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [("MOST_MEMBERS", 2, "holds 3 files"), ("LARGEST_TOTAL", 4000, "unpacks to")],
)
def test_too_much_in_all_refuses_the_archive(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int, message: str
) -> None:
    monkeypatch.setattr(archives, limit, value)
    with pytest.raises(ReportError, match=message):
        list_members(GOOD, "z.zip")


def test_a_member_larger_than_allowed_is_refused() -> None:
    member = list_members(GOOD, "z.zip")[0]
    with pytest.raises(ReportError, match=r"z\.zip!/a\.txt unpacks to"):
        read_member(GOOD, member, "z.zip", largest=100)


@pytest.mark.parametrize("cut", [3, 22, 60, 200, len(GOOD) - 30])
def test_an_archive_that_is_cut_off_is_called_so(cut: int) -> None:
    with pytest.raises(ReportError, match=r"z\.zip is a zip archive that is"):
        list_members(GOOD[:-cut], "z.zip")


def test_an_archive_that_shrank_since_it_was_listed_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(GOOD)
    members = list_members(path, "z.zip")
    path.write_bytes(GOOD[:50])
    for member in members:
        with pytest.raises(ReportError, match="is cut off"):
            read_member(path, member, "z.zip")
    path.unlink()
    with pytest.raises(ReportError, match="cannot be read"):
        read_member(path, members[0], "z.zip")
    with pytest.raises(ReportError, match="cannot be read"):
        list_members(path, "z.zip")


@pytest.mark.parametrize(
    ("raw", "flag", "shown"),
    [
        ("Orrîn.txt".encode(), 0x800, "Orrîn.txt"),
        ("Orrîn.txt".encode(), 0, "Orrîn.txt"),
        ("Харл.txt".encode("cp866"), 0, "òáα½.txt"),
        (b"\xff\xfe\x80.txt", 0, " ■Ç.txt"),
        (b"a\x1b[2J\n.txt", 0, "a\ufffd[2J\ufffd.txt"),
    ],
)
def test_names_in_any_encoding_are_read(raw: bytes, flag: int, shown: str) -> None:
    plain = b"N" * len(raw)
    data = pack({plain.decode(): TEXT}).replace(plain, raw)
    data = patched(data, entry_at_any(data) + 8, "<H", flag)
    (member,) = list_members(data, "z.zip")
    assert member.name == shown.replace(" ", "\ufffd" if raw[0] == 0xFF else " ")
    assert read_member(data, member, "z.zip") == TEXT.encode()


def entry_at_any(data: bytes) -> int:
    return data.index(b"PK\x01\x02")


def test_a_name_that_is_not_the_utf8_that_it_claims_is_a_known_error() -> None:
    data = pack({"NNNN.txt": TEXT}).replace(b"NNNN", b"\xff\xfe\xfd\xfc")
    data = patched(data, entry_at_any(data) + 8, "<H", 0x800)
    with pytest.raises(ReportError, match="damaged"):
        list_members(data, "z.zip")


def every_member(data: bytes) -> None:
    """Lists and reads all; nothing but ReportError may come of it."""
    try:
        members = list_members(data, "z.zip")
        read = [_read_or_say(data, member) for member in members]
    except ReportError as error:
        members, read = [], [error.message]
    assert all("z.zip" in said for said in read if isinstance(said, str))
    assert all(
        len(said) == m.size
        for m, said in zip(members, read, strict=False)
        if isinstance(said, bytes)
    )


def _read_or_say(data: bytes, member: Member) -> bytes | str:
    try:
        return read_member(data, member, "z.zip")
    except ReportError as error:
        return error.message


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6),
       st.integers(0, len(GOOD)))  # fmt: skip
def test_a_damaged_archive_gives_only_known_errors(
    changes: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(GOOD)
    for at, value in changes:
        data[at] = value
    every_member(bytes(data))
    every_member(bytes(data[:length]))


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_damaged_list_of_members_gives_only_known_errors(back: int, value: int) -> None:
    data = bytearray(GOOD)
    data[-1 - back] = value
    every_member(bytes(data))


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_give_only_known_errors(data: bytes) -> None:
    every_member(data)
    assert isinstance(office_kind(data), str)
    assert isinstance(office_kind(b"PK\x03\x04" + data), str)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (DOCX_FILE, DOCX),
        (ODT_FILE, ODT),
        (GOOD, ZIP),
        (pack({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "XLSX"),
        (pack({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "PPTX"),
        (pack({"mimetype": "application/epub+zip", "OEBPS/a.xhtml": ""}), "EPUB"),
        (pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "ODS"),
        (
            pack({"mimetype": "application/vnd.oasis.opendocument.graphics"}),
            "another OpenDocument format",
        ),
        (pack({"mimetype": "text/plain", "a.txt": ""}), ZIP),
        (pack({"META-INF/MANIFEST.MF": ""}), "JAR"),
        (pack({"word/notes.txt": "", "x.txt": ""}), ZIP),
        (pack({}), ZIP),
        (DOCX_FILE[: len(DOCX_FILE) // 2], DOCX),
        (ODT_FILE[: len(ODT_FILE) // 2], ODT),
        (b"no archive", ZIP),
    ],
)  # fmt: skip
def test_kinds_are_told_from_what_is_inside(data: bytes, kind: str, tmp_path: Path) -> None:
    assert office_kind(data) == kind
    path = tmp_path / "named.xlsx"
    path.write_bytes(data)
    if zipfile.is_zipfile(path):
        assert office_kind(path) == kind


def test_old_office_files_are_told_from_locked_ones() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert ole_kind(ole) == DOC
    assert ole_kind(ole + "EncryptedPackage".encode("utf-16-le")) == LOCKED
    assert ole_kind(GOOD) is None


def test_reading_one_member_does_not_hold_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(40):
            archive.writestr(f"{number}.txt", os.urandom(2**20))
    tracemalloc.start()
    for member in list_members(path, "z.zip"):
        read_member(path, member, "z.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * 2**20


def test_the_limits_are_those_that_messages_name() -> None:
    assert unpacking.LARGEST_MEMBER <= archives.LARGEST_TOTAL
    assert unpacking.too_large(5 * 2**20, 2**20, unpacking.LARGEST_MEMBER) is None
