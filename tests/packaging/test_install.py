"""./install and ./uninstall of the package, with shells that people have and folders they name."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.packaging.support import copy_package, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="for desktops of Linux")

SHELLS = [path for name in ("dash", "bash", "busybox") if (path := shutil.which(name))]
FOLDERS = [
    "plain",
    "Zoë und 图片",
    'with "quotes"',
    "it's",
    "50% of it",
    "100%f",
    "$HOME `id`",
    r"back\slash\n",
    "a=b",
    "semi;colon & (more) #1",
    "-dash",
]
ENTRY = "share/applications/cifar-desktop.desktop"


@dataclass
class Person:
    """Someone with a home folder and an unpacked package."""

    package: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def call(
        self, name: str, *arguments: str, shell: str = "/bin/sh", answer: str = ""
    ) -> subprocess.CompletedProcess[str]:
        applet = ["sh"] if shell.endswith("busybox") else []
        environment = {"PATH": os.environ["PATH"], **self.environment}
        return run([shell, *applet, self.package / name, *arguments], environment, answer)

    def installs(self, *arguments: str, shell: str = "/bin/sh") -> str:
        done = self.call("install", *arguments, shell=shell)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    @property
    def entry(self) -> Path:
        return self.home / ".local" / ENTRY

    def value(self, key: str) -> str:
        found = re.search(rf"^{key}=(.*)$", self.entry.read_text(), re.MULTILINE)
        assert found is not None
        return found.group(1)

    def files(self) -> set[str]:
        return {
            path.relative_to(self.home).as_posix()
            for path in self.home.rglob("*")
            if not path.is_dir() or path.is_symlink()
        }


@pytest.fixture
def person(package: Path, tmp_path: Path) -> Person:
    """Someone whose menu is empty, and where no other program opens pictures."""
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "XDG_DATA_DIRS": str(tmp_path / "system")}
    copy = copy_package(package, tmp_path / "cifar-desktop")
    return Person(copy, home, environment)


def command_of(value: str) -> list[str]:
    """An Exec line taken apart as the Desktop Entry Specification says."""
    text = re.sub(r"\\(.)", lambda found: {"s": " ", "n": "\n"}.get(found[1], found[1]), value)
    words = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', text)
    bare = [re.sub(r"\\(.)", r"\1", quoted) if quoted else plain for quoted, plain in words]
    return [word if re.fullmatch("%[a-zA-Z]", word) else word.replace("%%", "%") for word in bare]


@pytest.mark.parametrize("shell", SHELLS)
def test_entry_and_icons_are_put_in_place_by_any_shell(person: Person, shell: str) -> None:
    person.installs(shell=shell)
    assert command_of(person.value("Exec")) == [str(person.package / "cifar-desktop"), "%U"]
    assert person.value("TryExec") == str(person.package / "cifar-desktop")
    icons = person.home / ".local/share/icons/hicolor"
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        assert (icons / f"{size}x{size}/apps/cifar-desktop.png").exists()
    assert (icons / "scalable/apps/cifar-desktop.svg").exists()


@pytest.mark.parametrize("name", FOLDERS)
def test_program_starts_from_a_folder_of_any_name(
    person: Person, name: str, tmp_path: Path
) -> None:
    person.package = person.package.rename(tmp_path / name)
    person.installs()
    program = str(person.package / "cifar-desktop")
    assert person.value("TryExec").replace("\\\\", "\\") == program
    words = command_of(person.value("Exec"))
    assert words.pop() == "%U"
    assert started_by([*words, "file:///a%20b.png"], tmp_path) == [program, "file:///a%20b.png"]
    if shutil.which("gio"):  # the desktop itself
        assert started_by(["gio", "launch", person.entry, "/a b.png"], tmp_path)[0] == program
    if shutil.which("desktop-file-validate"):
        done = run(["desktop-file-validate", person.entry])
        assert (done.returncode, done.stdout) == (0, "")


def started_by(command: list[str | Path], folder: Path) -> list[str]:
    """What a command starts, with its arguments; what is started holds the command's output."""
    started = folder / "started"
    started.unlink(missing_ok=True)
    done = run(command, {**os.environ, "STARTED": str(started)})
    assert (done.returncode, done.stderr) == (0, "")
    return started.read_text().splitlines()


