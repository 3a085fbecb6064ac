"""The home folder of the smoke test's user: a photo, a dataset, settings.

Used by `smoke_program` and `smoke_steps`. The program may see the home under another path than this
script, as in a chroot; paths passed to the program are as the program sees them.
"""

import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cifar_desktop.common.settings import Settings  # noqa: E402 - found by the line above
from tests import scenes  # noqa: E402
from trainer.config.train_config import TrainConfig  # noqa: E402
from trainer.runs.run_folder import RunFolder  # noqa: E402

TOP_CLASS = "ship"
CLASSES = ("red", "grün", "blue")
"""Classes of the dataset: each has a little more of one color channel, in RGB order."""

_COUNTS = {"train": 300, "test": 60}


@dataclass(frozen=True, kw_only=True)
class Home:
    """Paths in a home folder, with platformdirs' defaults.

    Attributes:
        path: The folder as this script sees it.
        seen_as: The same folder as the program sees it.
        epochs: Length of the training run: long enough to be stopped, short enough to wait for.
    """

    path: Path
    seen_as: PurePosixPath
    epochs: int = 20

    @property
    def photo(self) -> Path:
        """The photo to drop."""
        return self.path / "Pictures" / "a ship.png"

    @property
    def data(self) -> Path:
        """The dataset to train on."""
        return self.path / "Pictures" / "Bilder für das Netz"

    @property
    def log(self) -> Path:
        """The program's log file."""
        return self.path / ".local/state/cifar-desktop/log/cifar-desktop.log"

    @property
    def crash_log(self) -> Path:
        """The log of crashes in native code."""
        return self.log.with_name("crash.log")

    def runs(self) -> list[RunFolder]:
        """The runs started so far."""
        folder = self.path / ".local/share/cifar-desktop/runs"
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        return [RunFolder(path) for path in found if (path / "config.json").exists()]

    def seen(self, path: Path) -> PurePosixPath:
        """A path in this home as the program sees it."""
        return self.seen_as / path.relative_to(self.path)

    def prepare(self, user: str | None) -> None:
        """Create everything, owned by the user."""
        self.photo.parent.mkdir(parents=True, exist_ok=True)
        scenes.ship().save(self.photo)
        for split, count in _COUNTS.items():
            _draw(self.data / split, count)
        self._write_settings()
        if user is not None:
            _change_owner(self.path, user)

    def _write_settings(self) -> None:
        """Remember the settings of an earlier run, which fill in the form."""
        file = self.path / ".config/cifar-desktop/settings.ini"
        file.unlink(missing_ok=True)
        settings = Settings(file)
        settings.remember_dataset(str(self.seen(self.data)))
        settings.run_settings = _config(self.epochs).to_json()
        if not settings.writable:
            raise SystemExit(f"Cannot write “{file}”.")


def _config(epochs: int) -> TrainConfig:
    return TrainConfig(
        recipe="sprint", widths=(8, 8, 8), epochs=epochs, batch_size=32, micro_batch_size=16,
        validation_images=60, seed=1,
    )  # fmt: skip


def _draw(folder: Path, count: int) -> None:
    """Write tinted noise, in one folder per class."""
    random = np.random.default_rng(count)
    for channel, name in enumerate(CLASSES):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count // len(CLASSES)):
            pixels = random.integers(0, 160, (32, 32, 3), dtype=np.uint8)
            pixels[..., channel] += 60
            Image.fromarray(pixels).save(folder / name / f"{number:03}.png")


def _change_owner(folder: Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
