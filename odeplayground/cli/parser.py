"""The arguments of every command. Choices and their help come from the frozen data that the window shows too."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from pathlib import Path

from odeplayground._version import __version__
from odeplayground.cli.exits import Exit, InputError
from odeplayground.cli.values import assignment, count, member, number, positive
from odeplayground.spec import Choice, Gradient, Method

COMMANDS = ("simulate", "train", "presets", "doctor")

EXAMPLES = """\
examples:
  odeplayground                                   open the window
  odeplayground swing.odep                        open a project, or a text file with equations
  odeplayground simulate pendulum --set b=0.1 --t-span 0 20 --csv out.csv
  odeplayground train lotka-volterra --epochs 200 --out fit.odep
  odeplayground presets                           what can be opened by name
  odeplayground doctor                            is everything here that the program needs?

exit codes: 0 good, 1 bad input, 2 wrong usage, 3 the solution diverged, 130 stopped with Ctrl-C
"""

SIMULATE_EXAMPLES = """\
examples:
  odeplayground simulate pendulum --initial theta=pi/2 --csv -
  odeplayground simulate van-der-pol --set mu=100 --t-span 0 300 --method radau
  odeplayground simulate my-system.txt --points 50 --json
  odeplayground simulate fit.odep --learned --csv -
"""

TRAIN_EXAMPLES = """\
examples:
  odeplayground train pendulum --noise 0.05 --out fit.odep
  odeplayground train pendulum --gradient direct --epochs 100 --seed 1 --json > events.jsonl

Ctrl-C stops and keeps the best network so far; a second Ctrl-C gives up at once.
With --json every event of the training is printed but the networks between the epochs.
"""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the arguments.

    Raises:
        SystemExit: after the help text, the version or a usage message.
        InputError: the first word is neither a command nor a file.
    """
    words = list(argv)
    if not words or (words[0] not in COMMANDS and not words[0].startswith("-")):
        words = ["window", *words]
        _check_word(words[1:])
    return _build().parse_args(words)


def _check_word(words: Sequence[str]) -> None:
    """A mistyped command should not be taken for a file."""
    similar = difflib.get_close_matches(words[0], COMMANDS, n=1) if words else []
    if similar and not Path(words[0]).exists():
        raise InputError(f'There is no command "{words[0]}". Did you mean "{similar[0]}"?', Exit.USAGE)


def _build() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="odeplayground",
        usage="odeplayground [FILE]\n       odeplayground COMMAND [--help] ...",
        description="See dynamical systems move, and learn them from data with neural ODEs.",
        epilog=EXAMPLES,
        formatter_class=raw,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"odeplayground {__version__}")
    commands = parser.add_subparsers(
        prog="odeplayground", dest="command", metavar="COMMAND", required=True, title="commands"
    )
    _window(commands.add_parser("window", allow_abbrev=False))
    simulate = "solve a system and show or save the trajectory"
    _simulate(
        commands.add_parser(
            "simulate", help=simulate, epilog=SIMULATE_EXAMPLES, formatter_class=raw, allow_abbrev=False
        )
    )
    train = "learn a system from sampled data and compare"
    _train(commands.add_parser("train", help=train, epilog=TRAIN_EXAMPLES, formatter_class=raw, allow_abbrev=False))
    _json(commands.add_parser("presets", help="list the shipped systems", allow_abbrev=False))
    _json(commands.add_parser("doctor", help="check this installation", allow_abbrev=False))
    return parser


def _window(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("system", nargs="?", metavar="FILE", help="a project, a text with equations or a preset")


def _simulate(parser: argparse.ArgumentParser) -> None:
    _system(parser)
    parser.add_argument(
        "--initial", action="append", default=[], type=assignment, metavar="NAME=VALUE", help="start here; repeatable"
    )
    parser.add_argument("--t-span", nargs=2, type=number, metavar=("FROM", "TO"), help="time span")
    parser.add_argument("--method", type=member(Method), metavar="METHOD", help=_listed(Method))
    parser.add_argument("--rtol", type=positive, help="relative tolerance")
    parser.add_argument("--atol", type=positive, help="absolute tolerance")
    parser.add_argument("--step", type=positive, help="step of the methods with a fixed step")
    parser.add_argument("--points", type=count, default=501, metavar="N", help="times in the output (default 501)")
    parser.add_argument("--learned", action="store_true", help="solve what a project has learned, not its equations")
    parser.add_argument("--csv", metavar="FILE", help='write the trajectory; "-" writes it to the terminal')
    _json(parser)


def _train(parser: argparse.ArgumentParser) -> None:
    _system(parser)
    parser.add_argument("--trajectories", type=count, metavar="N", help="how many trajectories are sampled")
    parser.add_argument("--points", type=count, metavar="N", help="samples on each of them")
    parser.add_argument("--noise", type=number, metavar="SHARE", help="noise, relative to each state's deviation")
    parser.add_argument("--epochs", type=count, metavar="N", help="epochs at most")
    parser.add_argument("--gradient", type=member(Gradient), metavar="WAY", help=_listed(Gradient))
    parser.add_argument("--seed", type=int, help="seed of the noise and of the first weights")
    parser.add_argument("--out", metavar="FILE.odep", help="save the project with the trained network")
    _json(parser)


def _system(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("system", metavar="PRESET-OR-FILE", help="see: odeplayground presets")
    parser.add_argument(
        "--set", action="append", default=[], type=assignment, metavar="NAME=VALUE", help="a parameter; repeatable"
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")


def _listed(choices: type[Choice]) -> str:
    return "; ".join(f"{choice}: {choice.help}" for choice in choices).replace("%", "%%")
