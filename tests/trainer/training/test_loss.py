"""The loss of images of the classes and of pictures of other things."""

import torch
from torch.nn import functional as F

from trainer.data.sampling import NONE
from trainer.training.loss import image_losses

LOGITS = torch.tensor([[2.0, 0.5, -1.0], [0.3, 0.3, 0.3], [4.0, -2.0, 0.0]])


def test_images_of_the_classes_have_the_cross_entropy() -> None:
    labels = torch.tensor([0, 2, 1])
    losses = image_losses(LOGITS, labels, label_smoothing=0.2, none_weight=0.5)
    expected = F.cross_entropy(LOGITS, labels, label_smoothing=0.2, reduction="none")
    assert torch.allclose(losses, expected)


def test_other_things_have_that_against_the_uniform_distribution() -> None:
    labels = torch.tensor([NONE, NONE, 1])
    losses = image_losses(LOGITS, labels, label_smoothing=0.1, none_weight=0.5)
    uniform = torch.full_like(LOGITS, 1 / 3)
    expected = 0.5 * F.cross_entropy(LOGITS, uniform, reduction="none")
    assert torch.allclose(losses[:2], expected[:2])
    # Undecided is the best that can be said about them.
    assert losses[1] < losses[0]


def test_a_batch_of_nothing_but_other_things_has_a_gradient_towards_undecided() -> None:
    logits = LOGITS.clone().requires_grad_()
    labels = torch.full((3,), NONE)
    image_losses(logits, labels, label_smoothing=0.2, none_weight=1).sum().backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert logits.grad.isfinite().all()
    assert logits.grad[0, 0] > 0 > logits.grad[0, 2]
