"""What is kept on disk comes back whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from odeplayground import kept_code
from odeplayground.kept_code import Shelf

pytestmark = pytest.mark.usefixtures("nothing_kept_after")


@pytest.fixture
def nothing_kept_after():
    yield
    kept_code.use(None)


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_bytes_come_back_under_their_key(tmp_path):
    shelf = Shelf(tmp_path)
    assert shelf.get("a") is None
    shelf.put("a", b"one")
    shelf.put("a", b"another")
    assert Shelf(tmp_path).get("a") == b"another"
    assert shelf.get("b") is None


def test_a_damaged_file_counts_as_missing(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.put("a", b"machine code")
    path = only_file(tmp_path)
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole[:20], b"", whole[:-1] + b"?", b"?" + whole[1:]):
        path.write_bytes(damaged)
        assert shelf.get("a") is None
    path.write_bytes(whole)
    assert shelf.get("a") == b"machine code"


def test_a_file_under_another_name_counts_as_missing(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.put("a", b"machine code")
    only_file(tmp_path).rename(shelf._path("b"))
    assert shelf.get("b") is None


def test_what_was_not_used_for_long_is_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_code, "MOST_FILES", 4)
    for number in range(8):
        Shelf(tmp_path).put(str(number), b"x")
        for path in tmp_path.iterdir():
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))
    assert len(list(tmp_path.iterdir())) <= 4
    assert Shelf(tmp_path).get("7") == b"x"


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path):
    folder = tmp_path / "gone"
    shelf = Shelf(folder)
    shelf.put("a", b"x")
    assert shelf.get("a") is None
    (tmp_path / "file").write_bytes(b"")
    assert not kept_code.use(tmp_path / "file" / "inside")
    assert kept_code.shelf() is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no such flags here")
def test_a_folder_that_others_can_write_to_is_not_used(tmp_path):
    folder = tmp_path / "code"
    assert kept_code.use(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o770)
    assert not kept_code.use(folder)
    assert kept_code.shelf() is None
