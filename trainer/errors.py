"""All exceptions of the trainer, shown to the user by the window and the command line.

    TrainerError              any error with a message for the user
    ├── ConfigError           an invalid setting (wrong usage)
    ├── ImageError            an image that cannot be read
    ├── FetchError            a URL that cannot be fetched
    ├── DataError             a dataset that cannot be used
    ├── ModelFileError        a model file that is damaged or of another program
    ├── CheckpointError       a run that cannot be resumed
    ├── ReportError           an evaluation report that cannot be read
    ├── DeviceError           a device that is missing or does not work
    ├── StorageError          a file or folder that cannot be written
    ├── TrainingDiverged      the loss is no longer finite
    └── Cancelled             stopped by the user

Standard library only, so that the window can import it without loading torch.
"""


class TrainerError(Exception):
    """An error with a message for the user.

    Args:
        message: One or two sentences: what happened and what to do about it.
        details: Technical text for a log or a bug report, such as the underlying exception.
    """

    def __init__(self, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class ConfigError(TrainerError):
    """A setting is invalid."""


class ImageError(TrainerError):
    """An image cannot be read."""


class FetchError(TrainerError):
    """A URL cannot be fetched."""


class DataError(TrainerError):
    """A dataset cannot be used."""


class ModelFileError(TrainerError):
    """A model file is damaged, or was written by another program."""


class CheckpointError(TrainerError):
    """A run cannot be resumed from its folder."""


class ReportError(TrainerError):
    """An evaluation report cannot be read."""


class DeviceError(TrainerError):
    """A device is missing or does not work."""


class StorageError(TrainerError):
    """A file or folder cannot be written."""


class TrainingDiverged(TrainerError):
    """The loss is no longer finite."""


class Cancelled(TrainerError):
    """The user stopped the work."""

    def __init__(self, message: str = "Stopped.", *, details: str = "") -> None:
        super().__init__(message, details=details)
