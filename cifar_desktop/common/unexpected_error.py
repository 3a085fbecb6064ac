"""Turns an exception that nobody expected into an error that can be shown; for all services."""

import logging
import traceback

from trainer.errors import TrainerError

log = logging.getLogger(__name__)


def unexpected_error(what: str) -> TrainerError:
    """Log the exception that is being handled, and return an error with its traceback.

    Args:
        what: A sentence that says what failed.
    """
    details = traceback.format_exc()
    log.error("%s\n%s", what, details)
    return TrainerError(
        f"{what} This is a bug in CIFAR Desktop; please report it with the details.",
        details=details,
    )
