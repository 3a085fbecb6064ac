"""What is left out of the package, and why that is safe; for `build.spec`.

Verified by the smoke test, in which the packaged program predicts and trains; sizes are in
docs/packaging.md.
"""

import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

from PyInstaller.depend.bindepend import get_imports

TocEntry = tuple[str, str, str]
"""Path in the package, source file, type code."""

EXCLUDED_MODULES = [
    # Build and test tools, present in a build environment that is not clean.
    "pip", "setuptools", "_distutils_hack", "wheel", "pytest", "_pytest", "hypothesis", "mypy",
    "IPython", "matplotlib", "tkinter", "readline", "PyInstaller",
    # No recipe needs them; one that did would be shown as unavailable (`trainer.config.recipes`).
    "torchvision", "torchaudio",
    # Compile networks and GPU kernels with a compiler that users do not have
    # (`without_compiler.py`), and their dependencies.
    "triton", "torch._dynamo", "torch._inductor", "sympy", "mpmath", "jinja2", "markupsafe",
    # The ONNX exporter, and torch's own tests.
    "torch.onnx", "torch.testing._internal.common_utils", "torch.testing._internal.distributed",
    "torch.testing._internal.opinfo", "torch.testing._internal.common_methods_invocations",
    # Reads TensorBoard files in tests; the program writes them without it.
    "tensorboard", "tensorflow",
    # Services that tensorboardX sends metrics to, if their clients are installed.
    "boto3", "google.cloud", "comet_ml", "visdom",
    # References for the metrics in tests.
    "sklearn", "scipy",
    # Imported by functions that the program never calls.
    "networkx", "sqlite3",
]  # fmt: skip

_KEPT_OF_TORCH_BIN = "torch_shm_manager"
_TESTS = {
    "libtorchbind_test.so", "libjitbackend_test.so", "libbackend_with_compiler.so",
    "libaoti_custom_ops.so",
}  # fmt: skip
# PyInstaller collects data files even of excluded modules.
_ABSENT_PARTS_OF_TORCH = {"_dynamo", "_inductor", "onnx", "test"}
# torch reads the sources of some modules on import, above all of config modules; for those that
# export, distribute and test networks, the compiled modules are enough.
_SOURCELESS_PARTS_OF_TORCH = {
    "_functorch", "_export", "export", "ao", "testing", "_vendor",
    "distributed", "fx", "utils", "_higher_order_ops", "sparse", "profiler", "optim",
    "_subclasses", "cuda", "_numpy", "_native", "distributions", "_meta_registrations.py",
    "_torch_docs.py", "_tensor_docs.py",
}  # fmt: skip
_QT_FOLDERS = {
    "egldeviceintegrations",  # for embedded screens without a desktop
    "generic",  # touch screens and mice of embedded devices
    "networkinformation",
    "tls",  # URLs are fetched with requests
}
_QT_PLUGINS = {
    "libqgtk3.so",  # would bundle all of GTK, in another version than the system's
    "libqeglfs.so", "libqlinuxfb.so", "libqvkkhrdisplay.so", "libqvnc.so", "libqminimalegl.so",
    "libqminimal.so",
}  # fmt: skip
_STRIPPED = (
    "libtorch_cpu.so", "libtorch_python.so", "libc10.so", "libpython3", "libicu", "_imaging",
    "_safetensors",
)  # fmt: skip


def trimmed_binaries(entries: list[TocEntry], work: Path) -> list[TocEntry]:
    """The libraries and extension modules that the program needs, without debug symbols.

    Args:
        entries: All that PyInstaller found.
        work: Folder for the stripped copies.
    """
    kept = [entry for entry in entries if not _is_superfluous(PurePosixPath(entry[0]))]
    if sys.platform == "linux":
        kept = _without_orphans(kept)
        kept = [_stripped(entry, work) for entry in kept]
    return kept


def trimmed_datas(entries: list[TocEntry]) -> list[TocEntry]:
    """The data files that the program needs."""
    return [entry for entry in entries if not _is_superfluous(PurePosixPath(entry[0]))]


def _is_superfluous(place: PurePosixPath) -> bool:
    parts = PurePosixPath(str(place).replace("\\", "/")).parts
    name = parts[-1]
    if parts[0] == "torch":
        return _is_superfluous_in_torch(parts[1], name)
    if parts[0] == "PySide6" and ("translations" in parts or not _QT_FOLDERS.isdisjoint(parts)):
        # The program is in English only, so Qt's texts must be, too.
        return True
    if parts[0].endswith(".dist-info"):
        # The licenses are in LICENSES.txt (`licenses.py`).
        return name != "METADATA"
    return name in _QT_PLUGINS or "EglFS" in name or "EglFs" in name


def _is_superfluous_in_torch(part: str, name: str) -> bool:
    if part == "bin":
        return not name.startswith(_KEPT_OF_TORCH_BIN)
    is_source = name.endswith(".py") and "config" not in name
    is_absent = part in _ABSENT_PARTS_OF_TORCH or name in _TESTS
    return is_absent or (is_source and part in _SOURCELESS_PARTS_OF_TORCH)


def _without_orphans(entries: list[TocEntry]) -> list[TocEntry]:
    """Drop system libraries that only excluded files would have loaded."""
    roots = [entry for entry in entries if not _is_of_system(entry)]
    needed = {name for _, source, _ in roots for name, _ in get_imports(source)}
    return [entry for entry in entries if not _is_of_system(entry) or entry[0] in needed]


def _is_of_system(entry: TocEntry) -> bool:
    place, source, kind = entry
    # PyInstaller's bootloader opens Python's own library by name.
    is_python = place.startswith("libpython")
    is_wheels = "/" in place or "site-packages" in Path(source).parts
    return kind == "BINARY" and not is_python and not is_wheels


def _stripped(entry: TocEntry, work: Path) -> TocEntry:
    place, source, kind = entry
    strips = PurePosixPath(place).name.startswith(_STRIPPED) or "/lib-dynload/" in source
    program = shutil.which("strip")
    if kind == "SYMLINK" or not strips or program is None:
        return entry
    target = work / place
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([program, "--strip-unneeded", "-o", target, source], check=True)
    return (place, str(target), kind)
