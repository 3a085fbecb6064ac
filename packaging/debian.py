"""Finds the licenses of the build system's libraries with Debian's package manager; for `licenses`.

Without that package manager, the libraries are listed and their licenses reported as missing.
"""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

from cifar_desktop.help.services.licenses import License

DOCUMENTATION = Path("/usr/share/doc")
COMMON = Path("/usr/share/common-licenses")


def licenses_of(libraries: dict[str, Path]) -> tuple[list[License], list[str]]:
    """The licenses of libraries by source package, and the names of libraries without a package.

    Args:
        libraries: Paths on this system by file name in the package.
    """
    if shutil.which("dpkg-query") is None:
        return [_unknown(name) for name in sorted(libraries)], []
    owners = _owners(libraries)
    sources: dict[tuple[str, str], list[str]] = defaultdict(list)
    for package in sorted(set(owners.values())):
        sources[_source(package)].append(package)
    found = [_license(*source, packages) for source, packages in sorted(sources.items())]
    return found, sorted(set(libraries) - set(owners))


def texts_referred_to(licenses: list[License]) -> list[License]:
    """The common licenses that Debian's copyright files refer to instead of including them."""
    names: set[str] = set()
    for each in licenses:
        names.update(re.findall(rf"{COMMON}/([A-Za-z0-9-]+(?:\.[0-9]+)*)", each.text))
    # A name without a version is a link to the newest one.
    files = {(COMMON / name).resolve() for name in names if (COMMON / name).exists()}
    return [_common(path) for path in sorted(files)]


def copyright_of(package: str) -> str:
    """The copyright file of a Debian package; empty if it is not installed here."""
    path = DOCUMENTATION / package / "copyright"
    return path.read_text(encoding="utf-8", errors="replace").strip() if path.exists() else ""


def _owners(libraries: dict[str, Path]) -> dict[str, str]:
    places = {place: name for name, path in libraries.items() for place in _places(path)}
    found: dict[str, str] = {}
    for line in _output("dpkg-query", "--search", *places).splitlines():
        package, _, path = line.partition(": ")
        if path in places and not package.startswith("diversion"):
            found[places[path]] = package.split(", ")[0]
    return found


def _places(path: Path) -> set[str]:
    """Paths that a package may list for a library, with and without /usr (merged systems)."""
    full = {str(path), str(path.resolve())}
    shorter = {place.removeprefix("/usr") for place in full}
    return full | shorter | {f"/usr{place}" for place in shorter}


def _source(package: str) -> tuple[str, str]:
    fields = "${source:Package} ${source:Version}"
    name, version = _output("dpkg-query", "--show", f"--showformat={fields}", package).split()
    return name, version


def _license(source: str, version: str, packages: list[str]) -> License:
    names = [package.split(":")[0] for package in packages]
    texts = list(dict.fromkeys(text for name in names if (text := copyright_of(name))))
    origin = (
        f"Libraries from Debian or a derivative ({', '.join(names)}), copied unchanged. "
        f"Their source: apt-get source {source}={version}, or "
        f"https://snapshot.debian.org/package/{source}/"
    )
    text = "\n\n\n".join(texts) or "The package came without a license text."
    return License(name=source, version=version, license=_short(text), text=f"{origin}\n\n{text}")


def _short(text: str) -> str:
    """The licenses named in a machine-readable copyright file."""
    named = re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)
    kinds = list(dict.fromkeys(each.strip() for each in named if len(each) < 60))
    return ", ".join(kinds[:4]) + (", and others" if len(kinds) > 4 else "") or "see its text"


def _unknown(name: str) -> License:
    text = "A library of the system that the package was built on; its license text is missing."
    return License(name=name, version="", license="unknown", text=text)


def _common(path: Path) -> License:
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    name = f"Text of {path.name}, referred to above"
    return License(name=name, version="", license=path.name, text=text)


def _output(*command: str) -> str:
    # The exit code is 1 if any of the libraries is unknown; the output lists the others.
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
