from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from cifar_desktop.settings import Settings
from tests.desktop.support import Start, sentence


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.ini"


def test_values_survive(file: Path, tmp_path: Path) -> None:
    settings = Settings(file)
    settings.scheme = "dark"
    settings.geometry = QByteArray(b"geometry")
    settings.remember_folder("pictures", tmp_path / "cat.png")
    assert settings.writable

    again = Settings(file)

    assert again.scheme == "dark"
    assert again.geometry == QByteArray(b"geometry")
    assert again.folder("pictures") == str(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00garbage",
        b"[window]\nappearance=pink\ngeometry=7\n[folders]\npictures=/gone\n",
    ],
)
def test_damaged_file_is_ignored(content: bytes, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(content)

    settings = Settings(file)

    assert settings.scheme == "system"
    assert settings.geometry is None
    assert settings.folder("pictures") != "/gone"


def test_unwritable_folder_is_told_and_the_window_works(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")

    app = start()

    qtbot.waitUntil(lambda: "settings are not remembered" in sentence(app))
    qtbot.waitUntil(lambda: app.tab.answering.network is not None, timeout=30_000)
