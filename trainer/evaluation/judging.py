"""A network judged by the images of a dataset, as a report; for `evaluate` and the end of a run."""

from datetime import UTC, datetime

from trainer.data.dataset import Dataset, Split
from trainer.devices.device import Device
from trainer.evaluation.evaluate import evaluate
from trainer.evaluation.report import Report, SplitName
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import Progress


def judge_by_test_images(
    network: Network,
    card: ModelCard,
    dataset: Dataset,
    *,
    device: Device,
    progress: Progress,
) -> Report:
    """What a network answers to the test images of a dataset.

    Raises:
        Cancelled: If `progress` says so.
    """
    return judge(
        network,
        card,
        dataset.test,
        kind="test",
        data=dataset.name,
        files=dataset.test_files,
        device=device,
        progress=progress,
    )


def judge(
    network: Network,
    card: ModelCard,
    split: Split,
    *,
    kind: SplitName,
    data: str,
    files: tuple[str, ...],
    device: Device,
    progress: Progress,
) -> Report:
    """What a network answers to images.

    Args:
        network: In eval mode.
        card: Its card.
        split: The images, and what they show.
        kind: Which images of the dataset they are.
        data: Name of the dataset.
        files: What each image is called; empty where they have no names.
        device: Where to compute.
        progress: Told how many images are done; stops it.

    Raises:
        Cancelled: If `progress` says so.
    """
    judged = evaluate(network, card, split.images, split.labels, device=device, progress=progress)
    return Report(
        subject=card.recipe or card.architecture,
        data=data,
        split=kind,
        classes=card.classes,
        epochs=card.figures.get("epochs", 0.0),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        figures=judged.figures,
        images=split.images.permute(0, 2, 3, 1).numpy(),
        labels=split.labels.numpy(),
        probabilities=judged.probabilities.numpy(),
        files=files,
    )
