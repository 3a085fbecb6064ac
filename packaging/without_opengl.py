"""Runtime hook: replaces Qt's OpenGL bindings, which no chart uses, with stubs.

pyqtgraph always imports the bindings, but uses them only when OpenGL is enabled; they are large,
and left out of the package (`packaging/trimming.py`).
"""

import sys
from types import ModuleType

for name in ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"):
    sys.modules[name] = ModuleType(name)
# pyqtgraph derives a class from it.
sys.modules["PySide6.QtOpenGLWidgets"].QOpenGLWidget = type("QOpenGLWidget", (), {})  # type: ignore[attr-defined]
