"""What starts quickly stays quick: heavy libraries wait until they are needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.guards.places import python

HEAVY = {"torch", "scipy", "sympy", "numba", "matplotlib"}
QT = {"PySide6", "pyqtgraph", "qtawesome"}

IMPORTS = [
    ("import odeplayground", HEAVY | QT | {"numpy", "msgspec"}),
    ("import odeplayground.__main__", HEAVY | QT | {"numpy"}),
    ("import odeplayground.cli", HEAVY | QT | {"numpy"}),
    ("import odeplayground.spec, odeplayground.expr, odeplayground.jobs", HEAVY | QT | {"numpy"}),
    ("import odeplayground.storage", HEAVY | QT),
    ("import odeplayground.dynamics", HEAVY | QT),
    ("import odeplayground.session", HEAVY | QT),
    ("from odeplayground.cli import run; run(['presets'])", HEAVY | QT),
    ("from odeplayground.cli import run; run(['simulate', 'pendulum'])", HEAVY | QT),
]

LOADED = """
import json, sys
print()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""

FIRST_PAINT = """
import json, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not hasattr(self, "modules"):
            self.modules = sorted({name.partition(".")[0] for name in sys.modules})
            QTimer.singleShot(0, app.quit)  # not while it is being painted
        return False

app = QApplication.instance() or QApplication([])
from odeplayground.gui.app import create_window
window = create_window()
built = sorted({name.partition(".")[0] for name in sys.modules})
watch = Watch()
window.installEventFilter(watch)
window.show()
app.exec()
window.close()
print()
print(json.dumps([built, watch.modules]))
"""


@pytest.mark.parametrize(("statement", "forbidden"), IMPORTS, ids=[statement for statement, _ in IMPORTS])
def test_light_entrances_load_nothing_heavy(statement: str, forbidden: set[str], tmp_path: Path) -> None:
    loaded = set(json.loads(python(statement + LOADED, tmp_path).splitlines()[-1]))

    assert loaded & forbidden == set()


def test_the_window_is_built_and_painted_before_anything_heavy_loads(tmp_path: Path) -> None:
    built, painted = json.loads(python(FIRST_PAINT, tmp_path).splitlines()[-1])

    assert set(built) & HEAVY == set()
    assert set(painted) & HEAVY == set()
