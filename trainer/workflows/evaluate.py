"""Evaluates a model file or the network of a run, finished or not; for `cifar-trainer evaluate`.

The run is only read, so it may still be training.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from trainer.cancellation import CancelToken
from trainer.config.train_config import DeviceName
from trainer.data.class_names import listed
from trainer.data.dataset import Dataset, NoneImages, joined
from trainer.data.folders.notes import TEST_DRAWN
from trainer.data.inspection.summary import note_text
from trainer.data.several.drawn import has_drawn_test
from trainer.data.several.loading import load_datasets
from trainer.data.split import validation_names
from trainer.devices.discovery import find_device
from trainer.devices.memory import out_of_memory_as_device_error
from trainer.errors import DataError, ReportError, StorageError, TrainerError
from trainer.evaluation.class_matching import MatchedSplit, match_split
from trainer.evaluation.evaluate import EvaluationImages, count_unknown, evaluate_images
from trainer.evaluation.report import Report, load_report, save_report
from trainer.files.dataset_place import CIFAR10, absolute_place, run_datasets
from trainer.files.resources import model_path
from trainer.models.model_file import ModelCard, load_model, read_card
from trainer.planning.mode_trial import fastest_for_inference
from trainer.progress import OnProgress, ProgressReporter
from trainer.runs.run_folder import RunFolder
from trainer.training.snapshot import Snapshot, load_snapshot

DEVICE_TOLERANCE = 0.002
"""Largest difference in accuracy of one network on the same images between devices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateRequest:
    """What to evaluate, and on which data.

    Attributes:
        name: Model file, `default`, or folder of a run.
        data: Datasets, evaluated as one; None for CIFAR-10, or for the datasets of a run. The
            report on any others is not saved in the folder of the run.
        out: Report file to write; None for none.
        device: Device to compute on.
        command: Command line.
        six_views: Whether to compute the accuracy with six views as well.
    """

    name: str
    data: tuple[str, ...] | None
    out: Path | None
    device: DeviceName
    command: str
    six_views: bool = False

    def run(self, token: CancelToken, on_progress: OnProgress) -> Report:
        """Evaluate a network, or return the report saved at the end of its run.

        Model files and finished runs are evaluated on the test images. An unfinished run is
        evaluated on its validation images, which its calibration and the choice of its best epoch
        have used.

        Raises:
            Cancelled: If the user stopped it.
            CheckpointError: If there is no run, or it has no checkpoint yet.
            DataError: If the dataset cannot be used.
            DeviceError: If the device runs out of memory.
            ModelFileError: If the model file is missing, damaged or not a model file.
            StorageError: If the report cannot be written.
            TrainerError: If the dataset has none of the network's classes.
        """
        report = self._report(token, on_progress)
        if self.out is not None:
            save_report(self.out, report)
        return report

    def _report(self, token: CancelToken, on_progress: OnProgress) -> Report:
        source = model_path(self.name)
        if not source.is_dir():
            return self._evaluate_model(source, self.data or (CIFAR10,), token, on_progress)
        folder = RunFolder(source)
        if folder.model.exists():
            return self._finished_run(folder, token, on_progress)
        return self._unfinished_run(folder, token, on_progress)

    def _finished_run(
        self, folder: RunFolder, token: CancelToken, on_progress: OnProgress
    ) -> Report:
        own = folder.read()[1]
        kept = _saved_report(folder)
        lacks_views = self.six_views and (kept is None or kept.figures.accuracy_tta is None)
        if kept is not None and not lacks_views and _same_places(self.data or own, own):
            return kept
        data = self.data or run_datasets(own, None)
        report = self._evaluate_model(folder.model, data, token, on_progress)
        if kept is None and _matches_test_result(report, read_card(folder.model)):
            # Only saves time the next time; the folder may be read-only.
            with suppress(StorageError):
                save_report(folder.report, report)
        return report

    def _evaluate_model(
        self, path: Path, data: Sequence[str], token: CancelToken, on_progress: OnProgress
    ) -> Report:
        network, card = load_model(path)
        found = find_device(self.device)
        device = fastest_for_inference(network, found, image_size=card.input_size)
        dataset = load_datasets(
            data,
            image_size=card.input_size,
            token=token,
            on_progress=on_progress,
            for_training=False,
        )
        dataset = _to_evaluate(dataset, card)
        matched = _matched(dataset, card.classes)
        progress = ProgressReporter(on_progress, token)
        if not len(matched.known):
            with out_of_memory_as_device_error(device):
                others = _others(dataset, matched)
                count = count_unknown(network, card, others, device=device, progress=progress)
            raise _all_unknown(dataset, card, count, len(others))
        images = EvaluationImages(
            split=matched.known,
            kind="test",
            data=dataset.name,
            files=_chosen(dataset.test_files, matched.chosen),
            unknown=_others(dataset, matched),
            notes=(*matched.notes, *map(note_text, dataset.notes), *_trained_on(dataset, card)),
        )
        with out_of_memory_as_device_error(device):
            return evaluate_images(
                network,
                card,
                images,
                device=device,
                progress=progress,
                six_views=self.six_views,
            )

    def _unfinished_run(
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
            progress = ProgressReporter(on_progress, token)
            return _evaluate_snapshot(snapshot, progress, six_views=self.six_views)


def _same_places(one: Sequence[str], other: Sequence[str]) -> bool:
    return [*map(absolute_place, one)] == [*map(absolute_place, other)]


def _saved_report(folder: RunFolder) -> Report | None:
    """The report saved at the end of a run; None if there is none, or only of another version."""
    try:
        report = load_report(folder.report)
    except ReportError:
        return None
    # A report made during training does not cover the final network.
    return report if report.split == "test" else None


def _matches_test_result(report: Report, card: ModelCard) -> bool:
    """Whether a report is on the same test images as the result at the end of the run."""
    recorded = card.figures.get("images"), card.figures.get("accuracy", -1.0)
    same_accuracy = abs(report.figures.accuracy - recorded[1]) <= DEVICE_TOLERANCE
    return report.figures.images == recorded[0] and same_accuracy


def _evaluate_snapshot(
    snapshot: Snapshot, progress: ProgressReporter, *, six_views: bool
) -> Report:
    run = snapshot.run
    images = EvaluationImages(
        split=run.validation,
        kind="validation",
        data=run.dataset.name,
        files=validation_names(run.dataset, run.config),
        unknown=run.none,
    )
    return evaluate_images(
        snapshot.network,
        snapshot.card,
        images,
        device=run.device,
        progress=progress,
        six_views=six_views,
    )


def _to_evaluate(dataset: Dataset, card: ModelCard) -> Dataset:
    """The dataset; with all images as test images if none were set apart, and none trained on."""
    own_data = card.data != CIFAR10 and not _is_foreign(dataset, card)
    known = dataset.name in _sources(card) or own_data
    if not dataset.classes and dataset.none is not None:
        return replace(dataset, none=_all_to_test(dataset.none))
    if not has_drawn_test(dataset) or (known and not _is_untrainable(dataset)):
        return dataset
    images = joined([dataset.train, dataset.test])
    none = None if dataset.none is None else _all_to_test(dataset.none)
    notes = tuple(note for note in dataset.notes if not note.text.endswith(TEST_DRAWN))
    files = dataset.train_files + dataset.test_files
    return replace(dataset, test=images, test_files=files, notes=notes, none=none)


def _all_to_test(none: NoneImages) -> NoneImages:
    return replace(none, test=torch.cat([none.train, none.test]), test_files=())


def _sources(card: ModelCard) -> list[str]:
    return [card.data, *(source.name for source in card.sources)]


def _trained_on(dataset: Dataset, card: ModelCard) -> list[str]:
    """A warning if the network may have been trained on test images that were drawn here."""
    # With the classes of another dataset, a run trains on all of them.
    drawn = has_drawn_test(dataset) or not dataset.classes
    if not drawn or dataset.name not in _sources(card)[2:]:
        return []
    return [f"The network was trained on these images of {dataset.name}: expect less on new ones."]


def _others(dataset: Dataset, matched: MatchedSplit) -> Tensor:
    """Images of other things than the network's classes, uint8 of shape [M, 3, S, S]."""
    none = [] if dataset.none is None else [dataset.none.test]
    return torch.cat([matched.unknown, *none])


def _is_foreign(dataset: Dataset, card: ModelCard) -> bool:
    """Whether the network knows no class of it, so that it cannot have been trained on it."""
    return not len(match_split(dataset.train, dataset.classes, card.classes).known)


def _is_untrainable(dataset: Dataset) -> bool:
    """Whether no network can have been trained on it."""
    classes = len(dataset.classes)
    train, test = (
        split.labels.bincount(minlength=classes) for split in (dataset.train, dataset.test)
    )
    # Classes of which there are only validation images are left out in training.
    used = train + test > 0
    return int(used.sum()) < 2 or not bool((train[used] * test[used]).all())


def _matched(dataset: Dataset, network: tuple[str, ...]) -> MatchedSplit:
    if not len(dataset.test) and not dataset.none_counts[2]:
        raise DataError(f"{dataset.name} contains no test images.")
    return match_split(dataset.test, dataset.classes, network)


def _all_unknown(dataset: Dataset, card: ModelCard, count: int, images: int) -> TrainerError:
    """The error for a dataset without any class of the network, with what can be said all the same.

    Args:
        dataset: The dataset.
        card: The card of the network.
        count: How many of the images the network says are none of its classes.
        images: The number of images, with those of other things.
    """
    present = sorted({*dataset.test.labels.tolist()})
    found = tuple(dataset.classes[label] for label in present)
    why, advice = f"{dataset.name} contains only pictures of other things", ""
    if found:
        why = f"The classes of the network ({listed(card.classes)}) are not those of the dataset "
        why, advice = f"{why}({listed(found)})", "If a folder shows one of them, rename it."
    counted = f"Of the {images:,} images, it calls {count:,} none of its classes."
    texts = (f"{why}, so the accuracy of the network cannot be measured.", counted, advice)
    return TrainerError(" ".join(filter(None, (*texts, *_trained_on(dataset, card)))))


def _chosen(files: tuple[str, ...], chosen: Tensor) -> tuple[str, ...]:
    return tuple(files[index] for index in chosen.nonzero().squeeze(1).tolist()) if files else ()
