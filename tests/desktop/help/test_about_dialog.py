import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.common import open_externally
from cifar_desktop.help import about_dialog
from cifar_desktop.help.about_dialog import AboutWindow
from cifar_desktop.help.services import licenses
from cifar_desktop.help.widgets.license_view import LicenseView
from trainer.errors import TrainerError

# Without a display windows have no hints about their size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[AboutWindow]:
    """The About window, open above another."""
    below = QWidget()
    qtbot.addWidget(below)
    below.show()
    opened = AboutWindow(below)
    opened.open()
    qtbot.waitExposed(opened)
    yield opened
    below.close()


def _licenses(window: AboutWindow) -> LicenseView:
    window.view.tabs.setCurrentIndex(1)
    return window.view.licenses


def _listed(page: LicenseView) -> list[str]:
    rows = range(page.list.count())
    return [page.list.item(row).text() for row in rows if not page.list.isRowHidden(row)]


def test_versions_and_device(window: AboutWindow) -> None:
    facts = {name: label.text() for name, label in window.view.facts}

    assert metadata.version("cifar-desktop") in window.view.version.text()
    assert facts["PyTorch"].startswith(metadata.version("torch").partition("+")[0])
    assert metadata.version("PySide6_Essentials") in facts["Qt for Python"]
    assert "CPU" in facts["Predictions run on"]
    assert "(unknown)" not in facts.values()


def test_versions_are_copied(window: AboutWindow) -> None:
    window.view.copy.click()

    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == [f"{name}: {label.text()}" for name, label in window.view.facts]
    assert window.view.copy.text() == "Copied"


def test_licenses_can_be_searched_by_keyboard(window: AboutWindow) -> None:
    page = _licenses(window)
    first = page.text.toPlainText()
    assert _listed(page)[0].startswith("CIFAR Desktop")
    assert "Permission is hereby granted" in first
    assert page.search.hasFocus()

    QTest.keyClicks(page.search, "numpy")

    assert len(_listed(page)) == 1
    assert page.list.currentItem().text().startswith("numpy")
    assert "NumPy" in page.text.toPlainText()
    page.search.clear()
    QTest.keyClick(page.search, Qt.Key.Key_Up)
    assert page.list.currentItem().text() != "numpy"
    QTest.keyClicks(page.search, "no such thing")
    assert page.nothing.isVisible()
    assert page.text.toPlainText() == ""


def test_narrow_window_has_the_list_above_the_text(window: AboutWindow, qtbot: QtBot) -> None:
    page = _licenses(window)
    assert _place(page.text).x() > _place(page.list).x()

    window.resize(440, 640)

    qtbot.waitUntil(lambda: _place(page.text).y() > _place(page.list).y() + page.list.height())


def _place(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint())


def test_links_go_to_the_browser(window: AboutWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    browser = SimpleNamespace(openUrl=lambda url: opened.append(url.toString()))
    monkeypatch.setattr(open_externally, "QDesktopServices", browser)
    page = _licenses(window)
    rows = range(page.list.count())
    row = next(row for row in rows if "https://" in page._components[row].text)
    page.list.setCurrentRow(row)

    html = page.text.toHtml()
    address = html[html.index('href="') + 6 :].partition('"')[0]
    page.text.anchorClicked.emit(QUrl(address))

    assert opened == [address]
    assert address.startswith("https://")


def test_every_control_has_a_name_and_esc_closes(window: AboutWindow, qtbot: QtBot) -> None:
    page = _licenses(window)
    named = [page.search, page.list, page.text]
    assert all(each.accessibleName() for each in named)
    assert all(each.text() for each in (window.view.copy, window.view.close_button))

    with qtbot.waitSignal(window.destroyed):
        QTest.keyClick(page.search, Qt.Key.Key_Escape)


def test_damaged_list_is_reported(window: AboutWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise TrainerError("The list is damaged.")

    monkeypatch.setattr(licenses, "license_texts", damaged)

    assert _licenses(window).license.text() == "The list is damaged."


@pytest.mark.parametrize(
    ("build", "said"),
    [("cuda = '13.0'\nhip = None", "built for CUDA 13.0"), ("cuda = hip = None", "built for CPU")],
)
def test_build_of_torch_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, build: str, said: str
) -> None:
    (tmp_path / "version.py").write_text(build)
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(about_dialog, "find_spec", {"torch": spec}.get)

    assert said in dict(about_dialog.about_content().facts)["PyTorch"]


def test_menu_opens_it(app: App) -> None:
    action = next(each for each in app.window.findChildren(QAction) if "About" in each.text())

    action.trigger()

    opened = app.window.findChild(AboutWindow)
    assert opened is not None
    opened.close()


def test_torch_is_not_loaded_for_it() -> None:
    code = (
        "import sys; from PySide6.QtWidgets import QApplication, QWidget; a = QApplication([]);"
        "from cifar_desktop.help.about_dialog import AboutWindow; AboutWindow(QWidget());"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
