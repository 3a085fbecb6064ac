"""Builds an ensemble of the networks of several runs; for `cifar-trainer combine`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from trainer.cancellation import CancelToken
from trainer.config.train_config import DeviceName
from trainer.data.several.loading import load_datasets
from trainer.data.training_images import held_out_none
from trainer.devices.discovery import find_device
from trainer.devices.memory import out_of_memory_as_device_error
from trainer.errors import CheckpointError, ConfigError, TrainerError
from trainer.evaluation.calibration import calibrate, held_out_split
from trainer.evaluation.evaluate import evaluate_test_split
from trainer.evaluation.report import Report
from trainer.files.dataset_place import run_datasets
from trainer.models.ensemble import Ensemble
from trainer.models.model_file import ModelCard, load_model, save_model
from trainer.progress import OnProgress, ProgressReporter
from trainer.runs.run_folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsembleRequest:
    """The runs to combine into an ensemble.

    All runs must have held out the same validation images, on which the ensemble is calibrated.

    Attributes:
        runs: Folders of finished runs.
        out: Model file to write.
        data: Datasets of the runs in their order; None if none has moved.
        device: Device to compute on.
        command: Command line, recorded in the model file.
    """

    runs: tuple[Path, ...]
    out: Path
    data: tuple[str, ...] | None
    device: DeviceName
    command: str

    def run(self, token: CancelToken, on_progress: OnProgress) -> Report:
        """Calibrate, evaluate and save the ensemble.

        Returns:
            Its report on the test images.

        Raises:
            Cancelled: If the user stopped it.
            CheckpointError: If there is no run, or it is not finished.
            ConfigError: If there are fewer than two runs, one is given twice, or `out` is the
                network of a run.
            DataError: If the dataset is missing or has changed.
            DeviceError: If the device runs out of memory.
            ModelFileError: If a model file is damaged.
            StorageError: If the model file cannot be written.
            TrainerError: If the networks have different architectures, classes or training images.
        """
        folders = self._folders()
        device = find_device(self.device)
        members, cards = zip(*(load_model(folder.model) for folder in folders), strict=True)
        _require_compatible(cards)
        config, data = folders[0].read()
        dataset = load_datasets(
            run_datasets(data, self.data),
            image_size=cards[0].input_size,
            token=token,
            on_progress=on_progress,
            may_download=False,
        )
        held_out = held_out_split(dataset, config, cards[0])
        progress = ProgressReporter(on_progress, token)
        with out_of_memory_as_device_error(device):
            network = Ensemble(members).eval().to(device.torch_device)
            card = calibrate(
                network,
                _ensemble_card(cards, self.command),
                held_out,
                held_out_none(dataset, config),
                device=device,
                progress=progress,
            )
            report = evaluate_test_split(network, card, dataset, device=device, progress=progress)
        card = replace(card, figures=card.figures | report.figures.headline())
        save_model(self.out, network, card)
        return report

    def _folders(self) -> list[RunFolder]:
        if len(self.runs) < 2 or len({run.resolve() for run in self.runs}) < len(self.runs):
            raise ConfigError("An ensemble needs at least two different runs.")
        folders = [RunFolder(run) for run in self.runs]
        for folder in folders:
            folder.read()
            if self.out.resolve() == folder.model.resolve():
                raise ConfigError(f"“{self.out}” is the network of a run. Choose another file.")
            if not folder.model.exists():
                raise CheckpointError(f"The run in “{folder.path}” is not finished.")
        return folders


def _require_compatible(cards: tuple[ModelCard, ...]) -> None:
    if len({(card.architecture, card.widths, card.classes, card.input_size) for card in cards}) > 1:
        raise TrainerError("An ensemble needs networks with the same architecture and classes.")
    # Calibration needs the held-out images, which the seed and their number determine.
    if len({(card.mean, card.std) for card in cards}) > 1:
        raise TrainerError(
            "The runs were trained on different images. Train them on the same dataset with the "
            "same --seed and --validation-images; other settings may differ."
        )


def _ensemble_card(cards: tuple[ModelCard, ...], command: str) -> ModelCard:
    return replace(
        cards[0],
        members=len(cards),
        recipe=", ".join(dict.fromkeys(card.recipe for card in cards)),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command=" && ".join([*(card.command for card in cards), command]),
        parameters=sum(card.parameters for card in cards),
        figures={"epochs": sum(card.figures.get("epochs", 0.0) for card in cards)},
    )
