"""Modules that are executed when they are first used."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cifar_desktop.networks.services.deferred_modules import deferred, execute


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Name of a package that writes a file when it is executed."""
    folder = tmp_path / "put_off"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from pathlib import Path\nVALUE = 7\nPath(__file__).with_name('executed').touch()\n"
    )
    (folder / "below.py").write_text("from put_off import VALUE\n")
    (folder / "broken.py").write_text("raise OSError('broken')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "put_off"
    for name in ("put_off", "put_off.below", "put_off.broken"):
        sys.modules.pop(name, None)


def was_executed(tmp_path: Path) -> bool:
    return (tmp_path / "put_off" / "executed").exists()


def test_it_is_executed_when_an_attribute_is_needed(package: str, tmp_path: Path) -> None:
    before = list(sys.meta_path)
    with deferred(package):
        module = importlib.import_module(package)
        assert importlib.import_module(package) is module
    assert sys.meta_path == before
    assert not was_executed(tmp_path)
    assert module.VALUE == 7
    assert was_executed(tmp_path)
    assert type(module) is type(sys)


def test_what_lies_below_it_can_use_it(package: str, tmp_path: Path) -> None:
    with deferred(package):
        below = importlib.import_module(f"{package}.below")
    assert below.VALUE == 7
    assert was_executed(tmp_path)


def test_it_can_be_executed_for_what_it_does_besides(package: str, tmp_path: Path) -> None:
    with deferred(package):
        importlib.import_module(package)
    execute(package, "no_such_module")
    assert was_executed(tmp_path)


def test_an_error_reaches_whoever_uses_it(package: str) -> None:
    with deferred(f"{package}.broken"):
        broken = importlib.import_module(f"{package}.broken")
    with pytest.raises(OSError, match="broken"):
        _ = broken.anything


def test_missing_modules_are_missing_as_always() -> None:
    with deferred("no_such_module"), pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module")


_CHILD = """
import json, sys
from pathlib import Path
from PIL import Image
from cifar_desktop.networks.services.model_service import ModelService
from cifar_desktop.training.services.augmentation_preview import _augment, _Preview
from trainer.config.augmentation import Augmentation
from trainer.files.resources import bundled_model

service = ModelService()
service.load(bundled_model())
found = service.predict(Image.linear_gradient("L").convert("RGB"), None).prediction
names = ("torch._meta_registrations", "torch.export")
unused = [type(sys.modules[name]).__name__ for name in names]
import torch
print(json.dumps({
    "probabilities": [each.probability for each in found.classes],
    "unused": unused,
    "augmented": len(_augment(_Preview(
        samples=bytes(3 * 32 * 32), count=1, side=32, augmentation=Augmentation(), seed=1, epochs=2,
    )).augmented),
    "later": torch.export.Dim.__name__,
    "meta": list(torch.empty(3, device="meta").sin().shape),
}))
"""


def test_predictions_need_less_of_torch_and_are_the_same() -> None:
    from PIL import Image

    from trainer.files.resources import bundled_model
    from trainer.inference.predictor import Predictor

    command = [sys.executable, "-c", _CHILD]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (result.returncode, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["unused"] == ["_Deferred", "_Deferred"]
    assert found["later"] == "Dim"
    assert found["meta"] == [3]
    assert found["augmented"] == 2 * 3 * 32 * 32
    expected = Predictor.load(bundled_model()).predict(Image.linear_gradient("L").convert("RGB"))
    probabilities = [each.probability for each in expected.classes]
    assert found["probabilities"] == pytest.approx(probabilities, abs=1e-4)
