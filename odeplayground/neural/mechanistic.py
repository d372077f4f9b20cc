"""Typed equations as a torch field whose parameters and unknown terms are learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import torch
from torch import Tensor, nn

from odeplayground import expr
from odeplayground.expr import Op
from odeplayground.neural.scaling import Scaling
from odeplayground.neural.terms import TermNet
from odeplayground.spec import Parameter, System


def _number(op: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """A comparison as a number."""
    return lambda a, b: op(a, b).to(a.dtype)


FUNCTIONS: dict[Op, Callable[..., Tensor]] = {
    Op.ADD: torch.add,
    Op.SUB: torch.sub,
    Op.MUL: torch.mul,
    Op.DIV: torch.div,
    Op.NEG: torch.neg,
    Op.POW: torch.pow,
    Op.SIN: torch.sin,
    Op.COS: torch.cos,
    Op.TAN: torch.tan,
    Op.ASIN: torch.asin,
    Op.ACOS: torch.acos,
    Op.ATAN: torch.atan,
    Op.ATAN2: torch.atan2,
    Op.SINH: torch.sinh,
    Op.COSH: torch.cosh,
    Op.TANH: torch.tanh,
    Op.EXP: torch.exp,
    Op.LOG: torch.log,
    Op.LOG10: torch.log10,
    Op.SQRT: torch.sqrt,
    Op.ABS: torch.abs,
    Op.SIGN: torch.sign,
    Op.MIN: torch.minimum,
    Op.MAX: torch.maximum,
    Op.FLOOR: torch.floor,
    Op.MOD: torch.remainder,
    Op.HEAVISIDE: lambda x: torch.heaviside(x, torch.full_like(x, 0.5)),
    Op.LT: _number(torch.lt),
    Op.LE: _number(torch.le),
    Op.GT: _number(torch.gt),
    Op.GE: _number(torch.ge),
    Op.EQ: _number(torch.eq),
    Op.NE: _number(torch.ne),
    Op.AND: lambda a, b: ((a != 0) & (b != 0)).to(a.dtype),
    Op.OR: lambda a, b: ((a != 0) | (b != 0)).to(a.dtype),
    Op.NOT: lambda a: (a == 0).to(a.dtype),
    Op.IF: lambda a, b, c: torch.where(a != 0, b, c),
}


class EquationsField(nn.Module):
    """The equations of a system in normalised states; ``unknown`` are its parameters to learn.

    Where there are learned terms, and no parameters are named, the parameters are known.

    They are in units of their first values (of one, where that is zero), so that they are alike in size, and count
    from there.

    Raises:
        ValueError: no parameters, an unknown name, or an operation that torch does not have here.
    """

    mean: Tensor
    scale: Tensor

    def __init__(
        self, system: System, scaling: Scaling, names: Sequence[str] = (), values: Mapping[str, float] | None = None
    ) -> None:
        super().__init__()
        own = dict(zip(system.parameters, system.values, strict=True)) | dict(values or {})
        self._system = system
        self.terms = nn.ModuleList(TermNet(term) for term in system.terms if term is not None)
        self._names = tuple(names) or (() if self.terms else system.parameters)
        missing = [name for name in self._names if name not in own]
        if missing or not (self._names or self.terms):
            raise ValueError(
                f"The equations have no parameter {missing[0]}." if missing else "There are no parameters."
            )
        model = expr.model(system)
        self._tape = model.tape(model.rhs)
        strange = [node.op for node in self._tape.nodes if node.op not in FUNCTIONS and node.op not in _LEAVES]
        if strange:
            raise ValueError(f'Parameters of equations with "{strange[0].name.lower()}" cannot be learned.')
        self._values = [own[name] for name in system.parameters]
        self._places = [system.parameters.index(name) for name in self._names]
        self._units = [abs(own[name]) or 1.0 for name in self._names]
        unknown = torch.zeros(len(self._names))
        if self._names:
            self.unknown: Tensor = nn.Parameter(unknown)
        else:
            self.register_buffer("unknown", unknown)
        self.register_buffer("mean", torch.tensor(scaling.mean))
        self.register_buffer("scale", torch.tensor(scaling.scale_in))

    def learned(self) -> dict[str, float]:
        """The parameters as they are now."""
        pairs = zip(self._names, self._places, self._units, self.unknown.tolist(), strict=True)
        return {name: self._values[place] + unit * x for name, place, unit, x in pairs}

    def export(self) -> System:
        """The system with the learned parameters and terms as its own."""
        values = dict(zip(self._system.parameters, self._values, strict=True)) | self.learned()
        constants = tuple(_with_value(one, values[one.name]) for one in self._system.constants)
        learned = iter(self.terms)
        terms = tuple(None if term is None else next(learned).export() for term in self._system.terms)  # type: ignore[operator]
        return msgspec.structs.replace(self._system, constants=constants, terms=terms)

    def forward(self, t: Tensor | None, z: Tensor) -> Tensor:
        """Values of shape (..., n)."""
        columns = (self.mean + self.scale * z).unbind(dim=-1)
        like = columns[0]
        parameters: list[Tensor] = [torch.full_like(like, value) for value in self._values]
        for number, (place, unit) in enumerate(zip(self._places, self._units, strict=True)):
            parameters[place] = parameters[place] + unit * self.unknown[number]
        registers: list[Any] = []
        for node in self._tape.nodes:
            match node.op:
                case Op.NUMBER:
                    registers.append(torch.full_like(like, node.value))
                case Op.STATE:
                    registers.append(columns[node.index])
                case Op.PARAMETER:  # behind the parameters are addresses of networks, for native code
                    registers.append(parameters[node.index] if node.index < len(parameters) else None)
                case Op.LEARNED:
                    registers.append(self.terms[node.index](*(registers[i] for i in node.args[1:])))
                case Op.TIME:
                    registers.append(torch.as_tensor(0.0 if t is None else t).to(like.dtype).expand_as(like))
                case _:
                    registers.append(FUNCTIONS[node.op](*(registers[i] for i in node.args)))
        return torch.stack([registers[i] for i in self._tape.outputs], dim=-1) / self.scale


_LEAVES = (Op.NUMBER, Op.STATE, Op.PARAMETER, Op.TIME, Op.LEARNED)


def _with_value(parameter: Parameter, value: float) -> Parameter:
    low, high = parameter.low, parameter.high
    return msgspec.structs.replace(
        parameter,
        value=value,
        low=None if low is None else min(low, value),
        high=None if high is None else max(high, value),
    )
