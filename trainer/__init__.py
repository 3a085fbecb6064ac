"""The PyTorch library behind CIFAR Desktop, and its command line `cifar-trainer`; no Qt here."""
