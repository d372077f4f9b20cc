"""``python -m odeplayground`` and the console scripts."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; with no command it opens the window."""
    from odeplayground.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
