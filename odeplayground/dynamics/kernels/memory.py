"""The working memory of one thread: named blocks of vectors, one trajectory per lane, and a few integers before them.

It outlives a call, so that a driver that had to stop for a full buffer can go on where it was.
"""

from __future__ import annotations

from enum import IntEnum

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.vector import F64, I64, Lanes


class Header(IntEnum):
    """The integers at the begin, 8 bytes each."""

    STARTED = 0
    """Zero at the first call for a task."""
    NEXT = 1
    END = 2
    """Trajectories from NEXT up to END in the queue were fetched by this thread."""
    CLOSED = 3
    """Not zero: begin no more trajectories."""
    RECORDS = 4
    """Pointer to the buffer for accepted steps; 0 for none."""
    RECORDS_ROOM = 5
    RECORDS_USED = 6
    """In rows."""
    CROSSINGS = 7
    """Pointer to the buffer for crossings."""
    CROSSINGS_ROOM = 8
    CROSSINGS_USED = 9
    LEFT = 10
    """Pause before this round of steps, the next one being the first; 0 for no pause."""


HEADER_SIZE = 16
"""Doubles before the first vector."""


class Layout:
    """Which block of vectors is where."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self.vectors = 0

    def add(self, name: str, vectors: int = 1) -> None:
        """Append a block."""
        self._places[name], self._sizes[name] = self.vectors, vectors
        self.vectors += vectors

    def place(self, name: str) -> int:
        """Number of the first vector of a block."""
        return self._places[name]

    def doubles(self, width: int) -> int:
        """Size of the whole memory."""
        return HEADER_SIZE + self.vectors * width


class Work:
    """Writes accesses to the working memory."""

    def __init__(self, lanes: Lanes, pointer: ir.Value, layout: Layout) -> None:
        self._lanes, self._pointer, self._layout = lanes, pointer, layout
        self._builder = lanes.builder
        self._vectors = lanes.address(pointer, HEADER_SIZE)

    def address(self, name: str, index: Index = 0, row: int = 0) -> ir.Value:
        """Pointer to the vector number ``row + index`` of a block."""
        first = self._layout.place(name) + row
        place = I64(first + index) if isinstance(index, int) else self._builder.add(index, I64(first))
        return self._builder.gep(self._vectors, [place], source_etype=self._lanes.real)

    def load(self, name: str, index: Index = 0, row: int = 0) -> ir.Value:
        """A vector."""
        return self._builder.load(self.address(name, index, row), align=8, typ=self._lanes.real)

    def store(self, name: str, value: ir.Value, index: Index = 0, row: int = 0) -> None:
        """Replace a vector."""
        self._builder.store(value, self.address(name, index, row), align=8)

    def store_where(self, name: str, mask: ir.Value, value: ir.Value, index: Index = 0) -> None:
        """Replace a vector in the lanes of the mask.

        In pieces of 16 bits: of longer ones LLVM would make a masked store, which takes more than ten cycles on AMD's
        processors, however the choice is written.
        """
        lanes, builder = self._lanes, self._builder
        pieces = ir.VectorType(ir.IntType(16), lanes.width * lanes.size // 2)
        old, new = (builder.bitcast(it, pieces) for it in (self.load(name, index), value))
        chosen = builder.bitcast(builder.sext(mask, lanes.integer), pieces)
        changed = builder.and_(builder.xor(old, new), chosen)
        self.store(name, builder.bitcast(builder.xor(old, changed), lanes.real), index)

    def load_mask(self, name: str) -> ir.Value:
        """The lanes whose number is not zero."""
        return self._lanes.compare("!=", self.load(name), self._lanes.number(0.0))

    def store_mask(self, name: str, mask: ir.Value) -> None:
        """1 where the mask is true, else 0."""
        self.store(name, self._lanes.select(mask, self._lanes.number(1.0), self._lanes.number(0.0)))

    def lane(self, name: str, lane: ir.Value, index: Index = 0, row: int = 0) -> ir.Value:
        """Pointer to the number in one lane."""
        return self._lanes.address(self.address(name, index, row), lane)

    def lane_of_vector(self, vector: ir.Value, lane: ir.Value) -> ir.Value:
        """Pointer to the number in one lane of a vector that is known by its place."""
        return self._lanes.address(self._builder.gep(self._vectors, [vector], source_etype=self._lanes.real), lane)

    def get(self, name: str, lane: ir.Value, index: Index = 0, row: int = 0) -> ir.Value:
        """The double in one lane."""
        return self._builder.load(self.lane(name, lane, index, row), typ=F64)

    def put(self, name: str, lane: ir.Value, value: ir.Value, index: Index = 0, row: int = 0) -> None:
        """Replace the double, or a 64-bit integer, in one lane."""
        self._builder.store(value, self.lane(name, lane, index, row))

    def get_integer(self, name: str, lane: ir.Value) -> ir.Value:
        """The 64-bit integer in one lane."""
        return self._builder.load(self.lane(name, lane), typ=I64)

    def header(self, entry: Header) -> ir.Value:
        """An integer of the header."""
        return self._builder.load(self._lanes.address(self._pointer, int(entry)), typ=I64)

    def set_header(self, entry: Header, value: ir.Value) -> None:
        """Replace an integer of the header."""
        self._builder.store(value, self._lanes.address(self._pointer, int(entry)))
