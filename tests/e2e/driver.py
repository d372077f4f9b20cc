"""Runs the real app for the end-to-end tests and answers where things are on the screen.

Everything a person does (mouse, keys) comes from outside through the X server; this side channel only looks: it reads
one JSON request per line from standard input and writes one JSON answer per line to standard output.
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QPoint, QSocketNotifier
from PySide6.QtWidgets import QApplication, QWidget

from odeplayground.gui import app as gui_app
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.gui.widgets.slider import Slider

SLIDER_PAD = 8


def on_screen(widget: QWidget, place: QPoint) -> list[int]:
    corner = widget.mapToGlobal(place)
    return [corner.x(), corner.y()]


class Probe:
    def __init__(self, window) -> None:
        self.window = window
        self.buffer = b""
        os.set_blocking(sys.stdin.fileno(), False)
        self.notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self.notifier.activated.connect(self.read)

    def read(self) -> None:
        data = os.read(sys.stdin.fileno(), 65536)
        if not data:
            self.window.close()
            return
        self.buffer += data
        while b"\n" in self.buffer:
            line, self.buffer = self.buffer.split(b"\n", 1)
            request = json.loads(line)
            answer = getattr(self, request["ask"])(*request.get("of", []))
            print(json.dumps(answer), flush=True)

    def rect(self, name: str) -> list[int] | None:
        """Place of a named visible widget on the screen: x, y, width, height."""
        for top in QApplication.topLevelWidgets():
            for widget in [top, *top.findChildren(QWidget, name)]:
                if widget.objectName() == name and widget.isVisible():
                    corner = widget.mapToGlobal(QPoint(0, 0))
                    return [corner.x(), corner.y(), widget.width(), widget.height()]
        return None

    def editor_line(self, line: int) -> list[int]:
        """A place in a line of the editor, on the screen."""
        editor = self.window.findChild(CodeEditor, "code-editor")
        box = editor.line_rect(editor.document().findBlockByNumber(line - 1))
        return on_screen(editor.viewport(), QPoint(60, box.center().y()))

    def drawn(self) -> bool:
        """Whether the first picture is there."""
        return self.window.session.simulation.scene is not None

    def portrait(self, x: float, y: float) -> list[int]:
        """A point of the phase plane, on the screen."""
        view = self.window.findChild(PortraitView, "portrait-view")
        return on_screen(view.viewport(), view.mapping.point(x, y).toPoint())

    def slider(self, name: str, value: float) -> list[int]:
        """Where a slider's handle stands for a value, on the screen."""
        slider = self.window.findChild(Slider, name)
        share = slider.scale.fraction(value)
        x = SLIDER_PAD + share * (slider.width() - 2 * SLIDER_PAD)
        return on_screen(slider, QPoint(round(x), slider.height() // 2))

    def branch(self, value: float, state: float) -> list[int] | None:
        """A point of the finished bifurcation diagram, on the screen."""
        panel = self.window.docks.centre.diagram
        if panel is None or not panel.isVisible() or self.window.session.diagram.busy:
            return None
        return on_screen(panel.view.viewport(), panel.view.mapping.point(value, state).toPoint())

    def document(self) -> dict:
        experiment = self.window.session.document.experiment
        run = experiment.run
        return {
            "name": experiment.name,
            "text": experiment.text,
            "values": experiment.parameters,
            "states": list(experiment.system.states),
            "starts": [list(start) for start in experiment.starts],
            "mode": str(experiment.view.mode),
            "losses": [epoch.loss for epoch in run.history] if run else [],
            "samples": run.samples.n_points if run else 0,
            "has_report": bool(run and run.report),
        }

    def training(self) -> dict:
        training = self.window.session.training
        return {"status": str(training.status), "losses": [epoch.loss for epoch in training.history]}

    def problems(self) -> list[str]:
        return [problem.message for problem in self.window.session.problems()]

    def time(self) -> float:
        return self.window.session.playback.time


def main() -> int:
    arguments = sys.argv[1:]
    app = gui_app.create_application(["odeplayground"])
    window = gui_app.create_window(gui_app.opened(arguments))
    window.show()
    probe = Probe(window)
    code = app.exec()
    window.session.close()
    del probe
    return code


if __name__ == "__main__":
    sys.exit(main())
