"""The commands of `cifar-trainer`, a module each: `run(options, token)` returns an exit code."""
