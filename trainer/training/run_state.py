"""A run's state between two steps, out of the run and back into it; for checkpoints."""

from trainer.distributed.data_parallel import seed_per_rank
from trainer.errors import CheckpointError
from trainer.training.checkpoint import Checkpoint, random_states, restore_random_states
from trainer.training.run import TrainingRun


def state_of(run: TrainingRun) -> Checkpoint:
    """What a run needs to go on exactly where it is.

    Raises:
        TrainingDiverged: If that is not worth keeping.
    """
    run.require_finite()
    return Checkpoint(
        config=run.identity,
        step=run.step,
        seconds=run.seconds,
        network=run.network.state_dict(),
        optimizer=run.optimizer.state_dict(),
        hard_examples={} if run.hard_examples is None else run.hard_examples.state_dict(),
        watch=run.watch.state_dict(),
        chunk_size=run.chunk_size,
        random=random_states(),
        epoch_sums=run.epoch_sums,
    )


def restore(run: TrainingRun, checkpoint: Checkpoint) -> None:
    """Put a run where another one of the same settings and data was.

    Raises:
        CheckpointError: If settings or data were others.
    """
    if checkpoint.config != run.identity:
        raise CheckpointError(
            "The checkpoint was saved with other settings or other data, so the run cannot go "
            "on exactly where it was. Start a new one.",
            details=f"saved: {checkpoint.config}\nnow: {run.identity}",
        )
    run.network.load_state_dict(checkpoint.network)
    run.optimizer.load_state_dict(checkpoint.optimizer)
    if run.hard_examples is not None:
        run.hard_examples.load_state_dict(checkpoint.hard_examples)
    run.watch.load_state_dict(checkpoint.watch)
    run.chunk_size = checkpoint.chunk_size
    run.epoch_sums.copy_(checkpoint.epoch_sums)
    run.step, run.seconds = checkpoint.step, checkpoint.seconds
    restore_random_states(checkpoint.random)
    seed_per_rank(run.group, seed=run.config.seed, step=run.step)
    run.saved = True
