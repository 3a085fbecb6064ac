"""The subcommands of `cifar-trainer`, one module each; `cli` imports them by name."""
