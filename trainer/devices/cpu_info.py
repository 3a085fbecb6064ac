"""The CPU: its name, and how many of its cores may be used."""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
# ARM boards only name the board.
CPUINFO_KEYS = ("model name", "Model", "Hardware")


def processor_name() -> str:
    """The name of the CPU, such as `Intel Core i7-1165G7`."""
    with suppress(OSError, subprocess.SubprocessError):
        if name := clean_name(_system_name()):
            return name
    return clean_name(platform.processor()) or platform.machine() or "Processor"


def parse_cpuinfo(lines: Iterable[str]) -> str:
    """The name in the lines of `/proc/cpuinfo`; empty if there is none."""
    values: dict[str, str] = {}
    for line in lines:
        key, _, value = line.partition(":")
        values.setdefault(key.strip(), value.strip())
    return next((values[key] for key in CPUINFO_KEYS if values.get(key)), "")


def clean_name(name: str) -> str:
    """A name without trademarks and the clock rate that some manufacturers append."""
    plain = re.sub(r"\((R|TM|C)\)|®|™|\bCPU\b|\bProcessor\b|@.*$", " ", name, flags=re.IGNORECASE)
    return " ".join(plain.split())


def _system_name() -> str:
    if sys.platform == "win32":
        return _registry_name()
    if sys.platform == "darwin":
        return _sysctl_name()
    with CPUINFO.open(encoding="utf-8", errors="replace") as file:
        return parse_cpuinfo(file)


def _registry_name() -> str:
    if sys.platform != "win32":
        return ""
    import winreg

    path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
        return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])


def _sysctl_name() -> str:
    command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
    # A constant command.
    result = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603
    return result.stdout


def usable_cores() -> int:
    """Number of logical cores that this process may use, which may be fewer than exist."""
    # Only Linux tells which cores a process may use.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
