"""What can go wrong, as one tree of exceptions; raised everywhere, shown by the window and the CLI.

    TrainerError              anything a person can be told about
    ├── ConfigError           a setting that makes no sense (wrong usage)
    ├── ImageError            a picture that cannot be read
    ├── FetchError            an address that cannot be fetched
    ├── DataError             a dataset that cannot be used
    ├── ModelFileError        a model file that is damaged or not ours
    ├── CheckpointError       a run that cannot be resumed
    ├── ReportError           a report of an evaluation that cannot be read
    ├── DeviceError           a device that is not there or does not work
    ├── StorageError          a file or folder that cannot be written
    ├── TrainingDiverged      the loss is no longer a number
    └── Cancelled             the person stopped it

Standard library only, so that the window can name these without loading torch.
"""


class TrainerError(Exception):
    """An error whose text is for a person.

    Args:
        message: One or two sentences: what happened and what to do about it.
        details: Technical text for a log or a bug report, such as the exception behind it.
    """

    def __init__(self, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class ConfigError(TrainerError):
    """A setting has a value that makes no sense."""


class ImageError(TrainerError):
    """A picture cannot be read."""


class FetchError(TrainerError):
    """An address cannot be fetched."""


class DataError(TrainerError):
    """A dataset cannot be used."""


class ModelFileError(TrainerError):
    """A model file is damaged, or is none of this program's."""


class CheckpointError(TrainerError):
    """A run cannot be resumed from what its folder holds."""


class ReportError(TrainerError):
    """A report of an evaluation cannot be read."""


class DeviceError(TrainerError):
    """A device is not there or does not work."""


class StorageError(TrainerError):
    """A file or folder cannot be written."""


class TrainingDiverged(TrainerError):
    """The loss is no longer a number."""


class Cancelled(TrainerError):
    """The person stopped the work."""

    def __init__(self, message: str = "Stopped.", *, details: str = "") -> None:
        super().__init__(message, details=details)
