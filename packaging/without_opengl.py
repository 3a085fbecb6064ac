"""Runs in a package before the program: pyqtgraph without OpenGL, which no chart is drawn with.

pyqtgraph imports the bindings whatever it draws with; they are large, and stay out
(`packaging/trimming.py`). It looks into them only when it is told to use OpenGL.
"""

import sys
from types import ModuleType

for name in ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"):
    sys.modules[name] = ModuleType(name)
# A class of pyqtgraph's is derived from it.
sys.modules["PySide6.QtOpenGLWidgets"].QOpenGLWidget = type("QOpenGLWidget", (), {})  # type: ignore[attr-defined]
