"""What is left out of pyqtgraph at the start, and that all of it is there for whoever asks."""

import json

import pytest

from odeplayground.gui import lean_pyqtgraph
from tests.guards.places import python

LOADED = """
import json, sys
print()
print(json.dumps([name for name in sys.modules if name.startswith("pyqtgraph")]))
"""


def loaded_by(statement, home):
    return set(json.loads(python(statement + LOADED, home).splitlines()[-1]))


def test_the_parts_that_no_plot_needs_are_left_out(tmp_path):
    loaded = loaded_by("import odeplayground.gui.app", tmp_path)

    assert "pyqtgraph.graphicsItems.ViewBox" in loaded
    assert not {"pyqtgraph.parametertree", "pyqtgraph.widgets.PlotWidget", "pyqtgraph.colormap"} & loaded


def test_the_classes_of_qt_are_not_all_made(tmp_path):
    python("import odeplayground.gui.plots\nfrom pyqtgraph import Qt\nassert type(Qt).__name__ == 'Pending'", tmp_path)


def test_the_options_are_those_of_pyqtgraph(tmp_path):
    options = json.loads(python("import json, pyqtgraph\nprint(json.dumps(pyqtgraph.CONFIG_OPTIONS))", tmp_path))

    assert options == lean_pyqtgraph.OPTIONS


def test_all_of_pyqtgraph_is_there_when_asked_for(tmp_path):
    python(
        """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from odeplayground.gui.plots import Plot
import pyqtgraph
pyqtgraph.setConfigOptions(antialias=True)
import pyqtgraph.exporters
from pyqtgraph.Qt import internals, OpenGLHelpers
assert issubclass(pyqtgraph.PlotItem, pyqtgraph.GraphicsWidget)
assert pyqtgraph.getConfigOption("antialias") is True
assert pyqtgraph.Point is type(pyqtgraph.Point(1, 2)) and pyqtgraph.Qt.mkQApp() is app
assert OpenGLHelpers.GraphicsViewGLWidget and internals.PrimitiveArray
plots = pyqtgraph.PlotWidget(), Plot()
plots[0].plot([1, 2, 3], [3, 1, 2])
for plot in plots:
    plot.show()
app.processEvents()
for plot in plots:
    plot.close()
""",
        tmp_path,
    )


@pytest.mark.parametrize(
    "trouble",
    ["lean_pyqtgraph.VERSION = '9.9'", "lean_pyqtgraph._give_qt = None"],
    ids=["another version", "anything that goes wrong"],
)
def test_the_usual_import_takes_over(trouble, tmp_path):
    # The package has loaded its parts already, so all of that is forgotten first.
    code = f"""
import sys
from odeplayground.gui import lean_pyqtgraph
for name in [name for name in sys.modules if name.startswith("pyqtgraph")]:
    del sys.modules[name]
{trouble}
assert not lean_pyqtgraph.load()
import pyqtgraph
assert "PlotItem" in vars(pyqtgraph)
"""
    python(code, tmp_path)


def test_a_pyqtgraph_that_is_there_already_stays(tmp_path):
    python(
        "import pyqtgraph\nfrom odeplayground.gui import lean_pyqtgraph\nassert not lean_pyqtgraph.load()\n"
        "import odeplayground.gui.app",
        tmp_path,
    )
