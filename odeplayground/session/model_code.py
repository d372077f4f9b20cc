"""A learned field as Python code for torch: one line per operation of its graph."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from odeplayground import expr
from odeplayground.expr.graph import Node, Op, Tape
from odeplayground.expr.known import learned_model
from odeplayground.spec import AnySystem, System

_TAKEN = frozenset({"self", "t", "state", "torch", "np", "full", "dtype"})
_OPERATORS = {Op.ADD: "{} + {}", Op.SUB: "{} - {}", Op.MUL: "{} * {}", Op.DIV: "{} / {}", Op.NEG: "-{}"}
_FUNCTIONS = {
    Op.POW: "torch.pow({}, {})",
    Op.SIN: "torch.sin({})",
    Op.COS: "torch.cos({})",
    Op.TAN: "torch.tan({})",
    Op.ASIN: "torch.asin({})",
    Op.ACOS: "torch.acos({})",
    Op.ATAN: "torch.atan({})",
    Op.ATAN2: "torch.atan2({}, {})",
    Op.SINH: "torch.sinh({})",
    Op.COSH: "torch.cosh({})",
    Op.TANH: "torch.tanh({})",
    Op.EXP: "torch.exp({})",
    Op.LOG: "torch.log({})",
    Op.LOG10: "torch.log10({})",
    Op.SQRT: "torch.sqrt({})",
    Op.ABS: "torch.abs({})",
    Op.SIGN: "torch.sign({})",
    Op.MIN: "torch.minimum({}, {})",
    Op.MAX: "torch.maximum({}, {})",
    Op.FLOOR: "torch.floor({})",
    Op.MOD: "torch.remainder({}, {})",
    Op.HEAVISIDE: "torch.heaviside({}, full(0.5))",
    Op.LT: "{} < {}",
    Op.LE: "{} <= {}",
    Op.GT: "{} > {}",
    Op.GE: "{} >= {}",
    Op.EQ: "{} == {}",
    Op.NE: "{} != {}",
    Op.AND: "{} & {}",
    Op.OR: "{} | {}",
    Op.NOT: "~{}",
    Op.IF: "torch.where({}, {}, {})",
}


def body(field: AnySystem) -> list[str]:
    """The statements of a function of ``t`` and ``state`` (..., n_states) that returns dx/dt of that shape.

    They call ``self.networks[k](*inputs)``, of shape (..., n_outputs), and ``self.networks[k].slope(i, *inputs)``, the
    derivative of the first output by input number i; and ``full(value)``, a number in the shape of a state.
    """
    return _Writer(field).lines


class _Writer:
    def __init__(self, field: AnySystem) -> None:
        model = expr.model(field) if isinstance(field, System) else learned_model(field)
        tape = model.tape(model.rhs)
        names = [*field.states, *field.parameters]
        self._names = _safe(names)
        self._n_states = len(field.states)
        self._said: dict[int, str] = {}
        self._calls: dict[tuple[int, tuple[int, ...]], str] = {}
        states = ", ".join(self._names[: self._n_states])
        self.lines = [f"{states if self._n_states > 1 else f'({states},)'} = state.unbind(-1)"]
        used = {node.index for node in tape.nodes if node.op is Op.PARAMETER}
        for index, (name, value) in enumerate(zip(self._names[self._n_states :], field.values, strict=True)):
            if index in used:
                self.lines.append(f"{name} = full({value!r})")
        for number, node in enumerate(tape.nodes):
            self._say(tape, number, node)
        self.lines.append(f"return torch.stack([{', '.join(self._tensor(tape, i) for i in tape.outputs)}], dim=-1)")

    def _say(self, tape: Tape, number: int, node: Node) -> None:
        match node.op:
            case Op.NUMBER:
                self._said[number] = repr(node.value) if node.value >= 0 else f"({node.value!r})"
            case Op.STATE:
                self._said[number] = self._names[node.index]
            case Op.TIME:
                self._said[number] = "full(t)"
            case Op.PARAMETER:  # behind the parameters are addresses of networks, for native code
                at = self._n_states + node.index
                self._said[number] = self._names[at] if at < len(self._names) else ""
            case Op.LEARNED:
                self._said[number] = self._network(tape, node)
            case _:
                self._said[number] = self._new(self._operation(tape, node))

    def _operation(self, tape: Tape, node: Node) -> str:
        if node.op in _OPERATORS:
            return _OPERATORS[node.op].format(*(self._said[i] for i in node.args))
        return _FUNCTIONS[node.op].format(*(self._tensor(tape, i) for i in node.args))

    def _network(self, tape: Tape, node: Node) -> str:
        inputs = ", ".join(self._tensor(tape, i) for i in node.args[1:])
        output, *by = node.part
        if by:
            return self._new(f"self.networks[{node.index}].slope({by[0]}, {inputs})")
        call = node.index, node.args
        if call not in self._calls:
            self._calls[call] = self._new(f"self.networks[{node.index}]({inputs})")
        return f"{self._calls[call]}[..., {output}]"

    def _tensor(self, tape: Tape, number: int) -> str:
        text = self._said[number]
        return f"full({text})" if tape.nodes[number].op is Op.NUMBER else text

    def _new(self, text: str) -> str:
        name = f"_{len(self.lines)}"
        self.lines.append(f"{name} = {text}")
        return name


def _safe(names: Sequence[str]) -> list[str]:
    """Names that can stand in the code, each different from the others and from what it uses itself."""
    found: list[str] = []
    for number, name in enumerate(names):
        plain = name if name.isidentifier() and name.isascii() else f"x{number}"
        while keyword.iskeyword(plain) or plain in _TAKEN or plain in found or re.fullmatch(r"_\d+", plain):
            plain += "_"
        found.append(plain)
    return found
