"""What depends on parameters alone, taken out of tapes: it is computed once per trajectory, not at every step."""

from __future__ import annotations

from collections.abc import Sequence

from odeplayground.expr.graph import CONDITIONS, Node, Op, Tape, needed


def take_out_constants(tapes: Sequence[Tape]) -> tuple[Tape, list[Tape]]:
    """A tape that computes constants from parameters, and the tapes with these constants as their parameters.

    Constants are all numbers that depend on parameters alone and meet a state, the time or an output.
    """
    constants = _Constants()
    moving = [constants.without(tape) for tape in tapes]
    return Tape(tuple(constants.nodes), tuple(constants.outputs)), moving


class _Constants:
    """The tape of the constants while it grows. Equal constants of several tapes are the same."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.outputs: list[int] = []
        self._known: dict[Node, int] = {}
        self._index: dict[int, int] = {}

    def without(self, tape: Tape) -> Tape:
        """The tape with constants as parameters."""
        moves = _moves(tape)
        place: dict[int, int] = {}
        own: dict[int, int] = {}
        nodes: list[Node] = []
        for number in needed(tape.nodes, tape.outputs):
            node = tape.nodes[number]
            if moves[number] or node.op is Op.NUMBER:
                args = tuple(place[arg] for arg in node.args)
                nodes.append(Node(node.op, args, node.value, node.index, node.part))
                place[number] = len(nodes) - 1
            if not moves[number]:
                args = tuple(own[i] for i in node.args)
                own[number] = self._intern(Node(node.op, args, node.value, node.index, node.part))
                if node.op is not Op.NUMBER and _is_met(tape, number, moves):
                    nodes.append(Node(Op.PARAMETER, index=self._output(own[number])))
                    place[number] = len(nodes) - 1
        return Tape(tuple(nodes), tuple(place[output] for output in tape.outputs))

    def _intern(self, node: Node) -> int:
        if node not in self._known:
            self._known[node] = len(self.nodes)
            self.nodes.append(node)
        return self._known[node]

    def _output(self, number: int) -> int:
        if number not in self._index:
            self._index[number] = len(self.outputs)
            self.outputs.append(number)
        return self._index[number]


def _moves(tape: Tape) -> list[bool]:
    """Which nodes cannot be constants: what depends on states or time, and conditions, which are no numbers."""
    moves: list[bool] = []
    for node in tape.nodes:
        moves.append(node.op in (Op.STATE, Op.TIME) or node.op in CONDITIONS or any(moves[arg] for arg in node.args))
    return moves


def _is_met(tape: Tape, number: int, moves: Sequence[bool]) -> bool:
    """Whether a constant is used by something that moves, or is an output."""
    used = any(number in node.args for node, moving in zip(tape.nodes, moves, strict=True) if moving)
    return used or number in tape.outputs
