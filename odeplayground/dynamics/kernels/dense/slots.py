"""What the code of dense networks is told: one block of trajectories, as a row of 8-byte slots.

A block has ``vectors`` vectors per row; arrays are [..., row, lane]. So many lanes make one step together, each with a
time and a step of its own.
"""

from __future__ import annotations

from enum import IntEnum

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index, integer
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes

STAGES = 6
"""Points per step: the tableaus have seven stages, of which the last is the first of the next step."""


class Slot(IntEnum):
    """Integers, and addresses of arrays."""

    LAYERS = 0
    ACTIVATION = 1
    SIZES = 2
    """Of the layers, 64-bit integers."""
    PLACES = 3
    """Four integers per layer: where its weights, their derivatives, those of its bias, and its hidden units begin."""
    WEIGHTS = 4
    ZEROS = 5
    """As many as the largest layer has units."""
    STATES = 6
    HIDDEN = 7
    """Units of all hidden layers together."""
    VECTORS = 8
    N_TIMES = 9
    TIMES = 10
    """(n_times, lanes), increasing, the first of them zero."""
    OUT = 11
    """(n_times, states, lanes)."""
    COTANGENT = 12
    CAPACITY = 13
    """Steps that the tape has room for."""
    STEPS = 14
    """Steps on the tape."""
    NEXT = 15
    """The first output that some lane has not reached."""
    ANSWER = 16
    Z = 17
    """States at the points of the tape, (points, states, lanes)."""
    K = 18
    """Slopes there."""
    H = 19
    """Activations there, (points, hidden, lanes)."""
    S = 20
    """The derivatives of the activations."""
    STEP_T = 21
    """(steps, lanes): where steps begin."""
    STEP_H = 22
    """(steps, lanes): their lengths; zero where a lane rests."""
    RANGES = 23
    """Two integers per step: outputs that may lie in it."""
    LANES = 24
    """A row per :class:`Row`."""
    PLANES = 25
    """States' worth of memory for the way back, see :class:`Plane`."""
    TABLEAU = 26
    """7 x 7 weights of the stages, the last row being those of the new state; 7 of the error; 7 x 4 of the output."""
    SETTINGS = 27
    """See :class:`Setting`."""
    SHARED = 28
    """Whether all lanes have the same steps."""
    RECORD = 29
    """Whether there is a tape; else only the last step is kept."""
    WORK = 30
    """Two times the widest layer, and the same transposed."""
    WIDEST = 31
    """The widest layer, rounded up to vectors."""
    WEIGHT_SUMS = 32
    BIAS_SUMS = 33
    CAPPED = 34
    """Whether steps are bounded by the spectral radius, too."""
    SEPARATE = 35
    """Not zero: derivatives by the weights are kept for each lane, (weights, lanes), in the order of the weights."""


class Row(IntEnum):
    """Numbers of each lane."""

    T = 0
    STEP = 1
    """The next one."""
    END = 2
    ENDING = 3
    """A code of ``endings.Ending``."""
    ACCEPTED = 4
    TRIED = 5
    ERROR = 6
    """Mean square of the last error in units of the tolerance."""
    FIRST = 7
    """The first accepted step."""
    MENDED = 8
    """One in lanes that a step left as they were."""
    RATE = 9
    """Estimate of the spectral radius."""


class Plane(IntEnum):
    """Blocks of states on the way back."""

    PENDING = 0
    """The cotangent of the slope where the step begins."""
    KAPPA = 1
    EXTRA = 2
    """Cotangents of outputs, which go to the state where the step begins."""
    SLOPES = 3
    """Seven: the cotangents of the slopes, from the outputs in the step."""
    PULLED = 10
    """Seven: the slopes' cotangents times the Jacobians; the last is the cotangent of the state."""
    ERROR = 17
    NOTHING = 18
    DIRECTION = 19
    """For the spectral radius."""
    PROBE = 20
    """Two: a state and the slope there."""


