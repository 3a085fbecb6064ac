"""What a checkpoint belongs to: the settings and data of its run, as text."""

from msgspec.structs import replace

from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset


def run_identity(config: TrainConfig, dataset: Dataset) -> str:
    """Settings and data as text; a checkpoint can only be resumed with the same."""
    # Without device and precision: a run may move from one device to another.
    settings = replace(config, device="auto", precision="auto").to_json()
    train, validation = dataset.train, dataset.validation
    checksum = f"checksum {train.checksum():08x}"
    text = f"{settings}\n{len(train)} images, {checksum}, {dataset.classes}"
    if validation is not None:
        text += f"\n{len(validation)} validation images, {validation.checksum():08x}"
    return text + _sources(dataset)


def _sources(dataset: Dataset) -> str:
    """What distinguishes several datasets and pictures of other things; otherwise nothing."""
    none, sources = dataset.none, dataset.sources
    text = f"\n{none.counts} none, {none.checksum():08x}" if none is not None else ""
    if len(sources) > 1:
        counts = [(source.train_images, source.none_images) for source in sources]
        text += f"\nsources {counts}"
    return text
