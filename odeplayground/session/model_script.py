"""A Python program that runs a learned field with torch and numpy alone, and the weights that it reads."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground._version import __version__
from odeplayground.session.model_code import body
from odeplayground.spec import AnySystem, Experiment, LearnedSystem, LearnedTerm

Floats = NDArray[np.float64]

_PROGRAM = '''"""{name}: what was learned, dx/dt = field(t, x). Made with ODE Playground {version}.

Run it with Python: it follows the field from START over SPAN. It needs torch and numpy, and the file of weights beside
it. Or import it: ``field = Field(); field(t, x)`` with x of shape (..., {n}), ``y = solve(field, START, times)``.
"""

import json
import struct
from pathlib import Path

import numpy as np
import torch

STATES = {states!r}
START = {start!r}
SPAN = {span!r}
WEIGHTS = Path(__file__).with_name({weights!r})
SHAPES = {shapes!r}
"""Of each network: the function between its layers, and how many layers of weights there are."""


def load(path=WEIGHTS):
    """The arrays of a file in the format of safetensors, by name."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    head = json.loads(data[8 : 8 + length])
    arrays = {{}}
    for name, about in head.items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in about["data_offsets"])
            numbers = np.frombuffer(data[begin:end], dtype="<f8").reshape(about["shape"])
            arrays[name] = torch.from_numpy(numbers.copy())
    return arrays


def silu_slope(x):
    """The derivative of x * sigmoid(x)."""
    return torch.sigmoid(x) * (1 + x * (1 - torch.sigmoid(x)))


BENDS = {{
    "tanh": (torch.tanh, lambda x: 1 - torch.tanh(x) ** 2),
    "silu": (torch.nn.functional.silu, silu_slope),
    "softplus": (torch.nn.functional.softplus, torch.sigmoid),
}}
"""Functions between layers, and their derivatives."""


class Network(torch.nn.Module):
    """scale_out * net((u - mean) / scale_in): a dense network of inputs u."""

    def __init__(self, arrays, name, activation, layers):
        super().__init__()
        for key in ("mean", "scale_in", "scale_out"):
            self.register_buffer(key, arrays[f"{{name}}.{{key}}"])
        self.weights = torch.nn.ParameterList(arrays[f"{{name}}.{{i}}.weight"] for i in range(layers))
        self.biases = torch.nn.ParameterList(arrays[f"{{name}}.{{i}}.bias"] for i in range(layers))
        self.bend, self.bend_slope = BENDS[activation]

    def forward(self, *inputs):
        """The outputs (..., n_outputs) at inputs of one shape."""
        y = (torch.stack(inputs, dim=-1) - self.mean) / self.scale_in
        for weight, bias in zip(self.weights[:-1], self.biases[:-1]):
            y = self.bend(torch.nn.functional.linear(y, weight, bias))
        return self.scale_out * torch.nn.functional.linear(y, self.weights[-1], self.biases[-1])

    def slope(self, number, *inputs):
        """The derivative of the first output by an input, of the shape of one input."""
        y = (torch.stack(inputs, dim=-1) - self.mean) / self.scale_in
        slope = torch.zeros_like(y)
        slope[..., number] = 1 / self.scale_in[number]
        for weight, bias in zip(self.weights[:-1], self.biases[:-1]):
            x = torch.nn.functional.linear(y, weight, bias)
            y, slope = self.bend(x), self.bend_slope(x) * torch.nn.functional.linear(slope, weight)
        return self.scale_out[0] * torch.nn.functional.linear(slope, self.weights[-1])[..., 0]


class Field(torch.nn.Module):
    """The learned field."""

    def __init__(self, path=WEIGHTS):
        super().__init__()
        arrays = load(path)
        self.networks = torch.nn.ModuleList(
            Network(arrays, f"network_{{i}}", *shape) for i, shape in enumerate(SHAPES)
        )

    def forward(self, t, state):
        """dx/dt of the shape of the states x, (..., {n})."""

        def full(value):
            return torch.as_tensor(value, dtype=state.dtype).expand_as(state[..., 0])

