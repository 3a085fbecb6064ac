"""Writes down whose work is in a package, and under which licenses.

    python packaging/licenses.py dist/cifar-desktop

Run by `packaging/build.py` in the environment that the package was made in. LICENSES.txt in the
package is for people, licenses.json for the page of the program that shows them. A file in the
package whose owner is not known makes this fail: nothing is given away unknown.
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
    "{name} and Qt are used under the GNU Lesser General Public License, version 3, whose text "
    "stands further below. They are libraries of their own in the folder _internal, as Qt for "
    "Python publishes them, and may be replaced by other versions that fit. Their source: "
    "https://download.qt.io/official_releases/QtForPython/ and "
    "https://download.qt.io/official_releases/qt/. Qt holds work of others, which "
    "https://doc.qt.io/qt-6/licenses-used-in-qt.html names."
)
_REMARKS = {
    "pyside6-essentials": _QT.format(name="Qt for Python"),
    "shiboken6": _QT.format(name="Shiboken"),
    "pi-heif": "libheif and libde265 are libraries of their own in the folder _internal, and may "
    "be replaced. Their source: https://github.com/strukturag/libheif and "
    "https://github.com/strukturag/libde265.",
    "torch": "Where it holds libgomp, that is of GCC, under the GNU General Public License, "
    "version 3, with the GCC Runtime Library Exception. Its source: https://gcc.gnu.org/.",
}
"""What the texts of a distribution leave open, by its name in small letters."""


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
    """The licenses of all that is in a package, its own first.

    Raises:
        SystemExit: If something in it belongs to nobody known.
    """
    of_files = owners.owners(folder)
    libraries, unknown = debian.licenses_of(of_files.libraries)
    unknown += of_files.unknown
    if unknown:
        raise SystemExit(
            "Nobody knows whose these files in the package are:\n  "
            + "\n  ".join(sorted(unknown))
            + "\nLeave them out of it (trimming.py), or say whose they are (owners.py)."
        )
    parts = [_described(each) for each in of_files.distributions if each.name != PROGRAM]
    windows = [_microsoft(of_files.microsoft)] if of_files.microsoft else []
    found = [*_ours(folder), _python(), *_loader(), *parts, *_icu(folder), *libraries, *windows]
    return [*found, *_texts(found)]


def as_text(licenses: list[License]) -> str:
    """A page for people: what there is, then every text."""
    titles = [f"{index}. {_title(each)}" for index, each in enumerate(licenses, 1)]
    head = (
        "CIFAR Desktop and what is inside its package\n\n"
        "Each part below stays under its own license.\n"
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
        text="default.safetensors was trained for this project, by its own trainer on the images "
        "of CIFAR-10 (Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, "
        f"2009), none of which it holds. It is under the license of the program.\n\n{text}",
    )
    return [program, network, *_font(folder)]


def _font(folder: Path) -> list[License]:
    if not (folder / PLACE_OF_LIST.parent / "fonts").exists():
        return []
    text = FONT.read_text(encoding="utf-8").strip()
    return [License(name="DejaVu fonts", version="", license="Bitstream Vera, Arev", text=text)]


def _python() -> License:
    version = ".".join(str(number) for number in sys.version_info[:3])
    remark = (
        "What is incorporated in Python is named in "
        "https://docs.python.org/3/license.html#licenses-and-acknowledgements-for-incorporated-software"
    )
    text = f"{remark}\n\n{_python_text()}"
    return License(name="Python", version=version, license="PSF-2.0", text=text)


def _python_text() -> str:
    folders = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    for path in (folder / name for folder in folders for name in ("LICENSE.txt", "LICENSE")):
        if path.exists():
            return path.read_text(encoding="utf-8").strip()
    raise SystemExit(f"Python's license is neither in {folders[0]} nor in {folders[1]}.")


def _loader() -> list[License]:
    """What PyInstaller puts into the executable: its loader, and scripts that run first."""
    found = []
    for name in ("pyinstaller", "pyinstaller-hooks-contrib"):
        try:
            found.append(license_of(distribution(name)))
        except PackageNotFoundError:  # of a package that was made by hand, in a test
            continue
    return found


def _described(part: Distribution) -> License:
    found = license_of(part)
    remark = _REMARKS.get(part.name.lower().replace("_", "-"))
    if remark is None:
        return found
    text = "" if found.text.startswith(WITHOUT_TEXT) else f"\n\n{found.text}"
    return replace(found, text=f"{remark}{text}")


def _icu(folder: Path) -> list[License]:
    """ICU, which Qt for Python brings along without a word on its license."""
    library = next(folder.glob("_internal/PySide6/**/libicuuc.so.*"), None)
    if library is None:
        return []
    version = library.name.rpartition(".")[2]
    # The text is the same for all versions since 58.
    packages = sorted(debian.DOCUMENTATION.glob("libicu[0-9]*"))
    text = debian.copyright_of(packages[-1].name) if packages else ""
    missing = "Its text is not on the building system."
    remark = "In the libraries of Qt. See https://github.com/unicode-org/icu/blob/main/LICENSE."
    text = f"{remark}\n\n{text or missing}"
    return [License(name="ICU", version=version, license="Unicode", text=text)]


def _microsoft(names: list[str]) -> License:
    text = (
        "Libraries of Microsoft that Python and the parts above were built for, under the terms "
        "that let everyone pass them on with a program: "
        f"https://visualstudio.microsoft.com/license-terms/\n\n{', '.join(sorted(set(names)))}"
    )
    return License(name="Microsoft C runtime", version="", license="Microsoft", text=text)


def _texts(found: list[License]) -> list[License]:
    """The texts that parts refer to; those of Qt always."""
    own = [
        License(
            name=f"Text of {path.stem}, which Qt and others above refer to",
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
