"""Take the named sets of pictures, or all of them."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile

SETS = {
    "panels": "panels:panels",
    "training": "panels:training",
    "bifurcations": "bifurcations:bifurcations",
    "gallery": "gallery:gallery",
    "presets": "presets:presets",
    "readme": "readme:readme",
    "shell": "shell:shell",
}
"""Module and function of each."""


def main(names: list[str]) -> int:
    """Exit code 2 if a name is unknown."""
    unknown = [name for name in names if name not in SETS]
    if unknown:
        print(f"There is no set {', '.join(unknown)}; there are: {', '.join(SETS)}.", file=sys.stderr)
        return 2
    # Before Qt is loaded.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["ODEPLAYGROUND_HOME"] = tempfile.mkdtemp()
    from odeplayground.session.session import FIRST
    from tests.screenshots.photographer import Photographer

    photographer = Photographer()
    for name in names or SETS:
        photographer.window.session.open_preset(FIRST)
        photographer.settle()
        module, _, function = SETS[name].partition(":")
        getattr(importlib.import_module(f"tests.screenshots.{module}"), function)(photographer)
    photographer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