{body}


@torch.no_grad()
def solve(field, start, times, steps=20):
    """The states ({n}, n) at increasing times (n,), by the classical method of Runge and Kutta.

    Between two times there are so many equal steps.
    """
    x = torch.tensor(start, dtype=torch.float64)
    found = [x]
    for begin, end in zip(times[:-1], times[1:]):
        h = float(end - begin) / steps
        for i in range(steps):
            t = float(begin) + i * h
            a = field(t, x)
            b = field(t + h / 2, x + h / 2 * a)
            c = field(t + h / 2, x + h / 2 * b)
            d = field(t + h, x + h * c)
            x = x + h / 6 * (a + 2 * b + 2 * c + d)
        found.append(x)
    return torch.stack(found, dim=-1).numpy()


if __name__ == "__main__":
    times = np.linspace(*SPAN, 201)
    y = solve(Field(), START, times)
    for name, row in zip(STATES, y):
        print(f"{{name}}: {{row[0]:.9g}} at t = {{times[0]:g}}, {{row[-1]:.9g}} at t = {{times[-1]:g}}")
'''


def model_program(experiment: Experiment, field: AnySystem, weights: str) -> str:
    """The text of the program for the field of an experiment, with its weights in a file of this name beside it."""
    start = experiment.starts[experiment.selected]
    return _PROGRAM.format(
        name=" ".join(experiment.name.replace("\\", " ").replace('"', "'").split()),
        version=__version__,
        n=len(field.states),
        states=field.states,
        start=start,
        span=experiment.t_span,
        weights=weights,
        shapes=[(str(one.activation.value), len(one.layers) - 1) for one in networks(field)],
        body="\n".join(f"        {line}" for line in body(field)),
    )


def networks(field: AnySystem) -> list[LearnedSystem | LearnedTerm]:
    """The networks in a field, in the order in which its graph counts them."""
    return [field] if isinstance(field, LearnedSystem) else [term for term in field.terms if term is not None]


def arrays(field: AnySystem) -> dict[str, Floats]:
    """The numbers of all networks by name, such as ``network_0.1.weight`` (out, in) and ``network_0.mean`` (in,)."""
    return {
        f"network_{number}.{name}": array
        for number, network in enumerate(networks(field))
        for name, array in _arrays(network)
    }


def described(field: AnySystem) -> dict[str, str]:
    """What the numbers are, as texts: the field without its weights, as JSON where it is no word."""
    names = {"states": field.states, "parameters": dict(zip(field.parameters, field.values, strict=True))}
    shapes = [{"layers": one.layers, "activation": one.activation.value} for one in networks(field)]
    said: dict[str, object] = {**names, "networks": shapes}
    if isinstance(field, LearnedSystem):
        known = ("structure", "pairs", "angles", "time_input", "friction")
        said |= {name: msgspec.to_builtins(getattr(field, name)) for name in known}
    else:
        said["equations"] = {variable.name: variable.rhs for variable in field.variables}
    made = {"format": "odeplayground/field", "version": __version__}
    return made | {name: value if isinstance(value, str) else json.dumps(value) for name, value in said.items()}


def _arrays(network: LearnedSystem | LearnedTerm) -> Iterator[tuple[str, Floats]]:
    yield "mean", np.array(network.mean, dtype=float)
    yield "scale_in", np.array(network.scale_in, dtype=float)
    yield "scale_out", np.array(network.scale_out, dtype=float, ndmin=1)
    flat = np.array(network.weights, dtype=float)
    for number, (before, after) in enumerate(itertools.pairwise(network.layers)):
        weight, bias, flat = np.split(flat, [before * after, (before + 1) * after])
        yield f"{number}.weight", weight.reshape(after, before)
        yield f"{number}.bias", bias
