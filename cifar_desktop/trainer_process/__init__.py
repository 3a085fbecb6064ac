"""cifar-trainer as a child process: commands, events, outcomes."""
