"""From the arguments to a command, and from whatever goes wrong to a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from odeplayground.cli.exits import Exit, InputError
from odeplayground.cli.parser import parse


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 good, 1 bad input, 2 usage, 3 diverged, 130 interrupted."""
    try:
        code = _dispatch(parse(argv))
        sys.stdout.flush()
    except InputError as problem:
        print(f"odeplayground: {problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return Exit.GOOD
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else Exit.GOOD
    return code


def _dispatch(arguments: Namespace) -> int:
    """Each command brings its own imports, so that the light ones stay quick."""
    match arguments.command:
        case "simulate":
            from odeplayground.cli.simulate import simulate

            return simulate(arguments)
        case "train":
            from odeplayground.cli.train import train

            return train(arguments)
        case "presets":
            from odeplayground.cli.presets import list_presets

            return list_presets(arguments)
        case "doctor":
            from odeplayground.cli.doctor import doctor

            return doctor(arguments)
        case _:
            from odeplayground.cli.window import open_window

            return open_window(arguments)


def _silence_stdout() -> None:
    """The reader of the pipe has gone: keep the interpreter from writing to it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
