"""Commands for the terminal: simulate, train, presets, doctor. With no command the window opens."""

from odeplayground.cli.main import run

__all__ = ["run"]
