"""What is kept in a private folder is for its owner alone; what stands elsewhere keeps the system's habit."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import domain.private
from domain.files import whole_file
from domain.private import exposed, keep_private, make_folder, open_private, open_to_everybody, within_private

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes; its rule is tested by itself")
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def habit():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def private(tmp_path):
    return made(tmp_path / "private", 0o700)


@pytest.fixture
def share(tmp_path):
    return made(tmp_path / "share", 0o755)


@pytest.fixture
def windows(monkeypatch):
    """What we ask of the system is what we would ask of Windows."""
    monkeypatch.setattr(domain.private, "sys", SimpleNamespace(platform="win32"))


def made(folder: Path, bits: int) -> Path:
    folder.mkdir()
    folder.chmod(bits)
    return folder


def written(path: Path, bits: int = 0o644) -> Path:
    path.write_text("x", "utf-8")
    path.chmod(bits)
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.parametrize("how", ["w", "a+", "w+b"])
def test_file_that_is_opened_is_made_for_its_owner_alone(how, share):
    open_private(share / "a", how).close()
    assert mode(share / "a") == 0o600


def test_bytes_are_in_the_file_as_soon_as_they_are_written(share):
    with open_private(share / "a", "a+b") as file:
        file.write(b"1")
        file.write(b"\n2")
        assert (share / "a").read_bytes() == b"1\n2"


def test_text_is_written_in_utf_8_whatever_the_systems_habit(share):
    write = r"import sys, pathlib, domain.private as p; p.open_private(pathlib.Path(sys.argv[1]), 'w').write('\u503c\u73ed')"
    habit = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", write, str(share / "a")], cwd=ROOT, env=habit, check=True, timeout=60)
    assert (share / "a").read_bytes() == "值班".encode()
    with open_private(share / "a", "r") as file:
        assert file.read() == "值班"


def test_folder_in_a_private_one_is_as_private_with_its_parents(private):
    make_folder(private / "a" / "b" / "c")
    assert [mode(private / name) for name in ("a", "a/b", "a/b/c")] == [0o700] * 3


def test_folder_that_is_there_stays_as_it_is(private):
    there = made(private / "there", 0o755)
    make_folder(there)
    assert mode(there) == 0o755


def test_whether_a_place_is_private_is_said_by_the_folder_it_stands_in(private, share):
    assert within_private(private / "a") is True and within_private(share / "a") is False
    private.chmod(0o701)
    assert within_private(private / "a") is False


def test_no_place_is_private_by_modes_on_windows(windows, private):
    assert within_private(private / "a") is False


def test_what_others_may_see_is_found_at_any_depth_and_closed_to_them(share):
    make_folder(share / "凭据" / "2026")
    ours = [share, share / "凭据", share / "凭据" / "2026"]
    ours += [
        written(share / "wenying.db-wal"),
        written(share / "凭据" / "a.png"),
        written(share / "凭据" / "2026" / "b", 0o640),
    ]
    written(share / "wenying.log", 0o600)
    written(share / "别人的.txt")
    assert sorted(exposed(share)) == sorted(ours)
    keep_private(share)
    assert exposed(share) == []
    assert [mode(path) for path in ours] == [0o700, 0o700, 0o700, 0o600, 0o600, 0o600]
    assert mode(share / "别人的.txt") == 0o644, "what is not ours stays as it is"


def test_what_cannot_be_closed_does_not_keep_the_rest_open(share, monkeypatch):
    stuck = written(share / "window.ini")
    others = [written(share / "wenying.db"), written(share / "wenying.log")]
    change = Path.chmod

    def refusing(path, bits):
        if path == stuck:
            raise PermissionError("not the owner")
        change(path, bits)

    monkeypatch.setattr(Path, "chmod", refusing)
    keep_private(share)
    assert exposed(share) == [stuck] and [mode(path) for path in others] == [0o600, 0o600]


def test_folder_that_is_gone_shows_nothing(tmp_path):
    assert exposed(tmp_path / "gone") == []


def test_a_link_out_of_the_folder_is_not_followed(share, private):
    outside = written(share / "a")
    (private / "凭据").symlink_to(share)
    (private / "wenying.log").symlink_to(outside)
    assert exposed(private) == []
    keep_private(private)
    assert mode(outside) == 0o644 and mode(share) == 0o755


def test_what_is_exported_to_a_shared_folder_keeps_its_habit(share):
    with whole_file(share / "a.docx") as partial:
        partial.write_text("x", "utf-8")
    make_folder(share / "b")
    assert mode(share / "a.docx") == 0o644 and mode(share / "b") == 0o755


@pytest.mark.parametrize(
    ("descriptor", "answer"),
    [
        ("D:(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;S-1-5-21-1-2-3-1001)", False),
        ("D:(A;OICIID;FA;;;SY)(A;OICI;0x1200a9;;;BU)", True),
        ("D:PAI(A;OICI;FA;;;WD)", True),
        ("D:(D;OICI;FA;;;WD)(A;OICI;FA;;;SY)", False),
    ],
)
def test_windows_says_whether_everybody_may_read(descriptor, answer):
    assert open_to_everybody(descriptor) is answer


OPEN, CLOSED = "D:PAI(A;OICI;FA;;;WD)", "D:(A;OICIID;FA;;;SY)"


@pytest.fixture
def icacls(windows, monkeypatch, tmp_path):
    """Windows' own command, that saves what is in `said` of the one folder it knows; the folder and `said`."""
    folder, said, place = tmp_path / "数据", tmp_path / "said", made(tmp_path / "System32", 0o755)
    command = written(place / "icacls", 0o755)
    known = f'[ "$1 $2 $4 $#" = "{folder} /save /q 4" ]'
    command.write_text(f'#!/bin/sh\necho 已成功处理 1 个文件\n{known} && exec cp "{said}" "$3"\nexit 87\n', "utf-8")
    monkeypatch.setenv("PATH", str(place), prepend=os.pathsep)
    return folder, said, command


@pytest.mark.parametrize(
    ("descriptor", "found"),
    [(OPEN.encode("utf-16"), True), (CLOSED.encode("utf-16"), False), (OPEN.encode("utf-16") + b"\x00\xd8", True)],
)
def test_windows_is_asked_who_may_read_the_folder(descriptor, found, icacls, capfd):
    folder, said, _ = icacls
    said.write_bytes(descriptor)
    assert exposed(folder) == ([folder] if found else [])
    assert capfd.readouterr() == ("", ""), "what the command says is not for people"


def test_folder_of_which_windows_says_nothing_is_not_called_open(icacls):
    folder, *_ = icacls
    assert exposed(folder) == []


def test_windows_that_does_not_answer_is_not_waited_for(icacls, monkeypatch):
    folder, _, command = icacls
    command.write_text("#!/bin/sh\nexec sleep 9\n", "utf-8")
    monkeypatch.setattr(domain.private, "PATIENCE", 0.2)
    before = time.monotonic()
    assert exposed(folder) == [] and time.monotonic() - before < 5


def test_modes_are_left_alone_on_windows(icacls):
    folder, said, _ = icacls
    said.write_bytes(OPEN.encode("utf-16"))
    made(folder, 0o755)
    keep_private(folder)
    assert mode(folder) == 0o755
