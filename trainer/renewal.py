"""New running statistics for a network that is trained on the hardest images of every batch.

Batch normalisation follows what the network is trained on. Most of what it is asked about is
easier, and normalised by the statistics of hard images it is less often right. Used wherever such a
network is judged before, or at, the end of its run.
"""

import torch
from torch import nn

from trainer.estimate import RENEWING_IMAGES
from trainer.training_run import FEWEST_AT_A_TIME, TrainingRun, chunks

Normalising = nn.BatchNorm2d | nn.BatchNorm1d


@torch.no_grad()
def renew_statistics(run: TrainingRun) -> None:
    """Take the running statistics anew over whole batches, varied as in training.

    Args:
        run: Between two steps; left alone if it trains on all images.
    """
    if run.hardest is None:
        return
    layers = [each for each in run.network.modules() if isinstance(each, Normalising)]
    momenta = [each.momentum for each in layers]
    for layer in layers:
        layer.reset_running_stats()
        # The mean over all images, instead of one that moves.
        layer.momentum = None
    run.network.train()
    _pass(run)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum


def _pass(run: TrainingRun) -> None:
    left = RENEWING_IMAGES
    for batch, labels in run.batches.epoch(run.epoch):
        for images, _ in chunks(batch[:left], labels[:left], run.chunk_size):
            with run.device.autocast():
                run.network(run.input(images))
        left -= len(batch)
        if left < FEWEST_AT_A_TIME:
            return
