"""What the code is told: a block of 8-byte slots, doubles and integers and addresses, written by numpy."""

from __future__ import annotations

from enum import IntEnum, auto

COLUMNS = 16
"""So many points are given to a field at once: as many as the widest vector of any machine holds."""
AT_ONCE = COLUMNS // 2
"""So many lines are followed at once, both ways."""


class Slot(IntEnum):
    """Numbers of slots."""

    FUNCTION = 0
    """Of the field, ``function(first, states, third, slopes, columns)``. States and slopes are (n_states, COLUMNS)."""
    FIRST = auto()
    THIRD = auto()
    STATES = auto()
    SLOPES = auto()
    STATE_X = auto()
    """Where the rows of the two axes begin."""
    STATE_Y = auto()
    SLOPE_X = auto()
    SLOPE_Y = auto()
    LOW_X = auto()
    """Doubles: a state is low + scale times the place in the picture."""
    LOW_Y = auto()
    SCALE_X = auto()
    SCALE_Y = auto()
    SIZE_X = auto()
    """The picture reaches from 0 to here."""
    SIZE_Y = auto()
    STEP = auto()
    """Arc length of a step, with two points per step."""
    MOST = auto()
    """Integer: steps to either side of a seed."""
    FEWEST = auto()
    """Integer: points of the shortest line that is kept."""
    NEAR = auto()
    """Six slots of the raster with what is too near to a line."""
    GAPS = 24
    """The same for what is near enough to need no other line."""
    WORK = 30
    """Doubles, ``Row`` times COLUMNS."""
    TRACK = auto()
    """Doubles: points of the lines that are being followed, (COLUMNS, 2 MOST + 1, 2)."""
    LENGTHS = auto()
    """Integers: points of each, (COLUMNS,)."""
    SEEDS = auto()
    """Doubles, (COUNT, 2)."""
    COUNT = auto()
    NEXT = auto()
    """The first seed that was not tried yet."""
    POINTS = auto()
    """Doubles, (ROOM, 2): the lines that were found, one after the other."""
    ROOM = auto()
    USED = auto()
    ENDS = auto()
    """Integers: how many points there are up to the end of each line."""
    LINES = auto()
    """How many lines there are."""
    CANCEL = auto()
    """Address of an integer that is not zero once the work is to stop."""


class Raster(IntEnum):
    """The slots of a raster."""

    PIXELS = 0
    """Address of the bytes, one per pixel, row by row."""
    STRIDE = 1
    """Pixels per row."""
    ROWS = 2
    MARGIN = 3
    """Pixels on each side around the picture."""
    DENSITY = 4
    """Double: pixels per unit of length."""
    REACH = 5
    """Double: the square of the distance in pixels that a point takes."""


class Row(IntEnum):
    """Rows of the working memory; x comes first, then y."""

    AT = 0
    HEADING = 2
    SECOND = 4
    THIRD = 6
    FOURTH = 8
    NEW = 10
    SIGN = 12
    """1 along the field, -1 against it."""
    ALIVE = 13
    """1 where a line goes on, else 0."""
    COUNT = 14
