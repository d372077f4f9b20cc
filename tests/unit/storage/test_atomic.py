"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from odeplayground.storage import atomic


def test_write_and_replace(tmp_path):
    path = tmp_path / "file"
    atomic.write(path, b"one")
    atomic.write(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_the_older_file_stays_when_a_step_fails(tmp_path, monkeypatch, step):
    path = tmp_path / "file"
    atomic.write(path, b"one")

    def fail(*_args):
        raise OSError("broken disk")

    monkeypatch.setattr(*((os, "fsync", fail) if step == "fsync" else (Path, "replace", fail)))
    with pytest.raises(OSError, match="broken disk"):
        atomic.write(path, b"two")
    monkeypatch.undo()
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="no permission bits there")
def test_permissions_are_kept(tmp_path):
    path = tmp_path / "file"
    atomic.write(path, b"one")
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    path.chmod(0o640)
    atomic.write(path, b"two")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed(tmp_path):
    path, link = tmp_path / "file", tmp_path / "link"
    atomic.write(path, b"one")
    link.symlink_to(path)
    atomic.write(link, b"two")
    assert link.is_symlink()
    assert path.read_bytes() == b"two"


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        atomic.write(tmp_path / "no" / "file", b"")
