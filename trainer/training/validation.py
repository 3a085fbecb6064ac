"""How good a network in training is at the images put aside; used by `trainer.training.progress_meter`."""

import torch
from torch.nn import functional as F

from trainer.training.run import TrainingRun


@torch.inference_mode()
def validate(run: TrainingRun) -> tuple[float, float]:
    """Mean cross-entropy and accuracy of the images put aside, one forward pass each."""
    run.network.eval()
    device = run.device
    mine = slice(run.world.rank, None, run.world.size)
    aside = run.validation
    batches = (
        torch.split(whole[mine].to(device.torch_device), device.evaluation_batch)
        for whole in (aside.images, aside.labels)
    )
    sums = torch.zeros(2, device=device.torch_device)
    for images, labels in zip(*batches, strict=True):
        with device.autocast():
            logits = run.network(run.input(images))
        loss = F.cross_entropy(logits.float(), labels, reduction="sum")
        sums += torch.stack([loss, (logits.argmax(1) == labels).sum()])
    run.world.sum_([sums])
    loss_sum, correct = sums.tolist()
    return loss_sum / len(aside), correct / len(aside)
