"""From the start of the interpreter to the first painted window, in seconds of CPU time."""

from __future__ import annotations

import statistics

from tests.benchmarks.child import measure
from tests.benchmarks.row import Row

BUDGET = 0.9
REPEATS = 5

WATCH = """
import json, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class Watch(QObject):
    seen, used = False, None

    def eventFilter(self, watched, event):
        if not self.seen and event.type() == QEvent.Type.Paint:
            self.seen = True
            QTimer.singleShot(0, self.note)  # when all of the window has been painted
        return False

    def note(self):
        self.used = time.process_time()
        QApplication.instance().quit()

watch = Watch()
"""

OURS = (
    WATCH
    + """
from odeplayground.gui.app import create_application, create_window
app = create_application(["odeplayground"])
window = create_window()
"""
)

PEER = (
    WATCH
    + """
import pyqtgraph
from PySide6.QtWidgets import QMainWindow
app = QApplication([])
window = QMainWindow()
plot = pyqtgraph.PlotWidget()
plot.plot(range(100), range(100))
window.setCentralWidget(plot)
window.resize(1280, 800)
"""
)

SHOW = """
app.installEventFilter(watch)
window.show()
app.exec()
window.close()
print(json.dumps(watch.used))
"""


def run() -> list[Row]:
    rounds = [(measure(OURS + SHOW), measure(PEER + SHOW)) for _ in range(REPEATS)]
    ours, peer = (statistics.median(times) for times in zip(*rounds, strict=True))
    condition = f"offscreen, CPU time, median of {REPEATS} starts"
    return [Row("first paint", ours, "s", condition, peer, "PySide6 and pyqtgraph, one plot", BUDGET)]
