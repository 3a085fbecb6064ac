"""Judges a model file, or the network of a run, finished or not; for `cifar-trainer evaluate`.

The run is only read, so it may be going on meanwhile.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.config.train_config import DeviceName
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.data.split import validation_indices
from trainer.devices.device import Device
from trainer.devices.discovery import find_device
from trainer.devices.memory import out_of_memory_as_device_error
from trainer.errors import ReportError, StorageError, TrainerError
from trainer.evaluation.evaluate import evaluate_split, evaluate_test_split
from trainer.evaluation.report import Report, load_report, save_report
from trainer.files.resources import model_path
from trainer.models.model_file import ModelCard, load_model, read_card
from trainer.progress import OnProgress, ProgressReporter
from trainer.runs.run_folder import RunFolder
from trainer.training.run import TrainingRun
from trainer.training.snapshot import Snapshot, load_snapshot

CIFAR10 = "cifar10"
DEVICES_DIFFER = 0.002
"""Accuracies of one network on the same images lie so close together, whatever computed them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateRequest:
    """What to judge, and by what.

    Attributes:
        name: A model file, the word `default`, or the folder of a run.
        data: The dataset, if it is not CIFAR-10 or, of a run, its own. A finished run is judged by
            others without that being kept.
        out: Where to write the report, if it is wanted.
        device: Where to compute.
        command: The command line.
    """

    name: str
    data: str | None
    out: Path | None
    device: DeviceName
    command: str

    def run(self, token: CancelToken, on_progress: OnProgress) -> Report:
        """Judge a network, or tell what the end of its run found.

        A model file is judged by the test images. So is a run, once, at its end; one that is not
        over is judged by its validation images, which its calibration and the choice of its best
        epoch have seen.

        Raises:
            Cancelled: If `token` stopped it.
            CheckpointError: If there is no run, or it has saved nothing yet.
            DataError: If the data cannot be used.
            DeviceError: If the device's memory is not enough.
            ModelFileError: If the model file is missing, damaged or foreign.
            StorageError: If the report cannot be written.
            TrainerError: If the data are of other classes than the network.
        """
        report = self._report(token, on_progress)
        if self.out is not None:
            save_report(self.out, report)
        return report

    def _report(self, token: CancelToken, on_progress: OnProgress) -> Report:
        source = model_path(self.name)
        if not source.is_dir():
            return self._evaluate_model(source, self.data or CIFAR10, token, on_progress)
        folder = RunFolder(source)
        if folder.model.exists():
            return self._of_finished(folder, token, on_progress)
        return self._of_unfinished(folder, token, on_progress)

    def _of_finished(
        self, folder: RunFolder, token: CancelToken, on_progress: OnProgress
    ) -> Report:
        own = folder.read()[1]
        kept = _kept(folder)
        if kept is not None and self.data in (None, own):
            return kept
        report = self._evaluate_model(folder.model, self.data or own, token, on_progress)
        if kept is None and _is_what_the_end_found(report, read_card(folder.model)):
            # It only saves time the next time; the folder may be one that others may not change.
            with suppress(StorageError):
                save_report(folder.report, report)
        return report

    def _evaluate_model(
        self, path: Path, data: str, token: CancelToken, on_progress: OnProgress
    ) -> Report:
        network, card = load_model(path)
        device = find_device(self.device)
        dataset = load_dataset(
            data, image_size=card.input_size, token=token, on_progress=on_progress
        )
        _require_same_classes(card.classes, dataset.classes)
        with out_of_memory_as_device_error(device):
            return evaluate_test_split(
                network,
                card,
                dataset,
                device=device,
                progress=ProgressReporter(on_progress, token),
            )

    def _of_unfinished(
        self, folder: RunFolder, token: CancelToken, on_progress: OnProgress
    ) -> Report:
        device = find_device(self.device)
        snapshot = load_snapshot(
            folder,
            device,
            data=self.data,
            command=self.command,
            token=token,
            on_progress=on_progress,
        )
        with out_of_memory_as_device_error(device):
            return _evaluate_snapshot(snapshot, device, ProgressReporter(on_progress, token))


def _kept(folder: RunFolder) -> Report | None:
    """What the end of a run found; None if it was not kept, or by another version."""
    try:
        report = load_report(folder.report)
    except ReportError:
        return None
    # One that was made while the run went on says nothing of what came of it.
    return report if report.split == "test" else None


def _is_what_the_end_found(report: Report, card: ModelCard) -> bool:
    """Whether these are the test images that the end of the run was judged by, and not others."""
    found = card.figures.get("images"), card.figures.get("accuracy", -1.0)
    same_accuracy = abs(report.figures.accuracy - found[1]) <= DEVICES_DIFFER
    return report.figures.images == found[0] and same_accuracy


def _evaluate_snapshot(snapshot: Snapshot, device: Device, progress: ProgressReporter) -> Report:
    run = snapshot.run
    return evaluate_split(
        snapshot.network,
        snapshot.card,
        run.validation,
        kind="validation",
        data=run.dataset.name,
        files=_validation_files(run),
        device=device,
        progress=progress,
    )


def _validation_files(run: TrainingRun) -> tuple[str, ...]:
    dataset: Dataset = run.dataset
    if not dataset.train_files:
        return ()
    chosen = validation_indices(dataset.train.labels, len(run.validation), run.config.seed)
    return tuple(dataset.train_files[index] for index in chosen.tolist())


def _require_same_classes(network: tuple[str, ...], data: tuple[str, ...]) -> None:
    if network != data:
        raise TrainerError(
            f"The network knows other classes ({_some(network)}) than the data have "
            f"({_some(data)})."
        )


def _some(names: tuple[str, ...], limit: int = 10) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
