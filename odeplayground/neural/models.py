"""Dense networks as right-hand sides."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from odeplayground.spec import Activation


@dataclass(frozen=True)
class Bend:
    """An activation function and its derivative, which may use the value already at hand."""

    value: Callable[[Tensor], Tensor]
    pull: Callable[[Tensor, Tensor, Tensor], Tensor]
    """Of the cotangent, the argument and the value: the cotangent times the derivative."""


def _pull_silu(v: Tensor, x: Tensor, _value: Tensor) -> Tensor:
    s = torch.sigmoid(x)
    return v * (s * (1 + x * (1 - s)))


BENDS = {
    Activation.TANH: Bend(torch.tanh, lambda v, _x, value: torch.addcmul(v, v * value, value, value=-1)),
    Activation.SILU: Bend(functional.silu, _pull_silu),
    Activation.SOFTPLUS: Bend(functional.softplus, lambda v, x, _value: v * torch.sigmoid(x)),
}


class MLP(nn.Module):
    """A dense network, called as ``net(t, y)`` with ``y`` of shape (..., sizes[0]); the time is not used.

    Args:
        sizes: units from input to output, for example ``[2, 64, 64, 2]``.
        activation: "tanh", "silu" or "softplus", between the layers.

    Raises:
        ValueError: fewer than two sizes, a size below one, or an unknown activation.
    """

    def __init__(self, sizes: Sequence[int], activation: str = "tanh") -> None:
        super().__init__()
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"A network needs at least an input and an output size, all positive, not {list(sizes)}.")
        known = [choice.value for choice in Activation]
        if activation not in known:
            raise ValueError(f'There is no activation "{activation}". Known: {", ".join(known)}.')
        self.activation = Activation(activation)
        self.layers = nn.ModuleList(nn.Linear(n, m) for n, m in itertools.pairwise(sizes))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units from input to output."""
        weights = self.weights()
        return (weights[0][0].shape[1], *(matrix.shape[0] for matrix, _bias in weights))

    @property
    def plain(self) -> bool:
        """Whether the layers are just matrices and biases: no hooks or parametrisations, nothing replaced."""
        return self._untouched and all(layer._parameters.keys() == {"weight", "bias"} for layer in self.layers)

    @property
    def _untouched(self) -> bool:
        return all(type(layer) is nn.Linear and not hooked(layer) for layer in self.layers)

    def forward(self, t: Tensor | None, y: Tensor) -> Tensor:
        """Values of shape (..., sizes[-1])."""
        bend = BENDS[self.activation].value
        if not self._untouched:  # what was hung on a layer, or put in its place, has its say
            *layers, last = self.layers
            for layer in layers:
                y = bend(layer(y))
            value: Tensor = last(y)
            return value
        *inner, (matrix, bias) = self.weights()
        for w, b in inner:
            y = bend(functional.linear(y, w, b))
        return functional.linear(y, matrix, bias)

    @torch.no_grad()
    def pullback(self, y: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        """The values at ``y`` and, for each row, the cotangent ``a`` times the Jacobian. No autograd graph."""
        bend = BENDS[self.activation]
        *inner, (matrix, bias) = self.weights()
        trace = []
        for w, b in inner:
            x = functional.linear(y, w, b)
            y = bend.value(x)
            trace.append((w, x, y))
        a = a @ matrix
        for w, x, value in reversed(trace):
            a = bend.pull(a, x, value) @ w
        return functional.linear(y, matrix, bias), a

    def weights(self) -> list[tuple[Tensor, Tensor]]:
        """Matrix (out, in) and bias (out,) of each layer."""
        # nn.Module finds its attributes slowly, and this runs thousands of times a second.
        try:
            return [(p["weight"], p["bias"]) for p in (layer._parameters for layer in self.layers)]  # type: ignore[misc]
        except KeyError:  # parametrised: made anew at each access
            return [(layer.weight, layer.bias) for layer in self.layers]  # type: ignore[misc]


def hooked(module: nn.Module) -> bool:
    """Whether a module has hooks around its values or their gradients."""
    return bool(
        module._forward_hooks or module._forward_pre_hooks or module._backward_hooks or module._backward_pre_hooks
    )


def written_out(model: object) -> bool:
    """Whether a model is a network or field of this file as it was made, so that its own derivatives hold for it."""
    net = model.net if type(model) is ScaledField else model
    if type(net) is not MLP or not net.plain or hooked(net):
        return False
    return not (isinstance(model, ScaledField) and hooked(model))


class ScaledField(nn.Module):
    """``rate * net(y)``: a network in normalised states, where each state has its own pace.

    ``rate`` has shape (n_states,), in 1 / time.
    """

    rate: Tensor

    def __init__(self, net: MLP, rate: Tensor) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("rate", rate)

    def forward(self, t: Tensor | None, y: Tensor) -> Tensor:
        """Values of shape (..., n_states)."""
        value: Tensor = self._buffers["rate"] * self.net(t, y)
        return value

    @torch.no_grad()
    def pullback(self, y: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        """As :meth:`MLP.pullback`."""
        value, a = self.net.pullback(y, a * self.rate)
        return self.rate * value, a


def seeded_net(sizes: Sequence[int], activation: str, seed: int) -> MLP:
    """A network with Xavier weights from this seed alone, zero biases, and a last layer ten times smaller.

    So the first field is gentle everywhere. The state of torch's own random numbers stays as it is.

    Raises:
        ValueError: as :class:`MLP`.
    """
    with torch.device("meta"):
        net = MLP(sizes, activation)
    net.to_empty(device="cpu")
    numbers = torch.Generator().manual_seed(seed)
    layers = [layer for layer in net.layers if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for layer in layers:
            nn.init.xavier_normal_(layer.weight, generator=numbers)
            nn.init.zeros_(layer.bias)
        layers[-1].weight.mul_(0.1)
    return net
