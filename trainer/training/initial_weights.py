"""Starts a run from the weights of another network (`--init`)."""

from pathlib import Path

import torch
from torch import Tensor, nn

from trainer.errors import ConfigError
from trainer.files.resources import model_path
from trainer.models.ensemble import Ensemble
from trainer.models.model_file import ModelCard, load_model
from trainer.models.network import Network
from trainer.training.run import TrainingRun


def load_initial_weights(run: TrainingRun) -> str:
    """Give the network of a new run the weights that its settings name, if any.

    The last layer is new where the classes are others. Of an ensemble the first member is taken.
    All processes of a group call this together; only the main one needs the file.

    Returns:
        A sentence for the user; empty if the run starts from random weights.

    Raises:
        ConfigError: If the network is of another architecture.
        ModelFileError: If the file is missing, damaged or not a model file.
    """
    if not run.config.init:
        return ""
    sentence = run.group.run_on_main(lambda: _load(run))
    if run.group.size > 1:
        run.group.broadcast_(list(run.network.state_dict().values()))
    return sentence


def _load(run: TrainingRun) -> str:
    path = model_path(run.config.init)
    network, card = load_model(path)
    if (card.architecture, card.widths) != (run.config.architecture, run.config.widths):
        raise ConfigError(
            f"“{path.name}” is a {card.architecture} with widths {card.widths}, so a "
            f"{run.config.architecture} with widths {run.config.widths} cannot start from it."
        )
    single = network.members[0] if isinstance(network, Ensemble) else network
    assert isinstance(single, Network)  # noqa: S101 - for the type checker
    _renormalize(single, card, run)
    weights = single.state_dict()
    keeps_head = _fit_head(weights, single, card, run.dataset.classes)
    run.network.load_state_dict(weights, strict=keeps_head)
    return _sentence(path, card, keeps_head)


@torch.no_grad()
def _renormalize(network: nn.Module, card: ModelCard, run: TrainingRun) -> None:
    """Adapt the first layer to images normalized by the statistics of the run's dataset."""
    first = next(each for each in network.modules() if isinstance(each, nn.Conv2d))
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (card.mean, card.std))
    own_mean, own_std = (torch.tensor(each).view(3, 1, 1) for each in (run.mean, run.std))
    if first.bias is not None:
        first.bias += (first.weight * ((own_mean - mean) / std)).sum((1, 2, 3))
    first.weight *= own_std / std


def _fit_head(
    weights: dict[str, Tensor], network: nn.Module, card: ModelCard, classes: tuple[str, ...]
) -> bool:
    """Sort the last layer by the run's classes; remove it and return False if they are others."""
    *_, (head, _) = (pair for pair in network.named_modules() if isinstance(pair[1], nn.Linear))
    names = [name for name in weights if name.startswith(f"{head}.")]
    if set(classes) != set(card.classes):
        for name in names:
            del weights[name]
        return False
    order = [card.classes.index(name) for name in classes]
    weights.update({name: weights[name][order] for name in names})
    return True


def _sentence(path: Path, card: ModelCard, keeps_head: bool) -> str:  # noqa: FBT001 - private
    member = f" (the first of its {card.members} members)" if card.members > 1 else ""
    head = "" if keeps_head else "; its last layer is new, because the classes are others"
    return f"Training starts from the weights of {path.name}{member}{head}."
