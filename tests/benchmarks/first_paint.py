"""From the start of the interpreter to the first painted window, and to its first picture, in seconds of CPU time.

All threads count. Both programs find their byte-code compiled, as an installed program does, and ours the machine code
that its first start has kept.
"""

from __future__ import annotations

import statistics
import tempfile
import textwrap
from functools import partial

from tests.benchmarks.child import measure
from tests.benchmarks.row import Row

BUDGET = 0.9
REPEATS = 5

WATCH = """
import json, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class Watch(QObject):
    # Notes when all of the window has been painted, and leaves when nothing more is awaited.
    def __init__(self, awaited=()):
        super().__init__()
        self.awaited, self.used, self.begun = ["paint", *awaited], {}, set()

    def reached(self, name):
        if name in self.awaited and name not in self.begun:
            self.begun.add(name)
            QTimer.singleShot(0, lambda: self.note(name))

    def note(self, name):
        self.used[name] = time.process_time()
        if len(self.used) == len(self.awaited):
            QApplication.instance().quit()

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.reached("paint")
            if getattr(self, "drawn", False):
                self.reached("picture")
        return False
"""

OURS = (
    """
import sys
import odeplayground.__main__ as program, odeplayground.cli.window as entrance
run_window = entrance._run_window

def run_watched(wanted):
    from odeplayground.gui import app as start
"""
    + textwrap.indent(WATCH, "    ")
    + """
    def run(app, window):
        window.session.simulation.scene_changed.connect(lambda scene: setattr(watch, "drawn", True))
        app.installEventFilter(watch)
        try:
            return begin(app, window)
        finally:
            window.close()

    watch, begin, start.run = Watch(["picture"]), start.run, run
    run_window(wanted)
    print(json.dumps(watch.used))

entrance._run_window = run_watched
sys.argv = ["odeplayground"]
program.main()
"""
)

PEER = (
    WATCH
    + """
import pyqtgraph
from PySide6.QtWidgets import QMainWindow
watch = Watch()
app = QApplication([])
app.installEventFilter(watch)
window = QMainWindow()
plot = pyqtgraph.PlotWidget()
plot.plot(range(100), range(100))
window.setCentralWidget(plot)
window.resize(1280, 800)
window.show()
app.exec()
window.close()
print(json.dumps(watch.used))
"""
)


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as home:
        started = partial(measure, OURS, {"ODEPLAYGROUND_HOME": home})
        first = started()["picture"]
        measure(PEER)  # writes the byte-code
        rounds = [(started(), measure(PEER)) for _ in range(REPEATS)]
    ours, picture = (statistics.median(times[name] for times, _ in rounds) for name in ("paint", "picture"))
    peer = statistics.median(times["paint"] for _, times in rounds)
    condition = f"offscreen, CPU time of all threads, median of {REPEATS} starts"
    return [
        Row("first paint", ours, "s", condition, peer, "PySide6 and pyqtgraph, one plot", BUDGET),
        Row("first trajectories painted", picture, "s", condition, note=f"{first:.2g} s at the very first start"),
    ]
