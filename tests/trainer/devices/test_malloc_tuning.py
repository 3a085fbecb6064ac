"""Memory that a process keeps, counted by the pages that the system has to map."""

import platform
import subprocess
import sys

import pytest

MEBIBYTES = 64
ROUNDS = 10
SCRIPT = f"""
import resource
from trainer.devices.malloc_tuning import give_back_freed_memory, keep_freed_memory

def mapped(rounds):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(rounds):
        b"x" * ({MEBIBYTES} << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

usual = mapped({ROUNDS})
keep_freed_memory()
mapped(1)
kept = mapped({ROUNDS})
give_back_freed_memory()
print(usual, kept, mapped(1))
"""

# C libraries other than glibc are not affected.
pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")


def test_memory_is_mapped_once_and_returned_on_request() -> None:
    command = [sys.executable, "-c", SCRIPT]
    child = subprocess.run(command, capture_output=True, text=True, check=True)
    usual, kept, afterwards = map(int, child.stdout.split())
    # Pages may be huge pages: what counts is whether every block is mapped again, or none.
    assert usual > 10 * max(1, kept)
    assert afterwards > 10 * max(1, kept)
