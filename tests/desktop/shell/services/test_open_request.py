import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cifar_desktop.shell.services import single_instance_paths
from cifar_desktop.shell.services.open_request import (
    LIMIT,
    PROTOCOL,
    OpenRequest,
    decode,
    encode,
    request_from,
)
from cifar_desktop.shell.services.single_instance_paths import instance_paths


def open_request(pictures: tuple[str, ...] = ()) -> OpenRequest:
    return OpenRequest(
        protocol=PROTOCOL, pictures=pictures, files=len(pictures), model="", token="", expires=2.0
    )


def test_names_are_understood_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "shell-1")
    there = f"{tmp_path}/there.png"
    given = ["a b.png", "../x.png", there, f"file://{there}", "https://e.org/c.png", "data:,x"]

    request = request_from(given, Path("m.safetensors"), 1.5)

    assert request == OpenRequest(
        protocol=PROTOCOL,
        pictures=(
            f"{tmp_path}/a b.png",
            f"{tmp_path.parent}/x.png",
            there,
            there,
            "https://e.org/c.png",
            "data:,x",
        ),
        files=6,
        model=f"{tmp_path}/m.safetensors",
        token="shell-1",
        expires=1.5,
    )


def test_a_request_survives_encoding() -> None:
    request = open_request(("/Zo\u00eb/\u56fe.png", "/\udcff.png"))

    assert decode(encode(request)) == request


def test_a_request_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        encode(open_request(("x" * LIMIT,)))


@pytest.mark.parametrize(
    "change",
    [
        {"protocol": PROTOCOL + 1},
        {"pictures": "cat.png"},
        {"pictures": [1]},
        {"model": None},
        {"expires": "soon"},
        {"more": 1},
    ],
)
def test_invalid_requests_are_refused(change: dict[str, object]) -> None:
    values = json.loads(encode(open_request())) | change

    with pytest.raises(ValueError, match=r"protocol 3|Expected `(array|str|float)`|unknown field"):
        decode(json.dumps(values).encode())


@pytest.mark.parametrize("name", ["protocol", "pictures", "files", "model", "token", "expires"])
def test_every_field_is_required(name: str) -> None:
    values = json.loads(encode(open_request()))
    del values[name]

    with pytest.raises(ValueError, match=f"missing required field `{name}`"):
        decode(json.dumps(values).encode())


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a session; its path is short, as that of a socket must be."""
    with TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def test_place_is_of_settings_and_session(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, cache = tmp_path / "settings.ini", tmp_path / "cache"
    place = instance_paths(settings, cache)
    assert place is not None
    assert place.lock.parent == runtime

    assert instance_paths(settings, cache) == place
    assert instance_paths(tmp_path / "other.ini", cache) != place
    monkeypatch.setenv("DISPLAY", ":4711")
    assert instance_paths(settings, cache) != place


def test_place_is_where_nobody_else_may_write(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance_paths, "_NAME_BYTES", 1000)
    cache = tmp_path / "new" / "cache"
    runtime.chmod(0o777)

    place = instance_paths(tmp_path / "settings.ini", cache)

    assert place is not None
    assert place.lock.parent == cache


def test_folder_with_too_long_a_name_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 20)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    place = instance_paths(tmp_path / "settings.ini", long)

    assert place is None or place.lock.parent.name.startswith("cifar-desktop-")


def test_no_place_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(file))
    monkeypatch.setattr("tempfile.tempdir", str(file))

    assert instance_paths(tmp_path / "settings.ini", file) is None
