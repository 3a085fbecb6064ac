"""The results of runs in words, for Training, Evaluation and the notices."""

from cifar_desktop.runs.services.run_summary import RunSummary
from trainer.evaluation.accuracy_text import accuracy_text


def test_accuracy(run: RunSummary) -> str:
    """The test accuracy of a finished run, with what it is."""
    if run.test_accuracy is None:
        return "test accuracy unknown"
    return f"{accuracy_text(run.test_accuracy, run.test_images)} test accuracy"
