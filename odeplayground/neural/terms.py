"""Terms of equations that are learned: in torch, as data, and where they begin."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import torch
from torch import Tensor, nn

from odeplayground import expr
from odeplayground.dynamics.dense import DenseNetwork
from odeplayground.dynamics.tape import Program
from odeplayground.expr import Op, Tape
from odeplayground.neural.data import Floats, positive
from odeplayground.neural.models import BENDS, MLP, seeded_net
from odeplayground.spec import Array, LearnedTerm, System


class TermNet(nn.Module):
    """The function of a learned term, with the weights as parameters; see :class:`spec.LearnedTerm`."""

    mean: Tensor
    scale: Tensor

    def __init__(self, term: LearnedTerm) -> None:
        super().__init__()
        self.net = MLP(term.layers, term.activation).double()
        flat = torch.tensor(np.array(term.weights))
        nn.utils.vector_to_parameters(flat, self.net.parameters())
        self.register_buffer("mean", torch.tensor(np.array(term.mean)))
        self.register_buffer("scale", torch.tensor(np.array(term.scale_in)))
        self._term = term

    def forward(self, *inputs: Tensor) -> Tensor:
        """The term at arguments of one shape, of that shape."""
        u = (torch.stack(inputs, dim=-1) - self.mean) / self.scale
        by = self._term.by
        if by is not None:
            return self._term.scale_out / self.scale[by] * self._slope(u, by)
        value: Tensor = self.net(None, u)[..., 0]
        return self._term.scale_out * value

    def _slope(self, u: Tensor, by: int) -> Tensor:
        """The derivative of the network by an input, written out so that it can be differentiated."""
        bend = BENDS[self.net.activation]
        *inner, (matrix, _) = self.net.weights()
        y, tangent = u, torch.zeros_like(u)
        tangent[..., by] = 1.0
        for w, b in inner:
            x = nn.functional.linear(y, w, b)
            y = bend.value(x)
            tangent = bend.pull(tangent @ w.T, x, y)
        return tangent @ matrix[0]

    def export(self) -> LearnedTerm:
        """The term with the weights as they are now."""
        weights = torch.cat([p.detach().double().reshape(-1) for p in self.net.parameters()]).numpy()
        return msgspec.structs.replace(self._term, weights=Array.of(weights))


def with_first_terms(
    system: System,
    t: Floats,
    y: Floats,
    parameters: Floats,
    rates: Floats,
    *,
    hidden: Sequence[int],
    activation: str,
    seed: int,
) -> System:
    """The system with gentle random networks for the terms ``[?]`` that nothing was learned for yet.

    Args:
        system: equations.
        t: times of data, (m,).
        y: their states, (n_states, m), by whose spread the arguments are scaled.
        parameters: values, (k,).
        rates: typical sizes of the time derivatives, (n_states,).
        hidden: sizes of the hidden layers.
        activation: between the layers.
        seed: of the first term; the further ones follow.
    """
    counts = [len(arguments) for arguments in expr.unknown_terms(system)]
    terms = [*system.terms, *[None] * (len(counts) - len(system.terms))]
    scale_out = float(np.max(rates))
    drafts: list[LearnedTerm] = []
    for number, (term, count) in enumerate(zip(terms, counts, strict=True)):
        net = seeded_net([count, *hidden, 1], activation, seed + number).double()
        flat = torch.cat([p.detach().reshape(-1) for p in net.parameters()]).numpy()
        zeros, ones = (0.0,) * count, (1.0,) * count
        drafts.append(term or LearnedTerm(net.sizes, net.activation, Array.of(flat), zeros, ones, scale_out))
    drafted = msgspec.structs.replace(system, terms=tuple(drafts))
    spreads = _spreads(drafted, t, y, parameters)
    made = [
        draft if term is not None or number not in spreads else _scaled(draft, *spreads[number])
        for number, (term, draft) in enumerate(zip(terms, drafts, strict=True))
    ]
    return msgspec.structs.replace(system, terms=tuple(made))


def _scaled(term: LearnedTerm, mean: Floats, scale: Floats) -> LearnedTerm:
    return msgspec.structs.replace(term, mean=tuple(mean.tolist()), scale_in=tuple(scale.tolist()))


def _spreads(system: System, t: Floats, y: Floats, parameters: Floats) -> dict[int, tuple[Floats, Floats]]:
    """Mean and deviation of the arguments of each term that matters, by its number."""
    model = expr.model(system)
    tape = model.tape(model.rhs)
    calls = {node.index: node.args[1:] for node in tape.nodes if node.op is Op.LEARNED}
    networks = [DenseNetwork(term) for term in system.terms if term is not None]
    spreads = {}
    for number, arguments in calls.items():
        program = Program(Tape(tape.nodes, arguments), networks)
        with np.errstate(all="ignore"):
            values = program.run(program.prepare(parameters), t, y)
        values = np.where(np.isfinite(values), values, np.nan)
        finite = ~np.isnan(values).any(axis=0)
        if finite.any():
            spreads[number] = values[:, finite].mean(axis=1), positive(values[:, finite].std(axis=1))
    return spreads