def test_every_kind_of_picture_is_one_that_the_program_names(person: Person) -> None:
    person.installs()
    kinds = person.value("MimeType").rstrip(";").split(";")
    assert len(set(kinds)) == len(kinds)
    assert all(kind.startswith("image/") for kind in kinds)
    assert {"image/jpeg", "image/png", "image/webp", "image/avif", "image/heic"} <= set(kinds)
    assert "image/svg+xml" not in kinds


def test_moved_package_is_installed_again(person: Person, tmp_path: Path) -> None:
    person.installs()
    first = person.files()
    person.package = person.package.rename(tmp_path / "elsewhere")
    person.installs()
    assert person.files() == first
    assert person.value("TryExec") == str(tmp_path / "elsewhere" / "cifar-desktop")


def test_script_finds_its_folder_through_a_link(person: Person, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "setup").symlink_to("../cifar-desktop/install")
    done = run(["/bin/sh", tmp_path / "links" / "setup"], person.environment | dict(os.environ) | {
        "HOME": str(person.home), "XDG_DATA_HOME": "",
    })  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert person.value("TryExec") == str(person.package / "cifar-desktop")


def test_commands_are_linked_and_work(person: Person, tmp_path: Path) -> None:
    assert "add it to PATH" in person.installs("--bin")
    started = tmp_path / "started"
    environment = {**os.environ, "STARTED": str(started)}
    run([person.home / ".local/bin/cifar-trainer", "recipes", "a b"], environment)
    program = str(person.package / "cifar-desktop")
    assert started.read_text().splitlines() == [program, "--trainer", "recipes", "a b"]


def test_command_of_another_program_stays(person: Person) -> None:
    other = person.home / ".local/bin/cifar-desktop"
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    done = person.call("install", "--bin")
    assert done.returncode == 0
    assert "stays as it is" in done.stderr
    assert other.read_text() == "mine"
    person.call("uninstall")
    assert person.files() == {".local/bin/cifar-desktop"}


def test_prefix_is_for_everybody(person: Person, tmp_path: Path) -> None:
    person.installs("--bin", "--prefix", str(tmp_path / "usr local"))
    assert person.files() == set()
    assert (tmp_path / "usr local" / ENTRY).exists()
    assert (tmp_path / "usr local/bin/cifar-trainer").exists()
    assert person.call("uninstall", f"--prefix={tmp_path / 'usr local'}").returncode == 0
    left = [path for path in (tmp_path / "usr local").rglob("*") if not path.is_dir()]
    assert left == []


def test_data_home_is_respected_and_enough(person: Person, tmp_path: Path) -> None:
    del person.environment["HOME"]
    person.environment["XDG_DATA_HOME"] = str(tmp_path / "data")
    person.installs()
    assert (tmp_path / "data/applications/cifar-desktop.desktop").exists()


def test_without_a_home_it_says_what_to_do(person: Person) -> None:
    del person.environment["HOME"]
    for name in ("install", "uninstall"):
        done = person.call(name)
        assert done.returncode == 1
        assert "--prefix DIR" in done.stderr


def test_home_that_cannot_be_written_is_named(person: Person) -> None:
    (person.home / ".local").write_text("in the way")
    done = person.call("install")
    assert done.returncode == 1
    assert f"{person.home}/.local/share/applications' cannot be made" in done.stderr
    assert done.stderr.count("\n") == 2


def test_incomplete_package_is_refused(person: Person) -> None:
    (person.package / "cifar-trainer").unlink()
    done = person.call("install")
    assert done.returncode == 1
    assert "Unpack the archive again" in done.stderr
    assert person.files() == set()


