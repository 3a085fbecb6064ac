"""Files are written completely or left unchanged, whatever happens while writing."""

import errno
import os
from pathlib import Path

import pytest
from safetensors import SafetensorError

from trainer.errors import StorageError
from trainer.files.atomic_write import write_atomically


def test_a_file_is_replaced_and_its_folder_made(tmp_path: Path) -> None:
    path = tmp_path / "Zoë/图片/file"
    write_atomically(path, lambda file: file.write_text("one"))
    write_atomically(path, lambda file: file.write_text("two"))
    assert path.read_text() == "two"
    assert [each.name for each in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("write failed"),
        SafetensorError("Error while serializing: I/O error"),
    ],
)
def test_a_failure_leaves_the_old_file(tmp_path: Path, error: Exception) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def half(file: Path) -> None:
        file.write_text("ne")
        raise error

    with pytest.raises(StorageError, match="disk full"):
        write_atomically(path, half)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208 - hidden files count


def test_a_new_file_may_be_read_by_whom_the_system_lets(tmp_path: Path) -> None:
    (tmp_path / "ordinary").touch()
    write_atomically(tmp_path / "written", lambda file: file.chmod(0o600))
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_file_in_place_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"):
        write_atomically(tmp_path / "file/inside", lambda file: file.touch())
