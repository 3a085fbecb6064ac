"""The dataset `cifar10`, from a web server on this computer."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from tests.server import Served, Server
from tests.trainer.data.dataset_files import BATCHES, RECORDS, binary_batch
from trainer.cancellation import CancelToken
from trainer.data.archive import CIFAR10_ARCHIVE, Archive, NotDownloadedError
from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.errors import Cancelled, DataError, FetchError

PATH = "/cifar-10-binary.tar.gz"


def pack(names: tuple[str, ...] = BATCHES) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in ("readme.html", "../../outside", *(f"{name}.bin" for name in names)):
            stem = name.removesuffix(".bin")
            content = binary_batch(BATCHES.index(stem)) if stem in BATCHES else b"hello"
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def put_up(server: Server, content: bytes) -> Archive:
    url = server.serve(PATH, Served(body=content))
    return Archive(url=url, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def load(archive: Archive, folder: Path, size: int = 32) -> Dataset:
    return load_dataset("cifar10", cache_dir=folder / "cache", archive=archive, image_size=size)


def test_the_official_archive_is_the_default() -> None:
    assert CIFAR10_ARCHIVE.file_name == "cifar-10-binary.tar.gz"
    assert (CIFAR10_ARCHIVE.size, len(CIFAR10_ARCHIVE.sha256)) == (170_052_171, 64)


def test_the_archive_is_downloaded_once_and_read_in_place(server: Server, tmp_path: Path) -> None:
    archive = put_up(server, pack())
    dataset = load(archive, tmp_path)
    assert (dataset.name, dataset.classes) == ("cifar10", CIFAR10_CLASSES)
    assert (len(dataset.train), len(dataset.test)) == (5 * RECORDS, RECORDS)
    assert load(archive, tmp_path).train.images.equal(dataset.train.images)
    assert load(archive, tmp_path, size=16).train.images.shape[-1] == 16
    assert len(server.requests) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert not list(tmp_path.rglob("*.bin"))


def test_nothing_is_downloaded_without_permission(server: Server, tmp_path: Path) -> None:
    archive, cache = put_up(server, pack()), tmp_path / "cache"

    def load_offline(size: int = 32) -> Dataset:
        return load_dataset(
            "cifar10", cache_dir=cache, archive=archive, may_download=False, image_size=size
        )

    with pytest.raises(NotDownloadedError, match="Download it first") as caught:
        load_offline()
    assert caught.value.size == archive.size
    assert not server.requests
    dataset = load(archive, tmp_path)
    assert load_offline().train.images.equal(dataset.train.images)
    assert load_offline(size=16).train.images.shape[-1] == 16
    assert len(server.requests) == 1


def test_a_stopped_download_is_resumed(server: Server, tmp_path: Path) -> None:
    archive, token = put_up(server, pack()), CancelToken()
    with pytest.raises(Cancelled):
        load_dataset(
            "cifar10",
            cache_dir=tmp_path / "cache",
            archive=archive,
            token=token,
            on_progress=lambda *_: token.cancel(),
        )
    assert len(load(archive, tmp_path).train) == 5 * RECORDS
    assert [("Range" in request.headers) for request in server.requests] == [False, True]


def test_an_archive_with_another_checksum_is_refused(server: Server, tmp_path: Path) -> None:
    content = pack()
    archive = put_up(server, content)
    server.files[PATH].body = content[:-1] + b"x"
    with pytest.raises(DataError):
        load(archive, tmp_path)
    assert not list((tmp_path / "cache").iterdir())


def test_a_damaged_archive_in_the_cache_is_downloaded_again(server: Server, tmp_path: Path) -> None:
    content = pack()
    archive = put_up(server, content)
    for damaged in (content[:-1] + b"x", content[:-1]):
        (tmp_path / "cache").mkdir(exist_ok=True)
        (tmp_path / "cache" / archive.file_name).write_bytes(damaged)
        assert len(load(archive, tmp_path).train) == 5 * RECORDS
        for cached in (tmp_path / "cache").glob("*.safetensors"):
            cached.unlink()
    assert len(server.requests) == 2


def test_an_unreachable_server_is_a_clear_error(server: Server, tmp_path: Path) -> None:
    archive = Archive(url=server.url("/status/404"), size=10, sha256="0" * 64)
    with pytest.raises(FetchError):
        load(archive, tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pack(BATCHES[:-1]), r"does not contain test_batch\.bin"),
        (b"no archive", "could not be unpacked"),
    ],
)
def test_an_archive_of_something_else_is_refused(
    server: Server, tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        load(put_up(server, content), tmp_path)


@pytest.mark.parametrize("step", ["Downloading CIFAR-10", "Unpacking CIFAR-10", "Reading images"])
def test_every_step_can_be_stopped(server: Server, tmp_path: Path, step: str) -> None:
    token = CancelToken()

    def stop(what: str, _done: int, _total: int | None) -> None:
        if what == step:
            token.cancel()

    with pytest.raises(Cancelled):
        load_dataset(
            "cifar10",
            cache_dir=tmp_path / "cache",
            archive=put_up(server, pack()),
            token=token,
            on_progress=stop,
        )
    assert not list((tmp_path / "cache").glob("*.safetensors"))
