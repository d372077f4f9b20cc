"""Loads the few parts of pyqtgraph that the plots use, without the rest.

``import pyqtgraph`` loads 150 modules and makes a Python class of every class in QtCore, QtGui and QtWidgets: a third
of a second at the start of the program, for six classes. So its packages are put in place with their code still
pending. They have the few names that those classes need; whoever asks for another name has the pending code run, in
the same module, and meets the whole of pyqtgraph.

This rests on how pyqtgraph 0.14 is made. Any other version, and any surprise, leads to a usual ``import pyqtgraph``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

VERSION = "__version__ = '0.14."
"""What stands at the top of the versions that this is made for."""

OPTIONS: dict[str, Any] = {
    "useOpenGL": False,
    "leftButtonPan": True,
    "foreground": "d",
    "background": "k",
    "antialias": False,
    "editorCommand": None,
    "exitCleanup": True,
    "enableExperimental": False,
    "crashWarning": False,
    "mouseRateLimit": 100,
    "imageAxisOrder": "col-major",
    "useCupy": False,
    "useNumba": False,
    "segmentedLineMode": "auto",
}
"""pyqtgraph's own defaults."""


class Pending(ModuleType):
    """A module of pyqtgraph whose code has not run. It runs when a name is asked for that has not been put here."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python's own questions, such as __all__
            raise AttributeError(name)
        object.__setattr__(self, "__class__", ModuleType)
        assert self.__spec__ is not None
        assert self.__spec__.loader is not None
        chosen = dict(self.__dict__.get("CONFIG_OPTIONS", {}))
        self.__spec__.loader.exec_module(self)
        self.__dict__.get("CONFIG_OPTIONS", {}).update(chosen)
        return getattr(self, name)


def load() -> bool:
    """Put the parts in place, once; whether it was done. If not, ``import pyqtgraph`` loads all of it."""
    if "pyqtgraph" in sys.modules:
        return isinstance(sys.modules["pyqtgraph"], Pending)
    try:
        return _is_known() and _load()
    except Exception:  # whatever it was, the usual import does without this module
        for name in [name for name in sys.modules if name.partition(".")[0] == "pyqtgraph"]:
            del sys.modules[name]
        return False


def _is_known() -> bool:
    spec = importlib.util.find_spec("pyqtgraph")
    return spec is not None and spec.origin is not None and VERSION in Path(spec.origin).read_text("utf-8")[:500]


def _load() -> bool:
    root = _pending("pyqtgraph")
    _give_options(root)
    _give_qt(root)
    # In this order each finds the earlier ones in the package, and asks for nothing that is pending.
    for name in ("debug", "reload", "functions"):
        importlib.import_module(f"pyqtgraph.{name}")
    # Last the classes that have the name of their module, as the package's own code does.
    for name, home in (
        ("GraphicsObject", "graphicsItems.GraphicsObject"),
        ("GraphicsWidget", "graphicsItems.GraphicsWidget"),
        ("AxisItem", "graphicsItems.AxisItem"),
        ("ViewBox", "graphicsItems.ViewBox"),
        ("GraphicsView", "widgets.GraphicsView"),
        ("GraphicsScene", "GraphicsScene"),
        ("Point", "Point"),
        ("WidgetGroup", "WidgetGroup"),
        ("mkPen", "functions"),
    ):
        setattr(root, name, getattr(importlib.import_module(f"pyqtgraph.{home}"), name))
    return isinstance(root, Pending)


def _pending(name: str) -> Pending:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    module.__class__ = Pending
    assert isinstance(module, Pending)
    sys.modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, module)
    return module


def _give_options(root: Pending) -> None:
    """Options as they are by default, and the clean-up at the end of the application."""
    values = dict(OPTIONS)
    connected: list[bool] = []

    def set_options(**options: Any) -> None:
        root.CONFIG_OPTIONS.update(options)

    def connect_cleanup() -> None:
        if not connected:
            connected.append(True)
            root.Qt.QtWidgets.QApplication.instance().aboutToQuit.connect(root.ViewBox.quit)

    root.__dict__.update(
        CONFIG_OPTIONS=values,
        getConfigOption=lambda name: root.CONFIG_OPTIONS[name],
        setConfigOption=lambda name, value: root.CONFIG_OPTIONS.__setitem__(name, value),
        setConfigOptions=set_options,
        _connectCleanup=connect_cleanup,
    )


def _give_qt(root: Pending) -> None:
    """Qt's modules themselves; pyqtgraph copies every name out of them, and so makes each class."""
    import PySide6
    import shiboken6
    from PySide6 import QtCore, QtGui, QtWidgets

    qt = _pending("pyqtgraph.Qt")
    for module in (QtCore, QtGui, QtWidgets):
        name = module.__name__.rpartition(".")[2]
        sys.modules[f"pyqtgraph.Qt.{name}"] = module
        setattr(qt, name, module)
    qt.__dict__.update(
        QT_LIB="PySide6",
        QtVersion=PySide6.__version__,
        isQObjectAlive=shiboken6.isValid,
    )
    compat: Any = importlib.import_module("pyqtgraph.Qt.compat")
    compat.voidptr = shiboken6.VoidPtr
    compat.wrapinstance = shiboken6.wrapInstance
    compat.unwrapinstance = lambda thing: shiboken6.getCppPointer(thing)[0]
    _pending("pyqtgraph.Qt.internals")
    _pending("pyqtgraph.Qt.OpenGLHelpers")  # its libraries are for plots drawn by OpenGL


load()
