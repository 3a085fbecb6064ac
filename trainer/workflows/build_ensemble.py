"""Makes one network of those of several runs, an ensemble; for `cifar-trainer combine`."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.config.train_config import DeviceName
from trainer.data.loading import load_dataset
from trainer.devices.discovery import find_device
from trainer.devices.memory import out_of_memory_as_device_error
from trainer.errors import CheckpointError, ConfigError, TrainerError
from trainer.evaluation.calibration import calibrate, held_out_split
from trainer.evaluation.evaluate import evaluate_test_split
from trainer.evaluation.report import Report
from trainer.models.ensemble import Ensemble
from trainer.models.model_file import ModelCard, load_model, save_model
from trainer.progress import OnProgress, ProgressReporter
from trainer.runs.run_folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Combine:
    """Which runs, and where to write what comes of them.

    Training, validation and test images are those of the runs: all of them must have put the same
    ones aside, by which the ensemble is calibrated.

    Attributes:
        runs: Folders of finished runs.
        out: The model file to write.
        data: The runs' data, if they are no longer where they were.
        device: Where to compute.
        command: The command line, for the model file.
    """

    runs: tuple[Path, ...]
    out: Path
    data: str | None
    device: DeviceName
    command: str

    def write(self, token: CancelToken, on_progress: OnProgress) -> Report:
        """Write the ensemble, calibrated by the images that all runs put aside, and judge it.

        Returns:
            What it answers to the test images.

        Raises:
            Cancelled: If `token` stopped it.
            CheckpointError: If there is no run, or it is not finished.
            ConfigError: If fewer than two runs are named, or one twice, or their own file is to be
                written.
            DataError: If the data are gone, or no longer those of the runs.
            DeviceError: If the device's memory is not enough.
            ModelFileError: If a model file is damaged.
            StorageError: If the file cannot be written.
            TrainerError: If the networks are of different kinds or learned from different images.
        """
        folders = self._folders()
        device = find_device(self.device)
        members, cards = zip(*(load_model(folder.model) for folder in folders), strict=True)
        _require_alike(cards)
        config, place = folders[0].read()
        dataset = load_dataset(
            self.data or place,
            image_size=cards[0].input_size,
            token=token,
            on_progress=on_progress,
            may_download=False,
        )
        aside = held_out_split(dataset, config, cards[0])
        progress = ProgressReporter(on_progress, token)
        with out_of_memory_as_device_error(device):
            network = Ensemble(members).eval().to(device.torch_device)
            card = calibrate(
                network, _common(cards, self.command), aside, device=device, progress=progress
            )
            report = evaluate_test_split(network, card, dataset, device=device, progress=progress)
        card = replace(card, figures=card.figures | report.figures.headline())
        save_model(self.out, network, card)
        return report

    def _folders(self) -> list[RunFolder]:
        if len(self.runs) < 2 or len({run.resolve() for run in self.runs}) < len(self.runs):
            raise ConfigError("Name two or more different runs.")
        folders = [RunFolder(run) for run in self.runs]
        for folder in folders:
            folder.read()
            if self.out.resolve() == folder.model.resolve():
                raise ConfigError(f"“{self.out}” is the network of a run; name another file.")
            if not folder.model.exists():
                raise CheckpointError(f"The run in “{folder.path}” is not finished.")
        return folders


def _require_alike(cards: tuple[ModelCard, ...]) -> None:
    if len({(card.architecture, card.widths, card.classes, card.input_size) for card in cards}) > 1:
        raise TrainerError("Only networks of one kind and for the same classes answer together.")
    # Seed and number decide which images are put aside, and those are needed for calibration.
    if len({(card.mean, card.std) for card in cards}) > 1:
        raise TrainerError(
            "The runs learned from different images, or the data changed between them. Train them "
            "on the same data with the same --seed and --validation-images, and let other settings "
            "differ."
        )


def _common(cards: tuple[ModelCard, ...], command: str) -> ModelCard:
    return replace(
        cards[0],
        members=len(cards),
        recipe=", ".join(dict.fromkeys(card.recipe for card in cards)),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command=" && ".join([*(card.command for card in cards), command]),
        parameters=sum(card.parameters for card in cards),
        figures={"epochs": sum(card.figures.get("epochs", 0.0) for card in cards)},
    )
