"""`python -m trainer` is `cifar-trainer`."""

import sys
from multiprocessing import freeze_support

from trainer.cli import main

if __name__ == "__main__":
    # Child processes of a packaged program start here, too.
    freeze_support()
    sys.exit(main())
