"""A screen of its own for the smoke test: Xvfb, a window manager, a person's hands and eyes.

Used by `smoke_steps`. Keys and mouse go through the X server as real ones do (xdotool), the
clipboard is read by another program (xclip), and pictures are taken of what is on the screen.
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
_PATIENCE = 20
_STILL = 1.0
_ACROSS = 12
"""The pointer is dragged in so many steps: windows see a pointer move, not appear."""

Window = str
"""The number of a window, as the tools want it."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom on the screen."""


def missing_tools() -> list[str]:
    """Debian's names of the packages that are not installed."""
    return [package for tool, package in _TOOLS.items() if shutil.which(tool) is None]


class Screen:
    """Xvfb and openbox, from `with` on.

    Args:
        folder: For what the window manager writes.
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
        """End the window manager and the server."""
        for child in reversed(self._children):
            child.terminate()
            child.wait()
        self._children.clear()

    @property
    def environment(self) -> dict[str, str]:
        """What the tools and other helpers of the test are started with."""
        return {**os.environ, "DISPLAY": self.display, "HOME": str(self._folder)}

    def window(self, title: str) -> Window | None:
        """The window whose title holds this, once it is on the screen."""
        found = self._tool("xdotool", "search", "--onlyvisible", "--name", title).split()
        return found[0] if found else None

    def box(self, window: Window) -> Box:
        """Where a window is, without its frame."""
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

    def take_hold(self, box: Box) -> None:
        """Press the mouse button in the middle of a place, and begin to move."""
        x, y = _middle(box)
        self._tool("xdotool", "mousemove", str(x), str(y), "mousedown", "1")
        self._move((x, y), (x - 40, y + 10))

    def drag(self, start: Box, end: Box) -> None:
        """Move on to the middle of another place; the button stays down."""
        x, y = _middle(start)
        self._move((x - 40, y + 10), _middle(end))

    def let_go(self) -> None:
        """Release the mouse button."""
        self._tool("xdotool", "mouseup", "1")

    def clipboard(self) -> str:
        """The text in the clipboard; empty if there is none."""
        return self._tool("xclip", "-o", "-selection", "clipboard", "-t", "UTF8_STRING")

    def picture(self, box: Box | None = None) -> Image.Image:
        """What is on the screen, or a part of it."""
        return ImageGrab.grab(box, xdisplay=self.display).convert("RGB")

    def is_still(self, window: Window) -> bool:
        """Whether nothing moves in a window for a while, as a sign of work would."""
        before = self.picture(self.box(window)).tobytes()
        time.sleep(_STILL)
        return self.picture(self.box(window)).tobytes() == before

    def _move(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        for step in range(1, _ACROSS + 1):
            x, y = (a + (b - a) * step // _ACROSS for a, b in zip(start, end, strict=True))
            self._tool("xdotool", "mousemove", str(x), str(y))
            time.sleep(0.02)  # The speed of a hand; there is nothing to wait for.

    def _tool(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.environment, capture_output=True, check=False, timeout=_PATIENCE
        )
        return done.stdout.decode()

    def _start_server(self) -> None:
        reading, writing = os.pipe()
        size = f"{WIDTH}x{HEIGHT}x24"
        # -ac: the program may belong to another user. -displayfd: a number that is free.
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-ac", "-noreset",
                   "-nolisten", "tcp"]  # fmt: skip
        self._begin(command, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Failed("Xvfb did not start.")
        self.display = f":{number}"

    def _start_window_manager(self) -> None:
        self._begin(["openbox", "--sm-disable"])
        until("no window manager", self._is_managed, _PATIENCE)

    def _is_managed(self) -> bool:
        return "window id" in self._tool("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")

    def _begin(self, command: list[str], pass_fds: tuple[int, ...] = ()) -> None:
        null = subprocess.DEVNULL
        self._children.append(
            subprocess.Popen(
                command, env=self.environment, pass_fds=pass_fds, stdin=null, stdout=null,
                stderr=null,
            )
        )  # fmt: skip


def _middle(box: Box) -> tuple[int, int]:
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
