"""Fields with something known beside the network: angles, time, velocities, energy. All in normalised states.

Their meaning is that of :class:`spec.LearnedSystem`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from odeplayground.neural.linearise import DenseLinearisation
from odeplayground.neural.models import BENDS, MLP
from odeplayground.neural.scaling import Scaling


class Inputs(nn.Module):
    """What a network sees: the states, of angles the sine and the cosine, and the time if it is told.

    Args:
        scaling: of the states.
        angles: indices of the states that are angles.
        span: beginning and end of the data, if the time is an input.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, scaling: Scaling, angles: Sequence[int], span: tuple[float, float] | None) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(scaling.mean))
        self.register_buffer("scale", torch.tensor(scaling.scale_in))
        self._angles, self._span = set(angles), span

    @property
    def n(self) -> int:
        """How many inputs there are."""
        return len(self.mean) + len(self._angles) + (self._span is not None)

    @property
    def normalisation(self) -> tuple[list[float], list[float]]:
        """Mean and scale per input."""
        rows: list[tuple[float, float]] = []
        for i, pair in enumerate(zip(self.mean.tolist(), self.scale.tolist(), strict=True)):
            rows += [(0.0, 1.0), (0.0, 1.0)] if i in self._angles else [pair]
        if self._span is not None:
            rows.append(self._time())
        return [mean for mean, _ in rows], [scale for _, scale in rows]

    def forward(self, t: Tensor | None, z: Tensor) -> Tensor:
        """Inputs (..., n_inputs) at times () or (m,) and normalised states (..., n)."""
        if not self._angles and self._span is None:
            return z
        parts = []
        for i, column in enumerate(z.unbind(dim=-1)):
            if i in self._angles:
                x = self.mean[i] + self.scale[i] * column
                parts += [torch.sin(x), torch.cos(x)]
            else:
                parts.append(column)
        if self._span is not None:
            assert t is not None
            mean, scale = self._time()
            parts.append(((t - mean) / scale).to(z.dtype).expand_as(z[..., 0]))
        return torch.stack(parts, dim=-1)

    def inward(self, z: Tensor) -> Tensor | None:
        """Derivatives of the inputs by the states, (m, n_inputs, n); ``None``: the identity."""
        if not self._angles and self._span is None:
            return None
        result = torch.zeros(len(z), self.n, z.shape[1], dtype=z.dtype)
        row = 0
        for i, column in enumerate(z.unbind(dim=-1)):
            if i in self._angles:
                x = self.mean[i] + self.scale[i] * column
                result[:, row, i] = self.scale[i] * torch.cos(x)
                result[:, row + 1, i] = -self.scale[i] * torch.sin(x)
                row += 2
            else:
                result[:, row, i] = 1.0
                row += 1
        return result

    def back(self, z: Tensor, a: Tensor) -> Tensor:
        """Derivatives by the inputs (..., n_inputs) as derivatives by the states (..., n); the time's is dropped."""
        columns, row = [], 0
        for i, column in enumerate(z.unbind(dim=-1)):
            if i in self._angles:
                x = self.mean[i] + self.scale[i] * column
                columns.append(self.scale[i] * (a[..., row] * torch.cos(x) - a[..., row + 1] * torch.sin(x)))
                row += 2
            else:
                columns.append(a[..., row])
                row += 1
        return torch.stack(columns, dim=-1)

    def _time(self) -> tuple[float, float]:
        assert self._span is not None
        begin, end = self._span
        return 0.5 * (begin + end), max(0.5 * (end - begin), 1e-12)


class NetworkField(nn.Module):
    """A network gives the time derivatives; of each pair (q, v) it is known that dq/dt = v.

    Args:
        net: from the inputs to the derivatives of all states but the ``q``.
        inputs: what it sees.
        scaling: of the states.
        pairs: indices of q and v; empty: nothing is known.
    """

    spread: Tensor
    known: Tensor
    offset: Tensor

    def __init__(self, net: MLP, inputs: Inputs, scaling: Scaling, pairs: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self.net, self.inputs = net, inputs
        n = len(scaling.mean)
        free = [i for i in range(n) if i not in {q for q, _ in pairs}]
        spread, known, offset = (torch.zeros(shape, dtype=torch.float64) for shape in ((n, len(free)), (n, n), (n,)))
        for column, i in enumerate(free):
            spread[i, column] = scaling.rate[i]
        for q, v in pairs:
            known[q, v] = scaling.scale_in[v] / scaling.scale_in[q]
            offset[q] = scaling.mean[v] / scaling.scale_in[q]
        for name, value in (("spread", spread), ("known", known), ("offset", offset)):
            self.register_buffer(name, value)
        self.free = tuple(free)

    def forward(self, t: Tensor | None, z: Tensor) -> Tensor:
        """Values of shape (..., n)."""
        learned: Tensor = self.net(None, self.inputs(t, z)) @ self.spread.T
        return learned + z @ self.known.T + self.offset

    def linearise(self, t: Tensor, z: Tensor) -> DenseLinearisation:
        """As :class:`linearise.LinearField`."""
        return DenseLinearisation(self.net, self.inputs(t, z), self.spread, self.inputs.inward(z), self.known)


class HamiltonianField(nn.Module):
    """A network gives the energy H: dq/dt = dH/dp and dp/dt = -dH/dq - friction * dH/dp, friction per pair.

    Args:
        net: from the inputs to one number.
        inputs: what it sees.
        scaling: of the states.
        pairs: indices of q and p, every state once.
    """

    scale: Tensor
    energy: Tensor

    def __init__(self, net: MLP, inputs: Inputs, scaling: Scaling, pairs: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self.net, self.inputs = net, inputs
        self._pairs = tuple(pairs)
        self.friction = nn.Parameter(torch.zeros(len(pairs)))
        self.register_buffer("scale", torch.tensor(scaling.scale_in))
        energy = max(float(scaling.scale_out[q] * scaling.scale_in[p]) for q, p in pairs)
        self.register_buffer("energy", torch.tensor(energy, dtype=torch.float64))

    def forward(self, t: Tensor | None, z: Tensor) -> Tensor:
        """Values of shape (..., n)."""
        slope = self.energy * self._slope(t, z) / self.scale
        columns: list[Tensor] = list(torch.zeros_like(slope).unbind(dim=-1))
        for number, (q, p) in enumerate(self._pairs):
            columns[q] = slope[..., p]
            columns[p] = -slope[..., q] - self.friction[number] * slope[..., p]
        return torch.stack(columns, dim=-1) / self.scale

    def _slope(self, t: Tensor | None, z: Tensor) -> Tensor:
        """Derivatives of the network by the normalised states, written out so that they can be differentiated."""
        bend = BENDS[self.net.activation]
        *inner, (matrix, _) = self.net.weights()
        y, trace = self.inputs(t, z), []
        for w, b in inner:
            x = nn.functional.linear(y, w, b)
            y = bend.value(x)
            trace.append((w, x, y))
        a = matrix[0].expand_as(y)
        for w, x, value in reversed(trace):
            a = bend.pull(a, x, value) @ w
        return self.inputs.back(z, a)


class At(nn.Module):
    """A field that depends on time, for windows that begin at ``origin`` (m,) and count their times from there."""

    def __init__(self, field: nn.Module, origin: Tensor) -> None:
        super().__init__()
        self.field, self.origin = field, origin

    def forward(self, t: Tensor, z: Tensor) -> Tensor:
        """Values of shape (m, n)."""
        value: Tensor = self.field(t + self.origin, z)
        return value
