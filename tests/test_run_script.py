"""The script `run` under every POSIX shell found here, with stand-ins for Python, apt and sudo.

The stand-in for Python is a shell script that writes down what it was asked to do, so these tests
install nothing, need no network and say exactly which calls a set-up makes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX script")

RUN = Path(__file__).parent.parent / "run"
NAMES = ("sh", "busybox", "bash", "dash")
# The last name of a shell that has several: sh is dash or bash.
SHELLS = {str(Path(path).resolve()): name for name in NAMES if (path := shutil.which(name))}
# All that the script may need of a system; anything else must not be relied on.
TOOLS = (
    *("cat", "chmod", "cksum", "cp", "dirname", "env", "find", "id", "mkdir", "readlink", "rm"),
    *("sleep", "tail", "tr"),
)

FAKE_PYTHON = """#!/bin/sh
echo "python [$PWD] $*" >>"$CALLS"
case "$*" in
    *"import ctypes"*) echo 3.11; for name in ${FAKE_MISSING:-}; do echo "$name"; done ;;
    *"import ensurepip"*) [ -z "${FAKE_NO_VENV:-}" ] ;;
    *EXTENSION_SUFFIXES*) echo "${FAKE_SUFFIX:-.cpython-311-x86_64-linux-gnu.so}" ;;
    *"sys.exit"*) [ -z "${FAKE_OLD:-}" ] ;;
    *"-m venv"*) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python" ;;
    *"-m pip install"*) echo "pip's own words" >&2; exit "${FAKE_PIP_STATUS:-0}" ;;
