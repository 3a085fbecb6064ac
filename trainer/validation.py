"""How good a network in training is at the images put aside; used by `trainer.clock`."""

import torch
from torch.nn import functional as F

from trainer.evaluation import BATCH
from trainer.training_run import TrainingRun


@torch.inference_mode()
def validate(run: TrainingRun) -> tuple[float, float]:
    """Mean cross-entropy and accuracy of the images put aside, one forward pass each."""
    run.network.eval()
    loss, correct = 0.0, 0.0
    mine = slice(run.world.rank, None, run.world.size)
    pairs = zip(
        torch.split(run.validation.images[mine], BATCH),
        torch.split(run.validation.labels[mine], BATCH),
        strict=True,
    )
    for images, labels in pairs:
        with run.device.autocast():
            logits = run.network(run.input(images.to(run.device.torch_device)))
        logits = logits.float().cpu()
        loss += F.cross_entropy(logits, labels, reduction="sum").item()
        correct += int((logits.argmax(1) == labels).sum())
    sums = torch.tensor([loss, correct], device=run.device.torch_device)
    run.world.sum_([sums])
    loss, correct = sums.tolist()
    return loss / len(run.validation), correct / len(run.validation)
