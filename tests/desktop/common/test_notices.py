"""What a notice shows, and what only its details do."""

from cifar_desktop.common.notices import Notice, Topic
from trainer.errors import DataError


def test_paragraphs_after_the_first_go_into_the_details() -> None:
    error = DataError("There is one class. Add one.\n\nIt contains:\n    cat/", details="Traceback")
    notice = Notice.of(error, Topic.TRAINING)
    assert notice.sentence == "There is one class. Add one."
    assert notice.details == "It contains:\n    cat/\n\nTraceback"
    plain = Notice(sentence="One.\nTwo.", topic=Topic.TRAINING, details="x")
    assert (plain.sentence, plain.details) == ("One.\nTwo.", "x")
