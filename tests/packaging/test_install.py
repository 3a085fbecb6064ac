"""./install and ./uninstall of the package, in common shells and from folders of any name."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.packaging.support import copy_package, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="for Linux desktops")

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
class User:
    """A user with a home folder and an unpacked package."""

    package: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def call(
        self, name: str, *arguments: str, shell: str = "/bin/sh", answer: str = ""
    ) -> subprocess.CompletedProcess[str]:
        applet = ["sh"] if shell.endswith("busybox") else []
        environment = {"PATH": os.environ["PATH"], **self.environment}
        return run([shell, *applet, self.package / name, *arguments], environment, answer)

    def install(self, *arguments: str, shell: str = "/bin/sh") -> str:
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
def user(package: Path, tmp_path: Path) -> User:
    """A user with an empty menu and no program that opens pictures."""
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "XDG_DATA_DIRS": str(tmp_path / "system")}
    copy = copy_package(package, tmp_path / "cifar-desktop")
    return User(copy, home, environment)


def command_of(value: str) -> list[str]:
    """The words of an Exec line, split as the Desktop Entry Specification says."""
    text = re.sub(r"\\(.)", lambda found: {"s": " ", "n": "\n"}.get(found[1], found[1]), value)
    words = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', text)
    bare = [re.sub(r"\\(.)", r"\1", quoted) if quoted else plain for quoted, plain in words]
    return [word if re.fullmatch("%[a-zA-Z]", word) else word.replace("%%", "%") for word in bare]


@pytest.mark.parametrize("shell", SHELLS)
def test_any_shell_installs_entry_and_icons(user: User, shell: str) -> None:
    user.install(shell=shell)
    assert command_of(user.value("Exec")) == [str(user.package / "cifar-desktop"), "%U"]
    assert user.value("TryExec") == str(user.package / "cifar-desktop")
    icons = user.home / ".local/share/icons/hicolor"
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        assert (icons / f"{size}x{size}/apps/cifar-desktop.png").exists()
    assert (icons / "scalable/apps/cifar-desktop.svg").exists()


@pytest.mark.parametrize("name", FOLDERS)
def test_program_starts_from_a_folder_of_any_name(user: User, name: str, tmp_path: Path) -> None:
    user.package = user.package.rename(tmp_path / name)
    user.install()
    program = str(user.package / "cifar-desktop")
    assert user.value("TryExec").replace("\\\\", "\\") == program
    words = command_of(user.value("Exec"))
    assert words.pop() == "%U"
    assert started_by([*words, "file:///a%20b.png"], tmp_path) == [program, "file:///a%20b.png"]
    if shutil.which("gio"):  # the desktop itself
        assert started_by(["gio", "launch", user.entry, "/a b.png"], tmp_path)[0] == program
    if shutil.which("desktop-file-validate"):
        done = run(["desktop-file-validate", user.entry])
        assert (done.returncode, done.stdout) == (0, "")


def started_by(command: list[str | Path], folder: Path) -> list[str]:
    """The program that a command starts, with its arguments."""
    started = folder / "started"
    started.unlink(missing_ok=True)
    done = run(command, {**os.environ, "STARTED": str(started)})
    assert (done.returncode, done.stderr) == (0, "")
    return started.read_text().splitlines()


def test_mime_types_are_raster_images_and_listed_once(user: User) -> None:
    user.install()
    kinds = user.value("MimeType").rstrip(";").split(";")
    assert len(set(kinds)) == len(kinds)
    assert all(kind.startswith("image/") for kind in kinds)
    assert {"image/jpeg", "image/png", "image/webp", "image/avif", "image/heic"} <= set(kinds)
    assert "image/svg+xml" not in kinds


def test_moved_package_can_be_installed_again(user: User, tmp_path: Path) -> None:
    user.install()
    first = user.files()
    user.package = user.package.rename(tmp_path / "elsewhere")
    user.install()
    assert user.files() == first
    assert user.value("TryExec") == str(tmp_path / "elsewhere" / "cifar-desktop")


def test_script_finds_its_folder_through_a_link(user: User, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "setup").symlink_to("../cifar-desktop/install")
    done = run(["/bin/sh", tmp_path / "links" / "setup"], user.environment | dict(os.environ) | {
        "HOME": str(user.home), "XDG_DATA_HOME": "",
    })  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert user.value("TryExec") == str(user.package / "cifar-desktop")


def test_commands_are_linked_and_work(user: User, tmp_path: Path) -> None:
    assert "add it to PATH" in user.install("--bin")
    started = tmp_path / "started"
    environment = {**os.environ, "STARTED": str(started)}
    run([user.home / ".local/bin/cifar-trainer", "recipes", "a b"], environment)
    program = str(user.package / "cifar-desktop")
    assert started.read_text().splitlines() == [program, "--trainer", "recipes", "a b"]


def test_command_of_another_program_is_left_alone(user: User) -> None:
    other = user.home / ".local/bin/cifar-desktop"
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    done = user.call("install", "--bin")
    assert done.returncode == 0
    assert "left alone" in done.stderr
    assert other.read_text() == "mine"
    user.call("uninstall")
    assert user.files() == {".local/bin/cifar-desktop"}


def test_prefix_installs_for_all_users(user: User, tmp_path: Path) -> None:
    user.install("--bin", "--prefix", str(tmp_path / "usr local"))
    assert user.files() == set()
    assert (tmp_path / "usr local" / ENTRY).exists()
    assert (tmp_path / "usr local/bin/cifar-trainer").exists()
    assert user.call("uninstall", f"--prefix={tmp_path / 'usr local'}").returncode == 0
    left = [path for path in (tmp_path / "usr local").rglob("*") if not path.is_dir()]
    assert left == []


def test_data_home_is_respected_and_sufficient(user: User, tmp_path: Path) -> None:
    del user.environment["HOME"]
    user.environment["XDG_DATA_HOME"] = str(tmp_path / "data")
    user.install()
    assert (tmp_path / "data/applications/cifar-desktop.desktop").exists()


def test_without_a_home_the_message_says_what_to_do(user: User) -> None:
    del user.environment["HOME"]
    for name in ("install", "uninstall"):
        done = user.call(name)
        assert done.returncode == 1
        assert "--prefix DIR" in done.stderr


def test_home_that_cannot_be_written_to_is_named(user: User) -> None:
    (user.home / ".local").write_text("in the way")
    done = user.call("install")
    assert done.returncode == 1
    assert f"Cannot create the folder '{user.home}/.local/share/applications'" in done.stderr
    assert done.stderr.count("\n") == 2


def test_incomplete_package_is_refused(user: User) -> None:
    (user.package / "cifar-trainer").unlink()
    done = user.call("install")
    assert done.returncode == 1
    assert "Unpack the archive again" in done.stderr
    assert user.files() == set()


def test_folder_name_that_menus_cannot_hold_is_refused(user: User, tmp_path: Path) -> None:
    user.package = user.package.rename(tmp_path / "line\nbreak")
    done = user.call("install")
    assert done.returncode == 1
    assert "Rename it" in done.stderr


@pytest.mark.skipif(shutil.which("xdg-mime") is None, reason="needs xdg-utils")
@pytest.mark.skipif(shutil.which("update-desktop-database") is None, reason="needs its index")
def test_default_viewer_is_unchanged(user: User, tmp_path: Path) -> None:
    viewers = tmp_path / "system" / "applications"
    viewers.mkdir(parents=True)
    entry = "[Desktop Entry]\nType=Application\nName=V\nExec=true %f\nMimeType=image/png;\n"
    (viewers / "viewer.desktop").write_text(entry)
    run(["update-desktop-database", viewers])
    environment = {**os.environ, **user.environment, "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    ask: list[str | Path] = ["xdg-mime", "query", "default", "image/png"]
    assert run(ask, environment).stdout == "viewer.desktop\n"
    assert "Your default picture viewer has not changed" in user.install()
    assert run(ask, environment).stdout == "viewer.desktop\n"
    index = user.home / ".local/share/applications/mimeinfo.cache"
    assert "image/png=cifar-desktop.desktop;" in index.read_text()


def test_uninstall_removes_everything_and_is_idempotent(user: User) -> None:
    user.install("--bin")
    done = user.call("uninstall")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Removed CIFAR Desktop from your menu" in done.stdout
    assert user.files() == set()
    assert not (user.home / ".local/share/icons").exists()
    assert "was not in your menu" in user.call("uninstall").stdout


def test_uninstall_leaves_the_entry_of_another_copy(user: User, tmp_path: Path) -> None:
    other = copy_package(user.package, tmp_path / "other")
    user.install()
    mine, user.package = user.package, other
    done = user.call("uninstall")
    assert done.returncode == 1
    assert str(mine / "cifar-desktop") in done.stderr
    assert user.entry.exists()


def test_uninstall_leaves_other_programs_alone(user: User) -> None:
    user.install()
    icons = user.home / ".local/share/icons/hicolor"
    other = [user.entry.with_name("other.desktop"), icons / "16x16/apps/other.png"]
    for path in other:
        path.write_text("[Desktop Entry]\n")
    user.call("uninstall")
    assert all(path.exists() for path in other)


def kept_folders(user: User) -> list[Path]:
    places = (".local/share", ".config", ".local/state", ".cache")
    folders = [user.home / place / "cifar-desktop" for place in places]
    for folder in folders:
        (folder / "runs").mkdir(parents=True)
    return folders


@pytest.mark.parametrize("arguments", [(), ("--purge",)])
def test_runs_and_settings_are_kept_unless_confirmed(
    user: User, arguments: tuple[str, ...]
) -> None:
    folders = kept_folders(user)
    user.install()
    done = user.call("uninstall", *arguments, answer="no\n")
    assert done.returncode == 0
    assert all(folder.exists() and str(folder) in done.stdout for folder in folders)
    assert "are kept" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "answer"), [(("--purge",), "yes\n"), (("--purge", "--yes"), "")]
)
def test_purge_deletes_runs_and_settings(
    user: User, arguments: tuple[str, ...], answer: str
) -> None:
    folders = kept_folders(user)
    stranger = user.home / ".config" / "other"
    stranger.mkdir()
    user.install()
    done = user.call("uninstall", *arguments, answer=answer)
    assert (done.returncode, done.stderr) == (0, "")
    assert not any(folder.exists() for folder in folders)
    assert stranger.exists()


@pytest.mark.parametrize("name", ["install", "uninstall"])
def test_usage(user: User, name: str) -> None:
    assert user.call(name, "--help").stdout.startswith(f"./{name} ")
    assert user.call(name, "--frobnicate").returncode == 2
    assert user.call(name, "--prefix").returncode == 1
