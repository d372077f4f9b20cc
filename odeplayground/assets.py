"""The one module that knows where ``resources/`` is: next to the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resources() -> Path:
    """The folder with presets, fonts, icons and help texts.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for folder in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError("The folder with the app's resources is missing; please install odeplayground again.")


def presets() -> Path:
    """The folder with one TOML file per preset."""
    return resources() / "presets"


def data() -> Path:
    """The folder with the measurements that presets learn from."""
    return resources() / "data"


def fonts() -> Path:
    """The folder with the shipped fonts and their licences."""
    return resources() / "fonts"


def help_pages() -> Path:
    """The folder with the pages of the help, one text each."""
    return resources() / "help"
