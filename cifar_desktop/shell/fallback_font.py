"""Loads a font where the system has none and every letter would be a box; called by `app`.

A bare system (a container, a minimal installation) may have no fonts, and no configuration that
says where fonts are. On other systems this only queries the default font, which the first widget
does anyway.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication

from trainer.errors import TrainerError
from trainer.files.cache_dir import cache_folder
from trainer.files.resources import resource

log = logging.getLogger(__name__)

SYSTEM_CONFIG = Path("/etc/fonts/fonts.conf")
_CONFIG_VARIABLES = ("FONTCONFIG_FILE", "FONTCONFIG_PATH", "FONTCONFIG_SYSROOT")
_SIZES = (8.0, 14.0)
"""Points; nobody has chosen a size outside this range."""
_USUAL_SIZE = 10.0


def ensure() -> None:
    """Give the application the bundled font if it has none; call before making any widget."""
    with _configured():
        if _shows_letters():
            return
        family = _load()
        if family is not None:
            log.info("the system has no font; using %s", family)
            QApplication.setFont(QFont(family, round(_size())))


@contextmanager
def _configured() -> Iterator[None]:
    """Tell fontconfig where fonts and their cache are if nothing else does; it warns otherwise."""
    missing = _missing() if sys.platform == "linux" else {}
    os.environ.update(missing)
    try:
        yield
    finally:
        # They have been read by now; programs that are started from here must not inherit them.
        for name in missing:
            os.environ.pop(name, None)


def _missing() -> dict[str, str]:
    """The variables that fontconfig needs and that are not set."""
    found: dict[str, str] = {}
    config = (
        None
        if any(map(os.environ.get, _CONFIG_VARIABLES)) or SYSTEM_CONFIG.exists()
        else _bundled_config()
    )
    if config is not None:
        found["FONTCONFIG_FILE"] = str(config)
    if not any(map(os.environ.get, ("HOME", "XDG_CACHE_HOME"))):
        found["XDG_CACHE_HOME"] = str(cache_folder().parent)
    return found


def _bundled_config() -> Path | None:
    try:
        return resource("fonts/fonts.conf")
    except TrainerError as error:
        log.warning("%s", error)
        return None


def _shows_letters() -> bool:
    # The list of families does not help: it has names even where there are no fonts.
    return QFontMetrics(QApplication.font()).inFont("A")


def _load() -> str | None:
    try:
        number = QFontDatabase.addApplicationFont(str(resource("fonts/DejaVuSans.ttf")))
    except TrainerError as error:
        log.warning("the system has no font. %s", error)
        return None
    families = QFontDatabase.applicationFontFamilies(number)
    return families[0] if families else None


def _size() -> float:
    size = QApplication.font().pointSizeF()
    return size if _SIZES[0] <= size <= _SIZES[1] else _USUAL_SIZE