class Setting(IntEnum):
    """Numbers."""

    RTOL = 0
    ATOL = 1
    MOST_STEPS = 2
    LARGEST = 3
    """The largest step times the spectral radius."""


DENSE = 56
"""Where the weights of outputs begin in the tableau."""
ERROR = 49


class Block:
    """Writes accesses to one block."""

    def __init__(self, lanes: Lanes, slots: ir.Value) -> None:
        self.lanes, self.slots, self.builder = lanes, slots, lanes.builder
        self.flow = Flow(lanes)

    def integer(self, slot: Slot) -> ir.Value:
        """A slot that holds an integer."""
        return self.builder.load(self._at(slot), align=8, typ=I64)

    def put(self, slot: Slot, value: ir.Value) -> None:
        """Write such a slot."""
        self.builder.store(value, self._at(slot), align=8)

    def pointer(self, slot: Slot) -> ir.Value:
        """A slot that holds an address."""
        return self.builder.load(self._at(slot), align=8, typ=POINTER)

    def entry(self, array: ir.Value, index: Index) -> ir.Value:
        """An integer of an array of them."""
        return self.builder.load(self._whole(array, index), align=8, typ=I64)

    def put_entry(self, array: ir.Value, index: Index, value: ir.Value) -> None:
        """Write it."""
        self.builder.store(value, self._whole(array, index), align=8)

    def setting(self, setting: Setting) -> ir.Value:
        """A number in all lanes."""
        return self.lanes.load_splat(self.pointer(Slot.SETTINGS), int(setting))

    @property
    def vectors(self) -> ir.Value:
        """Vectors per row."""
        return self.integer(Slot.VECTORS)

    @property
    def row_size(self) -> ir.Value:
        """Numbers per row."""
        return self.times(self.vectors, self.lanes.width)

    @property
    def state_size(self) -> ir.Value:
        """Numbers in a block of states."""
        return self.times(self.row_size, self.integer(Slot.STATES))

    def times(self, a: Index, b: Index) -> ir.Value:
        """Their product."""
        return self.builder.mul(integer(a), integer(b))

    def plus(self, a: Index, b: Index) -> ir.Value:
        """Their sum."""
        return self.builder.add(integer(a), integer(b))

    def plane(self, plane: Plane, number: Index = 0) -> ir.Value:
        """Where a block of states for the way back begins."""
        return self.states_at(self.pointer(Slot.PLANES), self.plus(int(plane), number))

    def states_at(self, array: ir.Value, number: Index) -> ir.Value:
        """The block of states with this number."""
        return self.lanes.address(array, self.times(number, self.state_size))

    def point(self, slot: Slot, number: Index) -> ir.Value:
        """Where a point of the tape begins in one of the arrays Z, K, H and S."""
        if slot in (Slot.Z, Slot.K):
            return self.states_at(self.pointer(slot), number)
        size = self.times(self.integer(Slot.HIDDEN), self.row_size)
        return self.lanes.address(self.pointer(slot), self.times(number, size))

    def row(self, row: Row, vector: Index) -> ir.Value:
        """Where a vector of the lanes' numbers is."""
        place = self.plus(self.times(int(row), self.vectors), vector)
        return self.lanes.address(self.pointer(Slot.LANES), self.times(place, self.lanes.width))

    def get(self, row: Row, vector: Index) -> ir.Value:
        """A vector of the lanes' numbers."""
        return self.lanes.load(self.row(row, vector))

    def set(self, row: Row, vector: Index, value: ir.Value) -> None:
        """Write it."""
        self.lanes.store(value, self.row(row, vector))

    def vector_of(self, array: ir.Value, row: Index, vector: Index) -> ir.Value:
        """Where a vector of an array of rows is."""
        place = self.plus(self.times(row, self.vectors), vector)
        return self.lanes.address(array, self.times(place, self.lanes.width))

    def _at(self, slot: Slot) -> ir.Value:
        return self._whole(self.slots, int(slot))

    def _whole(self, array: ir.Value, index: Index) -> ir.Value:
        return self.builder.gep(array, [integer(index)], source_etype=I64)
