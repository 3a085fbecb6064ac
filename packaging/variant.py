"""Finds out whether the installed torch is a CPU or CUDA build; for `build` and `contents`.

    python packaging/variant.py        # prints cpu or cuda

Needs only torch, from which it reads one small file.
"""

import runpy
from importlib.util import find_spec
from pathlib import Path


def torch_variant() -> str:
    """`cpu` or `cuda`.

    Raises:
        SystemExit: If torch is not installed.
    """
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        raise SystemExit("torch is not installed here.")
    build = runpy.run_path(str(Path(spec.origin).with_name("version.py")))
    return "cuda" if build["cuda"] else "cpu"


if __name__ == "__main__":
    print(torch_variant())
