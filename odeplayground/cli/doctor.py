"""``odeplayground doctor``: is everything here that the program needs?"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from odeplayground._version import __version__
from odeplayground.cli import libraries, versions
from odeplayground.cli.display import Probe, needed_libraries
from odeplayground.cli.exits import Exit


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; the advice says what to do about it."""

    name: str
    found: str
    verdict: Verdict = Verdict.OK
    advice: str = ""


def doctor(arguments: Namespace) -> int:
    """Print all checks; exit code 1 if one of them is a problem."""
    from odeplayground.cli.output import add, table, terminal, write_json

    checks = list(all_checks())
    if arguments.json:
        for check in checks:
            write_json("check", asdict(check))
    else:
        colours = {Verdict.OK: "", Verdict.NOTE: "yellow", Verdict.PROBLEM: "bold red"}
        listed = table("check", "found", "verdict", "what to do")
        for check in checks:
            add(listed, check.name, check.found, check.verdict, check.advice, style=colours[check.verdict])
        terminal().print(listed)
    return Exit.BAD_INPUT if any(check.verdict is Verdict.PROBLEM for check in checks) else Exit.GOOD


def all_checks() -> Iterator[Check]:
    """Everything there is to look at, from the interpreter to the screen."""
    probe = Probe()
    yield Check("odeplayground", __version__)
    yield Check("Python", platform.python_version())
    yield Check("system", f"{platform.system()} {platform.release()}, {os.cpu_count()} processors")
    yield from _libraries()
    yield _resources()
    yield _native()
    yield _torch()
    yield from _screen(probe)


def _libraries() -> Iterator[Check]:
    found = versions.libraries()
    if not found:
        yield Check("libraries", "unknown", Verdict.NOTE, "The program is not installed; install it with pip.")
    for library in found:
        yield check_library(library)


def check_library(library: versions.Library) -> Check:
    """Judge one library by the range that the program asks for and the version it was tested with."""
    if not library.found:
        return Check(library.name, "missing", Verdict.PROBLEM, f'pip install "{library.name}{library.wanted}"')
    if not library.fits:
        return Check(library.name, library.found, Verdict.PROBLEM, f'pip install "{library.name}{library.wanted}"')
    if library.tested and not versions.within(library.found, f"=={library.tested}"):
        return Check(library.name, library.found, Verdict.NOTE, f"Tested with {library.tested}.")
    return Check(library.name, library.found)


def _resources() -> Check:
    from odeplayground import assets

    try:
        presets = len(list(assets.presets().glob("*.toml")))
        fonts = len([path for path in assets.fonts().iterdir() if path.suffix in (".otf", ".ttf")])
    except OSError as error:
        return Check("resources", "missing", Verdict.PROBLEM, str(error))
    if not presets or not fonts:
        return Check("resources", "incomplete", Verdict.PROBLEM, "Please install odeplayground again.")
    return Check("resources", f"{presets} presets, {fonts} fonts")


def _native() -> Check:
    """Asked in another process too: some systems end a program that makes machine code."""
    code = (
        "from odeplayground.dynamics.kernels.features import host_features as features\n"
        "import odeplayground as odp\n"
        "odp.simulate(odp.parse('x\\' = -x'), (0.0, 1.0))\n"
        "print(features().width, 'numbers at once,', 'fused' if features().fma else 'separate', 'multiply-add')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        return Check("native code", "cannot be made", Verdict.PROBLEM, last)
    return Check("native code", done.stdout.strip())


def _torch() -> Check:
    """Asked in another process: a broken installation of torch can end the one that loads it."""
    code = "import odeplayground.neural, torch; print(torch.get_num_threads())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        return Check("torch threads", "torch does not load", Verdict.PROBLEM, last)
    return Check("torch threads", done.stdout.strip())


def _screen(probe: Probe) -> Iterator[Check]:
    display = probe.answer()
    missing = libraries.missing_packages(needed_libraries(os.environ))
    if missing:
        yield Check("system libraries", "missing", Verdict.PROBLEM, libraries.install_hint(missing))
    elif sys.platform.startswith("linux"):
        yield Check("system libraries", "all here")
    if display.usable:
        yield Check("window", f"Qt platform {display.platform}")
    else:
        yield Check("window", "none", Verdict.NOTE, display.reason)