def test_folder_that_no_menu_can_name_is_refused(person: Person, tmp_path: Path) -> None:
    person.package = person.package.rename(tmp_path / "line\nbreak")
    done = person.call("install")
    assert done.returncode == 1
    assert "Rename it" in done.stderr


@pytest.mark.skipif(shutil.which("xdg-mime") is None, reason="needs xdg-utils")
@pytest.mark.skipif(shutil.which("update-desktop-database") is None, reason="needs its index")
def test_viewer_of_pictures_remains(person: Person, tmp_path: Path) -> None:
    viewers = tmp_path / "system" / "applications"
    viewers.mkdir(parents=True)
    entry = "[Desktop Entry]\nType=Application\nName=V\nExec=true %f\nMimeType=image/png;\n"
    (viewers / "viewer.desktop").write_text(entry)
    run(["update-desktop-database", viewers])
    environment = {**os.environ, **person.environment, "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    ask: list[str | Path] = ["xdg-mime", "query", "default", "image/png"]
    assert run(ask, environment).stdout == "viewer.desktop\n"
    assert "in the viewer that it did" in person.installs()
    assert run(ask, environment).stdout == "viewer.desktop\n"
    index = person.home / ".local/share/applications/mimeinfo.cache"
    assert "image/png=cifar-desktop.desktop;" in index.read_text()


def test_uninstall_takes_back_all_and_twice_is_once(person: Person) -> None:
    person.installs("--bin")
    done = person.call("uninstall")
    assert (done.returncode, done.stderr) == (0, "")
    assert "is out of your menu" in done.stdout
    assert person.files() == set()
    assert not (person.home / ".local/share/icons").exists()
    assert "was not in your menu" in person.call("uninstall").stdout


def test_uninstall_leaves_the_entry_of_another_copy(person: Person, tmp_path: Path) -> None:
    other = copy_package(person.package, tmp_path / "other")
    person.installs()
    mine, person.package = person.package, other
    done = person.call("uninstall")
    assert done.returncode == 1
    assert str(mine / "cifar-desktop") in done.stderr
    assert person.entry.exists()


def test_uninstall_leaves_other_programs_alone(person: Person) -> None:
    person.installs()
    icons = person.home / ".local/share/icons/hicolor"
    other = [person.entry.with_name("other.desktop"), icons / "16x16/apps/other.png"]
    for path in other:
        path.write_text("[Desktop Entry]\n")
    person.call("uninstall")
    assert all(path.exists() for path in other)


def kept_folders(person: Person) -> list[Path]:
    places = (".local/share", ".config", ".local/state", ".cache")
    folders = [person.home / place / "cifar-desktop" for place in places]
    for folder in folders:
        (folder / "runs").mkdir(parents=True)
    return folders


@pytest.mark.parametrize("arguments", [(), ("--purge",)])
def test_runs_and_settings_are_kept_unless_yes_is_said(
    person: Person, arguments: tuple[str, ...]
) -> None:
    folders = kept_folders(person)
    person.installs()
    done = person.call("uninstall", *arguments, answer="no\n")
    assert done.returncode == 0
    assert all(folder.exists() and str(folder) in done.stdout for folder in folders)
    assert "are kept" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "answer"), [(("--purge",), "yes\n"), (("--purge", "--yes"), "")]
)
def test_purge_deletes_them(person: Person, arguments: tuple[str, ...], answer: str) -> None:
    folders = kept_folders(person)
    stranger = person.home / ".config" / "other"
    stranger.mkdir()
    person.installs()
    done = person.call("uninstall", *arguments, answer=answer)
    assert (done.returncode, done.stderr) == (0, "")
    assert not any(folder.exists() for folder in folders)
    assert stranger.exists()


@pytest.mark.parametrize("name", ["install", "uninstall"])
def test_usage(person: Person, name: str) -> None:
    assert person.call(name, "--help").stdout.startswith(f"./{name} ")
    assert person.call(name, "--frobnicate").returncode == 2
    assert person.call(name, "--prefix").returncode == 1
