"""`python -m trainer` is `cifar-trainer`."""

import sys
from multiprocessing import freeze_support

from trainer.cli import main

if __name__ == "__main__":
    # A packaged program's children begin here, too.
    freeze_support()
    sys.exit(main())
