"""How large a text may be. Every limit is checked before the work that it bounds."""

from __future__ import annotations

MAX_TEXT = 20_000
"""Characters in the text, and in its canonical form."""

MAX_NODES = 5_000
"""Numbers, names and operations in all expressions together."""

MAX_WRITTEN_OUT = 4 * MAX_NODES
"""Pieces of text that calls of the text's own functions may stand for, all together."""

MAX_DEPTH = 100
"""Nesting of an expression: brackets, functions, powers of powers. Sums and products may be long."""

MAX_PENDING = 250
"""Operators and brackets that wait for their right side while reading.

More than ``MAX_DEPTH``, because brackets may be superfluous; never less, so that what was read once, and is then
written with brackets of its own, can be read again.
"""

MAX_NAMES = 400
"""States, parameters and sub-expressions together."""

MAX_STATEMENTS = 2 * MAX_NAMES + 1
"""Statements: every name once, its initial value, and the time span."""

MAX_NAME = 40
"""Characters in a name."""

MAX_DIGITS = 100
"""Characters in a number."""

MAX_EXPONENT = 1_000.0
"""Largest absolute value of a constant exponent of something that varies."""

MAX_DERIVATIVES = 100_000
"""Sum, over the arguments of all nodes, of the number of states and parameters that a node depends on.

Bounds the size of the Jacobians.
"""

MAX_LAYOUTS = 800
"""Symbols laid out to draw one formula (half a millisecond each); a larger one is shown as text."""

MAX_LEVELS = 20
"""Fractions, powers and roots inside each other in a formula that is drawn."""

MAX_SHOWN = 60
"""Characters of a formula that is shown as text."""

MAX_PROBLEMS = 20
"""Problems reported at once."""

MAX_COMPARISONS = 1_000
"""Edit distances computed for the suggestions of one text."""
