"""Pictures from Python, without a window."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from odeplayground.spec import Experiment


def picture(
    experiment: Experiment,
    path: Path | str,
    *,
    views: tuple[str, ...] = ("portrait", "series"),
    look: Literal["light", "dark", "print"] = "light",
    size: tuple[int, int] = (900, 900),
    title: bool = True,
    equations: bool = True,
    values: bool = True,
) -> Path:
    """Draw an experiment into a PNG, SVG or PDF file (by the name) and return its path.

    ``views`` are any of ``"portrait"`` and ``"series"``, from top to bottom. ``size`` is in logical pixels; a PNG has
    four for each. No window opens: without a Qt application, one without a screen is made. For the main thread.

    Raises:
        ValueError: the name ends with none of .png, .svg and .pdf, or there is no such view or look.
        OSError: the file cannot be written.
    """
    kinds, looks, known = (".png", ".svg", ".pdf"), ("light", "dark", "print"), ("portrait", "series")
    target = Path(path)
    if target.suffix.lower() not in kinds:
        raise ValueError(f"The name of a picture ends with one of {', '.join(kinds)}, not {target.suffix!r}.")
    if look not in looks:
        raise ValueError(f"look takes one of {', '.join(looks)}, not {look!r}.")
    if not views or any(view not in known for view in views):
        raise ValueError(f"views takes any of {', '.join(known)}, not {views!r}.")
    _application()
    from odeplayground.gui.exporting import offscreen, pictures
    from odeplayground.gui.exporting.page import Contents

    with offscreen.drawn(experiment, views, size) as made:
        contents = Contents(experiment, made, title, equations, values)
        if target.suffix.lower() == ".png":
            data = pictures.png(pictures.image(contents, look, size, 2.0))
        else:
            data = (pictures.svg if target.suffix.lower() == ".svg" else pictures.pdf)(contents, look, size)
    target.write_bytes(data)
    return target


_made: object = None


def _application() -> None:
    """Make a Qt application if there is none, and dress it. It stays: another could not be made."""
    global _made
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _made = QApplication(["odeplayground"])
        from odeplayground.gui.theme import apply

        assert isinstance(_made, QApplication)
        apply(_made)
