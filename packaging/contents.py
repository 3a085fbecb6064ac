"""What belongs in the package but PyInstaller does not find on its own; for `build.spec`."""

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from PyInstaller.utils.hooks import collect_submodules, copy_metadata
from variant import torch_variant

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION: str = PROJECT["version"]
TITLE = "CIFAR Desktop"
IDENTIFIER = "io.github.cifar_desktop"
"""The bundle identifier on macOS, globally unique."""

Entry = tuple[str, str]
"""A file or folder, and its destination folder in the package."""


def hidden_imports() -> list[str]:
    """Modules imported by a computed name: the trainer's commands, Pillow's image plugins."""
    ours = [*collect_submodules("trainer"), *collect_submodules("cifar_desktop")]
    pillow = collect_submodules("PIL", filter=lambda name: name.endswith(("PIL", "ImagePlugin")))
    return [*ours, *pillow, "PySide6.QtSvg", "pi_heif"]


def datas() -> list[Entry]:
    """Resources where `trainer.files.resources` looks for them, and the packages' metadata."""
    resources = ROOT / "resources"
    files = [path for path in resources.rglob("*") if path.is_file()]
    found = [
        (str(path), str(Path("trainer/resources") / path.relative_to(resources).parent))
        for path in files
    ]
    return found + _metadata()


def binaries() -> list[Entry]:
    """Libraries that others open by name: NVRTC looks for its built-ins."""
    if torch_variant() == "cpu":
        return []
    site = Path(str(distribution("torch").locate_file("")))
    names = ("libnvrtc-builtins.so.*", "nvrtc-builtins*.dll")
    found = [path for name in names for path in site.glob(f"nvidia/*/lib/{name}")]
    found += [path for name in names for path in site.glob(f"nvidia/*/bin/{name}")]
    return [(str(path), str(path.parent.relative_to(site))) for path in found]


def icon(folder: Path) -> str | None:
    """The icon embedded in the executable; None on Linux, which does not embed any."""
    name = {"win32": "icon.ico", "darwin": "icon.icns"}.get(sys.platform)
    if name is None:
        return None
    import icons

    icons.render_all(folder)
    return str(folder / name)


def version_resource(program: str) -> object | None:
    """The properties that Windows shows for an executable; None on other systems."""
    if sys.platform != "win32":
        return None
    from PyInstaller.utils.win32 import versioninfo as info

    numbers = (*(int(part) for part in VERSION.split(".")[:3]), 0)
    texts = {
        "FileDescription": TITLE,
        "ProductName": TITLE,
        "ProductVersion": VERSION,
        "FileVersion": VERSION,
        "OriginalFilename": f"{program}.exe",
        "CompanyName": PROJECT["authors"][0]["name"],
        "LegalCopyright": "MIT license",
    }
    strings = [info.StringStruct(name, text) for name, text in texts.items()]
    english_unicode = 0x0409, 1200
    table = info.StringTable("{:04x}{:04x}".format(*english_unicode), strings)
    translation = info.VarStruct("Translation", [*english_unicode])
    return info.VSVersionInfo(
        ffi=info.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[info.StringFileInfo([table]), info.VarFileInfo([translation])],
    )


def _metadata() -> list[Entry]:
    try:
        distribution(PROJECT["name"])
    except PackageNotFoundError as error:
        raise SystemExit(f"Install the project first: pip install {ROOT}") from error
    found: list[Entry] = copy_metadata(PROJECT["name"], recursive=True)
    return found
