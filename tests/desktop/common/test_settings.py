from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from cifar_desktop.common.settings import Settings
from tests.desktop.support import Start, sentence


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.ini"


def test_values_survive(file: Path, tmp_path: Path) -> None:
    settings = Settings(file)
    settings.scheme = "dark"
    settings.text_size = 130
    settings.geometry = QByteArray(b"geometry")
    settings.remember_folder("pictures", tmp_path / "cat.png")
    assert settings.writable

    again = Settings(file)

    assert again.scheme == "dark"
    assert again.text_size == 130
    assert again.geometry == QByteArray(b"geometry")
    assert again.folder("pictures") == str(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00garbage",
        b"[window]\nappearance=pink\ntext_size=1300\ngeometry=7\n[folders]\npictures=/gone\n",
    ],
)
def test_damaged_file_is_ignored(content: bytes, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(content)

    settings = Settings(file)

    assert settings.scheme == "system"
    assert settings.text_size == 100
    assert settings.geometry is None
    assert settings.folder("pictures") != "/gone"


def test_unwritable_folder_is_reported_and_the_window_works(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")

    app = start()

    qtbot.waitUntil(lambda: "settings are not saved" in sentence(app))
    qtbot.waitUntil(lambda: app.tab.predictions.network is not None, timeout=30_000)


def test_datasets_are_remembered_while_they_are_there(file: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "Zoë", tmp_path / "图片"
    for folder in (first, second):
        folder.mkdir()
    settings = Settings(file)
    assert settings.dataset == "cifar10"
    assert settings.dataset_folders == []
    settings.remember_dataset(str(first))
    assert Settings(file).dataset_folders == [str(first)]
    settings.remember_dataset(str(second))
    settings.remember_dataset(str(first))
    assert Settings(file).dataset == str(first)
    assert Settings(file).dataset_folders == [str(first), str(second)]

    first.rmdir()

    assert Settings(file).dataset == "cifar10"
    assert Settings(file).dataset_folders == [str(second)]
    settings.remember_dataset("cifar10")
    assert Settings(file).dataset_folders == [str(second)]


def test_added_datasets_are_remembered_while_they_are_there(file: Path, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    one, two, three = map(str, folders)
    settings = Settings(file)
    assert settings.added_datasets == []
    settings.remember_dataset(one, [two])
    assert Settings(file).added_datasets == [two]
    settings.remember_dataset(one, ["cifar10", three, two])
    again = Settings(file)
    assert (again.dataset, again.added_datasets) == (one, ["cifar10", three, two])
    assert again.dataset_folders == [one, three, two]
    folders[2].rmdir()
    assert Settings(file).added_datasets == ["cifar10", two]
    settings.remember_dataset(one)
    assert Settings(file).added_datasets == []


def test_folder_used_only_for_evaluation_is_not_trained_on(file: Path, tmp_path: Path) -> None:
    settings = Settings(file)
    settings.remember_dataset_folder(str(tmp_path))

    assert Settings(file).dataset_folders == [str(tmp_path)]
    assert Settings(file).dataset == "cifar10"


def test_no_more_datasets_than_a_list_can_show(file: Path, tmp_path: Path) -> None:
    settings = Settings(file)
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        settings.remember_dataset(str(folder))

    assert len(settings.dataset_folders) == 8
