"""A virtual screen for the smoke test: Xvfb, a window manager, input and screenshots.

Used by `smoke_steps`. Keys and mouse go through the X server like real ones (xdotool), the
clipboard is read by another program (xclip), and screenshots show what is on the screen.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image, ImageGrab
from smoke_waiting import Failed, until

WIDTH, HEIGHT = 1400, 900
_TOOLS = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "xclip": "xclip",
          "xprop": "x11-utils"}  # fmt: skip
_TIMEOUT = 20
_STILL_SECONDS = 1.0
_DRAG_STEPS = 12
"""Number of moves of a drag, so that windows see the pointer move, not jump."""

Window = str
"""A window ID, in the format of the tools."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom on the screen."""


def missing_tools() -> list[str]:
    """Debian package names of the tools that are not installed."""
    return [package for tool, package in _TOOLS.items() if shutil.which(tool) is None]


class Screen:
    """Xvfb and openbox, as a context manager.

    Args:
        folder: Home folder of the window manager.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[subprocess.Popen[bytes]] = []
        self.display = ""

    def __enter__(self) -> Self:
        try:
            self._start_server()
            self._start_window_manager()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Terminate the window manager and the server."""
        for child in reversed(self._children):
            child.terminate()
            child.wait()
        self._children.clear()

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables for the test's tools and helpers."""
        return {**os.environ, "DISPLAY": self.display, "HOME": str(self._folder)}

    def window(self, title: str) -> Window | None:
        """The visible window whose title contains this text."""
        found = self._tool("xdotool", "search", "--onlyvisible", "--name", title).split()
        return found[0] if found else None

    def box(self, window: Window) -> Box:
        """The geometry of a window, without its frame."""
        lines = self._tool("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        values = dict(line.split("=", 1) for line in lines)
        try:
            left, top, width, height = (int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))
        except KeyError as error:
            raise Failed("The window is gone.") from error
        return left, top, left + width, top + height

    def press(self, window: Window, keys: str) -> None:
        """Press keys in a window, such as `ctrl+c`."""
        if self._tool("xdotool", "getactivewindow").strip() != window:
            self._tool("xdotool", "windowactivate", "--sync", window)
        self._tool("xdotool", "key", "--clearmodifiers", keys)

    def start_drag(self, box: Box) -> None:
        """Press the mouse button in the middle of a box, and start to move."""
        x, y = _middle(box)
        self._tool("xdotool", "mousemove", str(x), str(y), "mousedown", "1")
        self._move((x, y), (x - 40, y + 10))

    def drag(self, start: Box, end: Box) -> None:
        """Move on to the middle of another box with the button down."""
        x, y = _middle(start)
        self._move((x - 40, y + 10), _middle(end))

    def drop(self) -> None:
        """Release the mouse button."""
        self._tool("xdotool", "mouseup", "1")

    def clipboard(self) -> str:
        """The text on the clipboard; empty if there is none."""
        return self._tool("xclip", "-o", "-selection", "clipboard", "-t", "UTF8_STRING")

    def picture(self, box: Box | None = None) -> Image.Image:
        """A screenshot, or a crop of it."""
        return ImageGrab.grab(box, xdisplay=self.display).convert("RGB")

    def is_still(self, window: Window) -> bool:
        """Whether nothing changes in a window for a second, such as a busy indicator."""
        before = self.picture(self.box(window)).tobytes()
        time.sleep(_STILL_SECONDS)
        return self.picture(self.box(window)).tobytes() == before

    def _move(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        for step in range(1, _DRAG_STEPS + 1):
            x, y = (a + (b - a) * step // _DRAG_STEPS for a, b in zip(start, end, strict=True))
            self._tool("xdotool", "mousemove", str(x), str(y))
            time.sleep(0.02)  # as fast as a hand; there is nothing to wait for

    def _tool(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.environment, capture_output=True, check=False, timeout=_TIMEOUT
        )
        return done.stdout.decode()

    def _start_server(self) -> None:
        reading, writing = os.pipe()
        size = f"{WIDTH}x{HEIGHT}x24"
        # -ac: the program may run as another user. -displayfd: picks a free display number.
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-ac", "-noreset",
                   "-nolisten", "tcp"]  # fmt: skip
        self._spawn(command, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Failed("Xvfb did not start.")
        self.display = f":{number}"

    def _start_window_manager(self) -> None:
        self._spawn(["openbox", "--sm-disable"])
        until("no window manager", self._is_managed, _TIMEOUT)

    def _is_managed(self) -> bool:
        return "window id" in self._tool("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")

    def _spawn(self, command: list[str], pass_fds: tuple[int, ...] = ()) -> None:
        null = subprocess.DEVNULL
        self._children.append(
            subprocess.Popen(
                command, env=self.environment, pass_fds=pass_fds, stdin=null, stdout=null,
                stderr=null,
            )
        )  # fmt: skip


def _middle(box: Box) -> tuple[int, int]:
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