esac
"""

FAKE_APT = """#!/bin/sh
echo "${0##*/} $*" >>"$CALLS"
exit "${FAKE_APT_STATUS:-0}"
"""


@dataclass
class Checkout:
    """A copy of the script with its neighbours, and a system made of stand-ins."""

    folder: Path
    shell: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def tools(self) -> Path:
        return self.folder.parent / "tools"

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def add_tool(self, name: str, text: str) -> None:
        path = self.tools / name
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def run(self, *args: str, script: Path | None = None, **more: str) -> tuple[int, str]:
        """Start the script; give its exit status and what it said."""
        done = subprocess.run(
            [*self.shell, str(script or self.folder / "run"), *args],
            env=self.environment | more,
            cwd=self.folder.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def calls(self) -> list[str]:
        """What was called since the last time; the questions that look around are left out."""
        log = Path(self.environment["CALLS"])
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        where = f"[{self.folder}]"
        expected = ("-m ", "apt-get ", "dpkg ")
        kept = (line for line in lines if any(word in line for word in expected))
        lines = [line.replace(where, "[root]") for line in kept]
        return [line for line in lines if "pip --version" not in line]

    def installs(self) -> list[str]:
        return [line for line in self.calls() if "pip install" in line]


@pytest.fixture(params=SHELLS.values())
def checkout(request: pytest.FixtureRequest, tmp_path: Path) -> Checkout:
    folder = tmp_path / "Zoë's 图片 folder"
    folder.mkdir()
    shutil.copy(RUN, folder)
    (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (folder / "constraints.txt").write_text("torch==1\n", encoding="utf-8")
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (tools / tool).symlink_to(found)
    found = shutil.which(request.param)
    assert found
    shell = tools / request.param
    shell.symlink_to(found)
    environment = {"PATH": str(tools), "CALLS": str(tmp_path / "calls"), "DISPLAY": ":7"}
    applet = ["sh"] if request.param == "busybox" else []
    made = Checkout(folder, [str(shell), *applet], environment)
    made.add_tool("uname", "#!/bin/sh\necho Linux\n")
    made.add_tool("python3", FAKE_PYTHON)
    return made


def test_first_start_makes_everything_and_the_second_nothing(checkout: Checkout) -> None:
    status, said = checkout.run("a b.png", "--x")
    assert status == 0
    assert "pip's own words" not in said
    made, installed, started = checkout.calls()
    assert made.endswith(f"-m venv {checkout.venv}")
    assert installed.startswith("python [root] -I -m pip install ")
    assert installed.endswith(" -e . -c constraints.txt")
    # The person's own folder, so that relative paths mean what they say.
    start = f"python [{checkout.folder.parent}] -P -m cifar_desktop a b.png --x"
    assert started == start

    status, said = checkout.run("a b.png", "--x")
    assert (status, said) == (0, "")
    assert checkout.calls() == [start]


def test_tests_want_the_developers_packages_and_no_display(checkout: Checkout) -> None:
    checkout.environment.pop("DISPLAY")
    checkout.add_tool(
        "python3", FAKE_PYTHON + 'case "$*" in *pytest*) echo "$QT_QPA_PLATFORM" ;; esac\n'
    )
    status, said = checkout.run("test", "-k", "one or two", QT_QPA_PLATFORM="wayland")
    assert status == 0
    assert said.splitlines()[0] == "offscreen"
    calls = checkout.calls()
    assert " -e .[dev] -c constraints.txt" in calls[1]
    assert calls[2] == "python [root] -m pytest -n auto -k one or two"

    checkout.run("test")
    assert checkout.calls() == ["python [root] -m pytest -n auto"]
    checkout.run("test", "-x", "run::test_one")
    assert checkout.calls() == ["python [root] -m pytest -x run::test_one"]
    checkout.run("trainer", "recipes")
    assert checkout.installs() == []


def test_starting_first_and_testing_later_adds_what_tests_need(checkout: Checkout) -> None:
    checkout.run()
    checkout.calls()
    checkout.run("test")
    assert len(checkout.installs()) == 1


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_requirement_is_installed(checkout: Checkout, name: str) -> None:
    checkout.run()
    checkout.calls()
    path = checkout.folder / name
    path.write_text(path.read_text(encoding="utf-8") + "# newer\n", encoding="utf-8")
    checkout.run()
    assert len(checkout.installs()) == 1
    checkout.run()
    assert checkout.installs() == []


def test_a_moved_checkout_is_installed_again(checkout: Checkout) -> None:
    checkout.run()
    checkout.calls()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("moved"))
    checkout.run()
    assert len(checkout.installs()) == 1


def test_a_venv_whose_python_is_gone_is_made_again(checkout: Checkout) -> None:
    checkout.run("setup")
    (checkout.venv / "bin/python").unlink()

    status, reported = checkout.run("setup")

    assert status == 0
    assert "virtual environment" in reported
    assert (checkout.venv / "bin/python").exists()


def test_through_a_symlink(checkout: Checkout) -> None:
    link = checkout.folder.parent / "link"
    link.symlink_to(Path(checkout.folder.name) / "run")
    status, _ = checkout.run("trainer", "recipes", script=link)
    assert status == 0
    assert checkout.venv.is_dir()
    # Not a folder named "trainer" where the person stands: -P.
    assert checkout.calls()[-1].endswith(f"[{checkout.folder.parent}] -P -m trainer recipes")


def test_a_refused_installation_says_why_and_is_tried_again(checkout: Checkout) -> None:
    status, said = checkout.run(FAKE_PIP_STATUS="1")
    assert status == 1
    assert "pip's own words" in said
    assert str(checkout.venv / "setup.log") in said
    checkout.calls()

    status, _ = checkout.run()
    assert status == 0
    # The environment was in order: only pip is called again.
    assert [call.split(" -m ")[1].split()[0] for call in checkout.calls()] == [
        "pip",
        "cifar_desktop",
    ]


def test_an_interrupted_installation_starts_afresh(checkout: Checkout) -> None:
    status, _ = checkout.run(FAKE_PIP_STATUS="137")
    assert status == 1
    checkout.calls()
    half = checkout.venv / "lib"
    half.mkdir()

    status, _ = checkout.run()
    assert status == 0
    assert len(checkout.calls()) == 3
    assert not half.exists()
    assert not (checkout.venv / "setup.lock").exists()


def test_waits_for_another_set_up(checkout: Checkout) -> None:
    checkout.venv.mkdir()
    with subprocess.Popen(["sleep", "1"]) as other:
        (checkout.venv / "setup.lock").write_text(f"{other.pid}\n", encoding="ascii")
        # It ends and takes its lock along, as a set-up does.
        checkout.add_tool("sleep", f'#!/bin/sh\nrm -f "{checkout.venv}/setup.lock"\n')
        status, said = checkout.run()
    assert status == 0
    assert f"process {other.pid}" in said


def test_no_display_is_said_before_anything_is_installed(checkout: Checkout) -> None:
    checkout.environment.pop("DISPLAY")
    status, said = checkout.run()
    assert status == 1
    assert "No display" in said
    assert checkout.calls() == []

    assert checkout.run(WAYLAND_DISPLAY="wayland-0")[0] == 0
    assert checkout.run(QT_QPA_PLATFORM="offscreen")[0] == 0


def test_help_installs_nothing(checkout: Checkout) -> None:
    status, said = checkout.run("--help")
    assert status == 0
    assert "./run test" in said
    assert not checkout.venv.exists()


def test_no_fit_python(checkout: Checkout) -> None:
    status, said = checkout.run(FAKE_OLD="yes")
    assert status == 1
    assert "Python 3.11" in said
    assert not (checkout.venv / "bin").exists()


def test_musl_is_refused_in_words(checkout: Checkout) -> None:
    status, said = checkout.run(FAKE_SUFFIX=".cpython-312-x86_64-linux-musl.so")
    assert status == 1
    assert "musl" in said
    assert checkout.installs() == []


def as_root(checkout: Checkout, apt_cache: str = "") -> None:
    for name in ("apt-get", "dpkg"):
        checkout.add_tool(name, FAKE_APT)
    checkout.add_tool("apt-cache", f"#!/bin/sh\n{apt_cache}\n")
    checkout.add_tool("id", "#!/bin/sh\necho 0\n")


def test_only_missing_system_packages_are_installed(checkout: Checkout) -> None:
    as_root(checkout, apt_cache='case $2 in libglib2.0-0t64) echo "Package: $2" ;; esac')
    status, said = checkout.run(FAKE_MISSING="libegl1 libglib2.0-0")
    assert status == 0
    assert "libegl1" in said
    install = next(call for call in checkout.calls() if " install " in call)
    assert install.endswith("--no-install-recommends libegl1 libglib2.0-0t64")

    # Still not found, although installed: apt is not asked at every start.
    checkout.run(FAKE_MISSING="libegl1 libglib2.0-0")
    assert not [call for call in checkout.calls() if "apt-get" in call]


def test_the_command_line_needs_no_system_packages(checkout: Checkout) -> None:
    as_root(checkout)
    checkout.run("trainer", "recipes", FAKE_MISSING="libegl1")
    assert not [call for call in checkout.calls() if "apt-get" in call]


def test_python_without_venv_gets_it(checkout: Checkout) -> None:
    as_root(checkout)
    checkout.run("trainer", "recipes", FAKE_NO_VENV="yes")
    install = next(call for call in checkout.calls() if " install " in call)
    assert install.endswith(" python3.11-venv")


@pytest.mark.parametrize("tools", [(), ("apt-get",)])
def test_without_rights_the_packages_are_named_and_the_program_starts(
    checkout: Checkout, tools: tuple[str, ...]
) -> None:
    for tool in tools:
        checkout.add_tool(tool, FAKE_APT)
    checkout.add_tool("id", "#!/bin/sh\necho 1000\n")
    status, said = checkout.run(FAKE_MISSING="libegl1")
    assert status == 0
    assert "libegl1" in said or "libglvnd" in said
    calls = checkout.calls()
    assert "cifar_desktop" in calls[-1]
    assert not [call for call in calls if "apt-get" in call]


def test_sudo_without_a_password_is_used(checkout: Checkout) -> None:
    checkout.add_tool("apt-get", FAKE_APT)
    checkout.add_tool("apt-cache", "#!/bin/sh\n")
    checkout.add_tool("sudo", FAKE_APT)
    checkout.add_tool("id", "#!/bin/sh\necho 1000\n")
    status, _ = checkout.run(FAKE_MISSING="libegl1")
    assert status == 0
    install = next(call for call in checkout.calls() if " install " in call)
    assert install.startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get ")


def test_a_failing_apt_is_said_and_the_program_starts(checkout: Checkout) -> None:
    as_root(checkout)
    status, said = checkout.run(FAKE_MISSING="libegl1", FAKE_APT_STATUS="100")
    assert status == 0
    assert "apt-get install libegl1" in said


def test_check_shows_everything_that_fails(checkout: Checkout) -> None:
    checkout.add_tool(
        "python3", FAKE_PYTHON + 'case "$*" in *"ruff check"*|*mypy*) exit 1 ;; esac\n'
    )
    status, said = checkout.run("check")
    assert status == 1
    assert said.splitlines()[-1] == "Failed: lint types"
    assert "python [root] -m ruff format --check ." in checkout.calls()
