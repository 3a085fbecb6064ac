"""The rendered icons."""

from pathlib import Path

from PIL import Image

from tests.packaging.support import script

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def test_icons_have_their_sizes_and_are_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        done = script("icons", tmp_path / name)
        assert (done.returncode, done.stderr) == (0, "")
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in files(tmp_path / name)}
        for name in ("a", "b")
    )
    assert first == second
    for size in SIZES:
        path = tmp_path / f"a/hicolor/{size}x{size}/apps/cifar-desktop.png"
        with Image.open(path) as image:
            assert (image.size, image.mode) == ((size, size), "RGBA")
            assert image.getpixel((size // 2, 1)) == (47, 95, 208, 255) or size > 24
    with Image.open(tmp_path / "a/icon.ico") as image:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= image.info["sizes"]
    with Image.open(tmp_path / "a/icon.icns") as image:
        assert (512, 512, 2) in image.info["sizes"]


def test_small_icons_are_sharp(tmp_path: Path) -> None:
    script("icons", tmp_path)
    for size in (16, 22, 24):
        path = tmp_path / f"hicolor/{size}x{size}/apps/cifar-desktop.png"
        with Image.open(path) as image:
            inside = image.crop((2, 2, size - 2, size - 2)).convert("RGB")
            data = inside.tobytes()
        pixels = {data[start : start + 3] for start in range(0, len(data), 3)}
        # No shades between the white of the tick and the blue background.
        assert {pixel for pixel in pixels if pixel[0] > 140} == {b"\xff\xff\xff"}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
