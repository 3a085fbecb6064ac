"""Collects the licenses of everything in a package.

    python packaging/licenses.py dist/cifar-desktop

Run by `packaging/build.py` in the environment that the package was built in. LICENSES.txt in the
package is for people, licenses.json for the About window. A file of unknown origin makes this fail,
so that nothing is distributed without its license.
"""

import json
import sys
import sysconfig
from dataclasses import asdict, replace
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import debian
import owners

from cifar_desktop.help.services.licenses import LIST, PROGRAM, WITHOUT_TEXT, License, license_of

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ROOT / "packaging" / "texts"
FONT = ROOT / "resources" / "fonts" / "LICENSE.txt"
PLACE_OF_LIST = Path("_internal", "trainer", "resources", LIST)

_QT = (
    "{name} and Qt are used under the GNU Lesser General Public License, version 3 (text below). "
    "They are separate libraries in the folder _internal, as published by Qt for Python, and may "
    "be replaced by compatible versions. Their source: "
    "https://download.qt.io/official_releases/QtForPython/ and "
    "https://download.qt.io/official_releases/qt/. Qt contains third-party code, listed at "
    "https://doc.qt.io/qt-6/licenses-used-in-qt.html."
)
_NOTES = {
    "pyside6-essentials": _QT.format(name="Qt for Python"),
    "shiboken6": _QT.format(name="Shiboken"),
    "pi-heif": "libheif and libde265 are separate libraries in the folder _internal, and may be "
    "replaced. Their source: https://github.com/strukturag/libheif and "
    "https://github.com/strukturag/libde265.",
    "torch": "If it contains libgomp, that is part of GCC, under the GNU General Public License, "
    "version 3, with the GCC Runtime Library Exception. Its source: https://gcc.gnu.org/.",
}
"""What the license texts of a distribution leave out, by its name in lower case."""


def main() -> None:
    """Write both files."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} FOLDER")
    folder = Path(sys.argv[1])
    found = collect(folder)
    (folder / "LICENSES.txt").write_text(as_text(found), encoding="utf-8")
    place = folder / PLACE_OF_LIST
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps([asdict(each) for each in found], indent=1), encoding="utf-8")
    print(f"{len(found)} licenses in {folder / 'LICENSES.txt'}")


def collect(folder: Path) -> list[License]:
    """The licenses of everything in a package, its own first.

    Raises:
        SystemExit: If the origin of a file is unknown.
    """
    of_files = owners.owners(folder)
    libraries, unknown = debian.licenses_of(of_files.libraries)
    unknown += of_files.unknown
    if unknown:
        raise SystemExit(
            "The origin of these files in the package is unknown:\n  "
            + "\n  ".join(sorted(unknown))
            + "\nLeave them out (trimming.py), or add their owner (owners.py)."
        )
    parts = [_described(each) for each in of_files.distributions if each.name != PROGRAM]
    windows = [_microsoft(of_files.microsoft)] if of_files.microsoft else []
    found = [*_ours(folder), _python(), *_loader(), *parts, *_icu(folder), *libraries, *windows]
    return [*found, *_texts(found)]


def as_text(licenses: list[License]) -> str:
    """LICENSES.txt: a table of contents, then every text."""
    titles = [f"{index}. {_title(each)}" for index, each in enumerate(licenses, 1)]
    head = (
        "CIFAR Desktop and everything in its package\n\nEach part below is under its own license.\n"
    )
    bodies = [
        f"{'=' * 100}\n{title}\n{'=' * 100}\n\n{each.text}\n"
        for title, each in zip(titles, licenses, strict=True)
    ]
    return "\n".join([head, *titles, "", "", *bodies])


def _title(each: License) -> str:
    return f"{' '.join(filter(None, (each.name, each.version)))}: {each.license}"


def _ours(folder: Path) -> list[License]:
    try:
        version = distribution(PROGRAM).version
    except PackageNotFoundError as error:
        raise SystemExit("The program is not installed in this environment.") from error
    text = (ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    program = License(name=PROGRAM, version=version, license="MIT", text=text)
    network = License(
        name="The built-in network",
        version="",
        license="MIT",
        text="default.safetensors was trained for this project with its own trainer on CIFAR-10 "
        "(Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009), and "
        f"contains none of the images. It is under the program's license.\n\n{text}",
    )
    return [program, network, *_font(folder)]


def _font(folder: Path) -> list[License]:
    if not (folder / PLACE_OF_LIST.parent / "fonts").exists():
        return []
    text = FONT.read_text(encoding="utf-8").strip()
    return [License(name="DejaVu fonts", version="", license="Bitstream Vera, Arev", text=text)]


def _python() -> License:
    version = ".".join(str(number) for number in sys.version_info[:3])
    note = (
        "Software incorporated in Python is listed at "
        "https://docs.python.org/3/license.html#licenses-and-acknowledgements-for-incorporated-software"
    )
    text = f"{note}\n\n{_python_text()}"
    return License(name="Python", version=version, license="PSF-2.0", text=text)


def _python_text() -> str:
    folders = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    for path in (folder / name for folder in folders for name in ("LICENSE.txt", "LICENSE")):
        if path.exists():
            return path.read_text(encoding="utf-8").strip()
    raise SystemExit(f"Python's license is neither in {folders[0]} nor in {folders[1]}.")


def _loader() -> list[License]:
    """What PyInstaller adds to the executable: its bootloader and runtime hooks."""
    found = []
    for name in ("pyinstaller", "pyinstaller-hooks-contrib"):
        try:
            found.append(license_of(distribution(name)))
        except PackageNotFoundError:  # a test builds its package without PyInstaller
            continue
    return found


def _described(part: Distribution) -> License:
    found = license_of(part)
    note = _NOTES.get(part.name.lower().replace("_", "-"))
    if note is None:
        return found
    text = "" if found.text.startswith(WITHOUT_TEXT) else f"\n\n{found.text}"
    return replace(found, text=f"{note}{text}")


def _icu(folder: Path) -> list[License]:
    """ICU, which Qt for Python bundles without its license."""
    library = next(folder.glob("_internal/PySide6/**/libicuuc.so.*"), None)
    if library is None:
        return []
    version = library.name.rpartition(".")[2]
    # The text has not changed since version 58.
    packages = sorted(debian.DOCUMENTATION.glob("libicu[0-9]*"))
    text = debian.copyright_of(packages[-1].name) if packages else ""
    missing = "Its text is not available on the build system."
    note = "Part of Qt's libraries. See https://github.com/unicode-org/icu/blob/main/LICENSE."
    text = f"{note}\n\n{text or missing}"
    return [License(name="ICU", version=version, license="Unicode", text=text)]


def _microsoft(names: list[str]) -> License:
    text = (
        "Microsoft libraries that Python and the parts above need, under terms that allow "
        "redistribution with a program: "
        f"https://visualstudio.microsoft.com/license-terms/\n\n{', '.join(sorted(set(names)))}"
    )
    return License(name="Microsoft C runtime", version="", license="Microsoft", text=text)


def _texts(found: list[License]) -> list[License]:
    """The license texts that parts refer to; Qt's always."""
    own = [
        License(
            name=f"Text of {path.stem}, referred to by Qt and others above",
            version="",
            license=path.stem,
            text=path.read_text(encoding="utf-8").strip(),
        )
        for path in sorted(TEXTS.glob("*.txt"))
    ]
    names = {each.license for each in own}
    return own + [each for each in debian.texts_referred_to(found) if each.license not in names]


if __name__ == "__main__":
    main()
