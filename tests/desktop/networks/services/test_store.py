from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from cifar_desktop.common.file_names import safe_name
from cifar_desktop.networks.services.library import NetworkLibrary
from cifar_desktop.networks.services.store import NetworkStore, StoredNetwork
from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, ModelFileError, StorageError, TrainerError


@pytest.fixture
def store(tmp_path: Path) -> NetworkStore:
    return NetworkStore(tmp_path / "Zoë" / "图片")


def _another(network: Path, folder: Path, name: str = "another") -> Path:
    """A network file with other content."""
    from msgspec.structs import replace

    from trainer.models.model_file import load_model, save_model

    path = folder / f"{name}.safetensors"
    loaded, card = load_model(network)
    save_model(path, loaded, replace(card, recipe=name))
    return path


def test_without_a_folder_there_are_no_networks(store: NetworkStore) -> None:
    assert store.networks() == []
    assert not store.folder.exists()


def test_added_network_is_a_whole_copy(store: NetworkStore, tiny_network: Path) -> None:
    path = store.add(tiny_network, "my first run")

    assert path == store.folder / "my first run.safetensors"
    assert path.read_bytes() == tiny_network.read_bytes()
    [network] = store.networks()
    assert (network.path, network.name, network.reason) == (path, "my first run", "")
    assert network.card is not None
    assert network.card.figures == {"accuracy": 0.123}
    assert [each.name for each in store.folder.iterdir()] == ["my first run.safetensors"]


def test_name_is_that_of_the_file_unless_given(store: NetworkStore, tiny_network: Path) -> None:
    assert store.add(tiny_network).stem == "tiny"


def test_same_network_is_kept_once(store: NetworkStore, tiny_network: Path) -> None:
    first = store.add(tiny_network, "one")

    assert store.add(tiny_network, "two") == first
    assert len(store.networks()) == 1


def test_names_are_unique_whatever_their_capitals(
    store: NetworkStore, tiny_network: Path, tmp_path: Path
) -> None:
    store.add(tiny_network, "Run")
    second = store.add(_another(tiny_network, tmp_path, "b"), "run")
    third = store.add(_another(tiny_network, tmp_path, "c"), "RUN")

    assert (second.stem, third.stem) == ("run 2", "RUN 3")
    assert [network.name for network in store.networks()] == ["Run", "run 2", "RUN 3"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a/b\\c:d", "a b c d"),
        ("../../etc/passwd", "etc passwd"),
        ("  two\n lines ", "two lines"),
        (".hidden.", "hidden"),
        ("???", "network"),
        ("", "network"),
        ("nul", "network nul"),
        ("COM1.old", "network COM1.old"),
        ("Zoë 图片 v1.5", "Zoë 图片 v1.5"),
        ("图" * 300, "图" * 26),
    ],
)
def test_every_file_system_takes_the_name(name: str, file: str) -> None:
    assert safe_name(name) == file


@pytest.mark.parametrize("length", [0, 5, 300, -1], ids=["empty", "no head", "half head", "torn"])
def test_damaged_file_is_not_added(
    length: int, store: NetworkStore, tiny_network: Path, tmp_path: Path
) -> None:
    source = tmp_path / "broken.safetensors"
    source.write_bytes(tiny_network.read_bytes()[:length])

    with pytest.raises(ModelFileError, match=r"broken\.safetensors"):
        store.add(source)

    assert store.networks() == []


def test_damaged_network_is_listed_with_the_reason(store: NetworkStore, tiny_network: Path) -> None:
    store.add(tiny_network)
    (store.folder / "broken.safetensors").write_bytes(b"hm")
    (store.folder / "notes.txt").write_text("not a network at all")

    broken, good = store.networks()

    assert (broken.name, broken.card) == ("broken", None)
    assert "damaged" in broken.reason
    assert good.card is not None


def test_missing_file_is_reported(store: NetworkStore, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="There is no model file"):
        store.add(tmp_path / "gone.safetensors")


def test_folder_that_cannot_be_made_is_reported(tmp_path: Path, tiny_network: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match="cannot be"):
        NetworkStore(tmp_path / "file" / "networks").add(tiny_network)


def test_full_disk_leaves_nothing_behind(store: NetworkStore, tiny_network: Path) -> None:
    def full(source: Path, target: Path, token: CancelToken) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cifar_desktop.networks.services.store._copy", full)
        with pytest.raises(StorageError, match="Is the disk full"):
            store.add(tiny_network)

    assert list(store.folder.iterdir()) == []


def test_copying_can_be_stopped(store: NetworkStore, tiny_network: Path) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        store.add(tiny_network, token=token)

    assert store.networks() == []


def test_network_is_removed_once_and_for_all(store: NetworkStore, tiny_network: Path) -> None:
    path = store.add(tiny_network)

    store.remove(path)
    store.remove(path)

    assert store.networks() == []


def test_only_own_networks_are_removed(store: NetworkStore, tiny_network: Path) -> None:
    with pytest.raises(StorageError, match="not one of your networks"):
        store.remove(tiny_network)

    assert tiny_network.exists()


@pytest.fixture
def library(store: NetworkStore, tiny_network: Path, qapp: object) -> Iterator[NetworkLibrary]:
    running = NetworkLibrary(store, tiny_network)
    yield running
    running.shutdown()


def _heard(signal: Any) -> list[tuple[Any, ...]]:
    heard: list[tuple[Any, ...]] = []
    signal.connect(lambda *values: heard.append(values))
    return heard


def test_library_lists_after_every_change(
    library: NetworkLibrary, tiny_network: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    added, removed, listed = (
        _heard(signal) for signal in (library.added, library.removed, library.listed)
    )
    request = library.add(_another(tiny_network, tmp_path))
    qtbot.waitUntil(lambda: len(listed) == 1)
    [(number, path)] = added
    library.remove(path)
    qtbot.waitUntil(lambda: len(listed) == 2)

    assert number == request
    assert removed == [(path,)]
    assert isinstance(listed[0][0], StoredNetwork)
    assert listed[0][0].path == tiny_network
    assert [[one.name for one in own] for _, own in listed] == [["another"], []]


def test_library_ends_every_request(
    library: NetworkLibrary, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = _heard(library.failed)
    first = library.add(tmp_path / "gone.safetensors")
    qtbot.waitUntil(lambda: len(failed) == 1)
    monkeypatch.setattr(NetworkStore, "add", lambda *_: 1 / 0)
    second = library.add(tmp_path / "gone.safetensors")
    qtbot.waitUntil(lambda: len(failed) == 2)

    assert [number for number, _ in failed] == [first, second]
    assert all(isinstance(error, TrainerError) for _, error in failed)
    assert "ZeroDivisionError" in failed[1][1].details
