"""The license list, of installed distributions and from a package."""

import json
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, PathDistribution, version
from pathlib import Path

import pytest

from cifar_desktop.help.services import licenses
from cifar_desktop.help.services.licenses import License, license_of, license_texts
from trainer.errors import TrainerError

Make = Callable[..., PathDistribution]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes an installed distribution of a metadata file and texts."""

    def made(metadata: str, **texts: str) -> PathDistribution:
        folder = tmp_path / "part-1.0.dist-info"
        (folder / "licenses").mkdir(parents=True)
        (folder / "METADATA").write_text(f"Name: part\nVersion: 1.0\n{metadata}")
        for name, text in texts.items():
            (folder / "licenses" / name).write_text(text)
        return PathDistribution(folder)

    return made


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Replaces the folder of the program's resources."""
    folder = tmp_path / "resources"
    folder.mkdir()
    monkeypatch.setattr("trainer.files.resources._FOLDERS", (folder,))
    return folder


def test_program_and_its_dependencies_are_listed() -> None:
    found = license_texts()
    assert found[0].name == "cifar-desktop"
    assert "CIFAR Desktop developers" in found[0].text
    by_name = {each.name.lower(): each for each in found}
    assert by_name["pillow"].version == version("pillow")
    # Not a direct dependency of the program.
    assert {"certifi", "sympy", "shiboken6"} <= set(by_name)
    assert not {"pytest", "ruff", "mypy"} & set(by_name)
    assert all(each.license and each.text for each in found)


def test_optional_dependencies_are_listed(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = make("Requires-Dist: requests[socks] >=2 ; python_version > '3'\n")
    others = {
        "requests": "Requires-Dist: pysocks; extra == 'socks'\nRequires-Dist: x; extra == 'c'",
        "pysocks": "",
    }

    def found(name: str) -> object:
        if name == "cifar-desktop":
            return asking
        if name not in others:
            raise PackageNotFoundError(name)
        return _Distribution(name, others[name])

    monkeypatch.setattr(licenses, "distribution", found)
    assert [each.name for each in license_texts()] == ["part", "pysocks", "requests"]


class _Distribution(PathDistribution):
    """One without files."""

    def __init__(self, name: str, metadata: str) -> None:
        super().__init__(Path("nowhere"))
        self._metadata = f"Name: {name}\nVersion: 1.0\n{metadata}\n"

    def read_text(self, filename: object) -> str | None:
        return self._metadata if filename == "METADATA" else None


def test_all_license_files_of_a_component_are_included(make: Make) -> None:
    part = make(
        "License-Expression: MIT\nLicense-File: A\nLicense-File: B\nLicense-File: C\n",
        A="one\n", B="two", C="one",
    )  # fmt: skip
    assert license_of(part) == License(
        name="part", version="1.0", license="MIT", text="A, C:\n\none\n\n\nB:\n\ntwo"
    )


def test_missing_text_is_stated(make: Make) -> None:
    part = make("Classifier: License :: OSI Approved :: MIT License\nHome-page: https://a.test\n")
    found = license_of(part)
    assert found.license == "MIT License"
    assert found.text == "This component does not include its license text. See https://a.test"


def test_package_contains_its_list(resources: Path) -> None:
    entry = {"name": "Qt", "version": "6", "license": "LGPL-3.0", "text": "Text"}
    (resources / "licenses.json").write_text(json.dumps([entry]))
    assert license_texts() == [License(name="Qt", version="6", license="LGPL-3.0", text="Text")]


@pytest.mark.parametrize("content", ["", "[1]", '[{"name": "Qt"}]', "\udcff"])
def test_damaged_list_is_an_error(resources: Path, content: str) -> None:
    (resources / "licenses.json").write_text(content, errors="surrogateescape")
    with pytest.raises(TrainerError, match="Reinstall CIFAR Desktop"):
        license_texts()
