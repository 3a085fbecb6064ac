import os
import subprocess
import sys
from pathlib import Path

import pytest

from cifar_desktop.shell import fallback_font
from trainer.files.resources import resource

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are always fonts")

_NOTHING = '<?xml version="1.0"?><fontconfig></fontconfig>'
# Says the font's name, whether two letters look different, and what children inherit.
_ASK = """
import os, sys
from pathlib import Path
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QLabel
from cifar_desktop.shell import fallback_font

application = QApplication([])
before = application.font()
fallback_font.SYSTEM_CONFIG = Path(sys.argv[1])
if sys.argv[2:]:
    fallback_font.resource = lambda name: Path(sys.argv[2]) / name
fallback_font.ensure()
letters = [QLabel(letter).grab().toImage() for letter in "AI"]
changed = application.font() != before
print([changed, letters[0] != letters[1], os.environ.get("FONTCONFIG_FILE", "")])
"""


def _ask(*arguments: Path, config: Path | None = None) -> tuple[str, str]:
    """What the script says on its two streams."""
    reported = {"FONTCONFIG_FILE": str(config)} if config else {}
    variables = {name: text for name, text in os.environ.items() if "FONTCONFIG" not in name}
    done = subprocess.run(
        [sys.executable, "-c", _ASK, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env=variables | {"QT_QPA_PLATFORM": "offscreen"} | reported,
        check=True,
    )
    return done.stdout.strip(), done.stderr


@pytest.fixture
def no_fonts(tmp_path: Path) -> Path:
    """The configuration of a system without any font."""
    file = tmp_path / "nothing.conf"
    file.write_text(_NOTHING, encoding="utf-8")
    return file


def test_system_without_fonts_gets_letters(no_fonts: Path) -> None:
    said, complaints = _ask(no_fonts, config=no_fonts)

    assert said == str([True, True, str(no_fonts)])
    assert complaints == ""


def test_system_with_fonts_keeps_its_own(no_fonts: Path) -> None:
    said, complaints = _ask(no_fonts)

    assert said == str([False, True, ""])
    assert complaints == ""


def test_system_without_configuration_is_reported_where_fonts_are(tmp_path: Path) -> None:
    said, complaints = _ask(tmp_path / "missing.conf")

    assert said.endswith("True, '']")
    assert complaints == ""


def test_our_configuration_serves_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fallback_font, "SYSTEM_CONFIG", tmp_path / "missing.conf")
    for name in fallback_font._CONFIG_VARIABLES:
        monkeypatch.delenv(name, raising=False)

    with fallback_font._configured():
        assert Path(os.environ["FONTCONFIG_FILE"]) == resource("fonts/fonts.conf")

    assert "FONTCONFIG_FILE" not in os.environ


def test_incomplete_installation_goes_on(no_fonts: Path, tmp_path: Path) -> None:
    said, _ = _ask(no_fonts, tmp_path / "empty", config=no_fonts)

    assert said.startswith("[False, ")
