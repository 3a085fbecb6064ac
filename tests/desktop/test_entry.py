import os
import subprocess
import sys
from pathlib import Path

import pytest

from cifar_desktop.__main__ import main
from cifar_desktop.command_line import Options, parse


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if key not in _DISPLAY}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env=variables | environment,
        check=False,
    )


_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def test_arguments() -> None:
    assert parse([]) == Options()
    assert parse(["--model", "m.safetensors", "cat.jpg", "https://example.org/dog.jpg"]) == Options(
        pictures=("cat.jpg", "https://example.org/dog.jpg"), model=Path("m.safetensors")
    )


@pytest.mark.parametrize(("argument", "said"), [("--help", "IMAGE_OR_URL"), ("--version", "cifar")])
def test_help_and_version_need_no_display(argument: str, said: str) -> None:
    result = _run("-m", "cifar_desktop", argument)

    assert result.returncode == 0
    assert said in result.stdout


def test_windowed_program_without_streams_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)

    with pytest.raises(SystemExit) as finished:
        main(["--version"])

    assert finished.value.code == 0
    for stream in (sys.stdout, sys.stderr):
        stream.close()


def test_wrong_usage() -> None:
    assert _run("-m", "cifar_desktop", "--bananas").returncode == 2


def test_trainer_is_reached_through_the_window_program() -> None:
    result = _run("-m", "cifar_desktop", "--trainer", "recipes")

    assert result.returncode == 0
    assert "sprint" in result.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only there can a display be missing")
@pytest.mark.parametrize("display", ["", ":65432"])
def test_missing_display_is_a_sentence(display: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    variables = {"DISPLAY": display} if display else {}

    result = _run("-m", "cifar_desktop", XDG_RUNTIME_DIR=str(tmp_path), **variables)

    assert result.returncode == 1
    assert result.stderr.startswith("cifar-desktop: ")
    assert "display" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_nothing_heavy_is_imported_before_the_window_is_shown() -> None:
    heavy = ("torch", "numpy", "PIL", "requests", "safetensors", "PySide6.QtNetwork")
    code = (
        "import sys, cifar_desktop.app, cifar_desktop.__main__;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )

    assert _run("-c", code).stdout.strip() == "[]"


def test_services_have_no_widgets() -> None:
    code = (
        "import sys, pkgutil, importlib, cifar_desktop;"
        "names = [module.name for module in"
        " pkgutil.walk_packages(cifar_desktop.__path__, 'cifar_desktop.')"
        " if '.services.' in module.name or '.trainer_process.' in module.name];"
        "assert len(names) > 30, names;"
        "[importlib.import_module(name) for name in names];"
        "print('PySide6.QtWidgets' in sys.modules)"
    )

    assert _run("-c", code).stdout.strip() == "False"


def test_none_does_not_run_out_of_references() -> None:
    """PySide6 6.12 takes one from it with each call; Python 3.11 aborts when none is left."""
    code = (
        "import cifar_desktop; from PySide6.QtCore import QObject; thing = QObject();"
        "[thing.setObjectName('x') for _ in range(200_000)]; print('alive')"
    )

    assert _run("-c", code).stdout.strip() == "alive"
