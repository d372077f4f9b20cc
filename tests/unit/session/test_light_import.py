from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
import odeplayground.session
heavy = {"torch", "scipy", "sympy", "numba", "PySide6"} & {name.partition(".")[0] for name in sys.modules}
print(sorted(heavy))
"""


def test_the_session_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
