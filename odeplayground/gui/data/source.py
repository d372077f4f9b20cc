"""Where a training takes its data from: samples of the system, or measurements from a file."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from odeplayground.gui.widgets.buttons import FlatButton
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.segmented import Segment, Segmented
from odeplayground.session import Session, data_edits
from odeplayground.spec import Experiment

SYSTEM, FILE = "system", "file"


class DataSource(QWidget):
    """Two words to choose from; for a file, what is in it, and a way to another one."""

    def __init__(self, session: Session, command: SignalInstance) -> None:
        super().__init__()
        self._session, self._command = session, command
        self.choice = Segmented(
            [
                Segment(SYSTEM, "From the system", tooltip="Samples of the system as it is shown, with noise."),
                Segment(FILE, "From a file", tooltip="Measurements from a table (CSV)."),
            ]
        )
        self.choice.setObjectName("data-source")
        self.choice.setAccessibleName("Data")
        self._about = label("", 12, 400, "text2")
        self._about.setWordWrap(True)
        self._load = FlatButton("Load data…", "folder-open")
        self._load.setToolTip("Choose a table of measurements (Ctrl+Alt+O)")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self.choice)
        rows.addWidget(self._about)
        rows.addWidget(self._load, 0, Qt.AlignmentFlag.AlignLeft)
        self.choice.current_changed.connect(self._chosen)
        self._load.clicked.connect(self._load_clicked)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show where the data come from."""
        from_file = experiment.plan.from_file and experiment.data is not None
        self.choice.set_current(FILE if from_file else SYSTEM)
        self._about.setVisible(from_file)
        self._load.setVisible(from_file)
        if experiment.data is not None:
            self._about.setText(data_edits.about(experiment))

    def _chosen(self, key: str) -> None:
        experiment = self._session.document.experiment
        if key == FILE and experiment.data is None:
            self.choice.set_current(SYSTEM)
            self._command.emit("load_data")
            return
        words = "Train on the file" if key == FILE else "Train on the system"
        self._session.document.apply(data_edits.use_file(experiment, key == FILE), words)

    def _load_clicked(self, _checked: bool = False) -> None:
        self._command.emit("load_data")
