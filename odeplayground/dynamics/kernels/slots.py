"""The arguments of a driver: a block of 8-byte slots, written by numpy and read by the generated code."""

from __future__ import annotations

from enum import Enum, auto

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index, integer
from odeplayground.dynamics.kernels.vector import F64, I64, POINTER, Lanes


class Array(Enum):
    """Arrays over trajectories (and states or parameters): a pointer and two strides in bytes, which may be 0."""

    Y0 = auto()
    PARAMETERS = auto()
    T0 = auto()
    T1 = auto()
    RTOL = auto()
    ATOL = auto()
    LOW = auto()
    HIGH = auto()
    """Where trajectories end. If not BOXED, in sizes of where they began, or of 1 if they began nearer."""
    STEP = auto()
    """Of fixed-step methods."""
    MAX_STEP = auto()
    """The longest step of the others."""
    Y = auto()
    """From here on written by the driver: the last state, its time, and the step."""
    T = auto()
    H = auto()
    ENDING = auto()
    """From here on integers."""
    STEPS = auto()
    """Attempts; read at the begin, too, like the two below."""
    ACCEPTED = auto()
    POSITION = auto()
    """How many of the sample times are done."""
    COUNTS = auto()
    """Crossings so far, per event, as doubles; the driver goes on counting."""
    SAMPLES = auto()
    """Strides over trajectories and states; times are neighbours."""


class Slot(Enum):
    """Single slots."""

    NEXT = auto()
    """How many trajectories of the queue were fetched, by all threads."""
    TOTAL = auto()
    BLOCK = auto()
    """How many a thread fetches at a time."""
    ORDER = auto()
    """Pointer to the numbers of the trajectories in the queue; 0: all, in order."""
    CANCEL = auto()
    """Pointer to an integer that is not zero once the work is to stop."""
    GRID = auto()
    """Pointer to the sample times, followed by NaNs for one vector and one more."""
    POINTS = auto()
    MAX_STEPS = auto()
    WATCH = auto()
    """Not zero: look for stiffness."""
    BOXED = auto()
    """Not zero: LOW and HIGH are a box to stay in."""
    DIRECTIONS = auto()
    """Pointer to a double per event: 1 for crossings from below, -1 from above, 0 for both."""
    STOP_AFTER = auto()
    """Pointer to a double per event: so many crossings end the trajectory; 0: it goes on."""
    N_PARAMETERS = auto()
    """How many parameters there are; the driver may have room for more."""
    CONSTANTS = auto()
    """From here on: addresses of the functions of the equations, for drivers that were compiled without them."""
    RHS = auto()
    LINEAR = auto()
    EVENTS = auto()


ARRAY_AT = {array: 3 * number for number, array in enumerate(Array)}
"""Number of the slot with the pointer; the strides follow."""
SLOT_AT = {slot: 3 * len(Array) + number for number, slot in enumerate(Slot)}
SLOTS = 3 * len(Array) + len(Slot)
"""How many slots there are."""


class Arguments:
    """Writes accesses to the slots."""

    def __init__(self, lanes: Lanes, pointer: ir.Value) -> None:
        self._lanes, self._pointer = lanes, pointer
        self._builder = lanes.builder

    def _slot(self, number: int, kind: ir.Type) -> ir.Value:
        return self._builder.load(self._lanes.address(self._pointer, number), typ=kind)

    def address(self, slot: Slot) -> ir.Value:
        """Pointer to the slot itself."""
        return self._lanes.address(self._pointer, SLOT_AT[slot])

    def integer(self, slot: Slot) -> ir.Value:
        """A slot that holds an integer."""
        return self._slot(SLOT_AT[slot], I64)

    def pointer(self, slot: Slot) -> ir.Value:
        """A slot that holds an address."""
        return self._slot(SLOT_AT[slot], POINTER)

    def function(self, slot: Slot, kind: ir.FunctionType) -> ir.Value:
        """A slot that holds the address of a function."""
        return self._slot(SLOT_AT[slot], kind.as_pointer())

    def flag(self, slot: Slot) -> ir.Value:
        """Whether a slot is not zero."""
        return self._builder.icmp_unsigned("!=", self.integer(slot), I64(0))

    def item(self, array: Array, row: ir.Value, column: Index = 0) -> ir.Value:
        """Pointer to one entry: of a trajectory, and of a state or parameter."""
        first = ARRAY_AT[array]
        place = self._builder.mul(row, self._slot(first + 1, I64))
        if not (isinstance(column, int) and column == 0):
            beside = self._builder.mul(integer(column), self._slot(first + 2, I64))
            place = self._builder.add(place, beside)
        return self._builder.gep(self._slot(first, POINTER), [place], source_etype=ir.IntType(8))

    def row(self, slot: ir.Value, number: ir.Value) -> tuple[ir.Value, ir.Value]:
        """Pointer to the row of a trajectory, and the stride along it, of the array with that slot."""
        first = self._builder.gep(self._pointer, [slot], source_etype=I64)
        base, apart, beside = (
            self._builder.load(self._lanes.address(first, i), typ=kind) for i, kind in enumerate((POINTER, I64, I64))
        )
        return self._builder.gep(base, [self._builder.mul(number, apart)], source_etype=ir.IntType(8)), beside

    def between_columns(self, array: Array) -> ir.Value:
        """The stride over states or parameters, in bytes."""
        return self._slot(ARRAY_AT[array] + 2, I64)

    def get(self, array: Array, row: ir.Value, column: Index = 0) -> ir.Value:
        """A double."""
        return self._builder.load(self.item(array, row, column), typ=F64)

    def get_integer(self, array: Array, row: ir.Value) -> ir.Value:
        """A 64-bit integer."""
        return self._builder.load(self.item(array, row), typ=I64)

    def put(self, array: Array, row: ir.Value, value: ir.Value, column: Index = 0) -> None:
        """Write a double or a 64-bit integer."""
        self._builder.store(value, self.item(array, row, column))
