"""The processor: what the computer calls it, and how many of its cores may be used."""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
# Boards with an ARM processor name the board, and only that.
CPUINFO_KEYS = ("model name", "Model", "Hardware")


def processor_name() -> str:
    """The processor's name as its maker writes it, such as `Intel Core i7-1165G7`."""
    with suppress(OSError, subprocess.SubprocessError):
        if name := tidied(_asked()):
            return name
    return tidied(platform.processor()) or platform.machine() or "Processor"


def name_in_cpuinfo(lines: Iterable[str]) -> str:
    """The name in the lines of `/proc/cpuinfo`, or nothing."""
    values: dict[str, str] = {}
    for line in lines:
        key, _, value = line.partition(":")
        values.setdefault(key.strip(), value.strip())
    return next((values[key] for key in CPUINFO_KEYS if values.get(key)), "")


def tidied(name: str) -> str:
    """Without trade marks and the clock rate that some makers append."""
    plain = re.sub(r"\((R|TM|C)\)|®|™|\bCPU\b|\bProcessor\b|@.*$", " ", name, flags=re.IGNORECASE)
    return " ".join(plain.split())


def _asked() -> str:
    if sys.platform == "win32":
        return _from_registry()
    if sys.platform == "darwin":
        return _from_sysctl()
    with CPUINFO.open(encoding="utf-8", errors="replace") as file:
        return name_in_cpuinfo(file)


def _from_registry() -> str:
    if sys.platform != "win32":
        return ""
    import winreg

    place = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
        return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])


def _from_sysctl() -> str:
    question = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
    # Always this program with these words.
    answer = subprocess.run(question, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603
    return answer.stdout


def usable_cores() -> int:
    """Logical cores that this process may use, which may be fewer than the computer has."""
    # Only Linux says what a process may use.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
