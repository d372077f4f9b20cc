"""Milliseconds per training iteration of dense networks in native code, beside torchdiffeq and diffrax.

The workloads are those of ``gradients``, with a plain network in W1, too. One iteration is the solution, the mean
square of its error, the gradient, and a step of plain descent. All sides start from the same weights and targets, at
the same tolerances. Machines are busy: the shortest of several times counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
import torchdiffeq
from torch import nn

from odeplayground import neural
from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.neural.native_engine import NativeTrainer, squares
from tests.benchmarks import gradients, training_memory
from tests.benchmarks.clock import best
from tests.benchmarks.gradients import Field, Workload
from tests.benchmarks.row import Row

REPEATS = 8
PEER = "torchdiffeq.odeint_adjoint"
GOALS = {"W1": 300.0, "W2": 200.0, "W3": 60.0}
DIFFRAX_GOALS = {"W1": 6.0, "W2": 4.0, "W3": 3.0}
ROWS = 4096
"""States per product where the limit of the machine is measured."""


def run() -> list[Row]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        rows = []
        for workload in (plain_spiral(), gradients.pendulum(), gradients.many_pendulums()):
            for dtype in (torch.float32, torch.float64):
                rows += _rows(gradients._cast(workload, dtype=dtype))
        return [*rows, *training_memory.run()]
    finally:
        torch.set_num_threads(threads)


def plain_spiral() -> Workload:
    """W1 with a network of the states themselves."""
    workload = gradients.spiral()
    torch.manual_seed(0)
    field = Field([2, 50, 2], cubes=False)
    states = workload.targets.reshape(-1, 2)
    matrix = torch.tensor([[-0.1, 2.0], [-2.0, -0.1]])
    gradients._fit(field, states, states**3 @ matrix)
    return replace(workload, field=field)


def network(workload: Workload) -> neural.MLP:
    """The same weights as a network that the native code knows."""
    layers = [layer for layer in workload.field.net if isinstance(layer, nn.Linear)]
    net = neural.MLP([layers[0].in_features, *(layer.out_features for layer in layers)]).to(workload.t.dtype)
    flat = nn.utils.parameters_to_vector(workload.field.parameters()).detach()
    nn.utils.vector_to_parameters(flat, net.parameters())
    return net


def native_iteration(workload: Workload, threads: int = 1) -> Callable[[], None]:
    net = network(workload)
    control = DenseControl(workload.rtol, workload.atol, shared=True, capped=False)
    trainer = NativeTrainer(net, workload.targets[0], workload.t, control, threads)
    loss, parameters = squares(workload.targets.numpy()), list(net.parameters())
    counts = [p.numel() for p in parameters]

    def iterate() -> None:
        _, gradient, _, _ = trainer.loss_and_gradient(loss)
        with torch.no_grad():
            for p, g in zip(parameters, torch.split(torch.from_numpy(gradient), counts), strict=True):
                p.sub_(g.reshape(p.shape), alpha=0.0)

    return iterate


def solve_iteration(workload: Workload) -> Callable[[], None]:
    """Through the solver that everybody calls, with autograd."""
    net = network(workload)

    def iterate() -> None:
        net.zero_grad()
        solution = neural.solve(
            net, workload.targets[0], workload.t, engine="native", rtol=workload.rtol, atol=workload.atol
        )
        ((solution.values - workload.targets) ** 2).mean().backward()

    return iterate


def _rows(workload: Workload) -> list[Row]:
    native, solved = native_iteration(workload), solve_iteration(workload)
    two = native_iteration(workload, threads=2)
    peer = gradients.iteration(workload, torchdiffeq.odeint_adjoint)
    jax = diffrax_iteration(workload)
    (peer_time,) = best([peer], 3)
    ours, through, both, other = best([native, solved, two, jax], REPEATS)
    condition = f"one training iteration, {str(workload.t.dtype).removeprefix('torch.')}, one thread"
    name, single = workload.name, workload.t.dtype is torch.float32
    rows = [
        _row(f"native, {name}", ours, condition, peer_time, PEER, GOALS[name] if single else None),
        _row(f"native, {name}", ours, condition, other, "diffrax, jitted", DIFFRAX_GOALS[name] if single else None),
        _row(f"solve and backward, {name}", through, condition, peer_time, PEER, 150.0 if name == "W2" else None),
    ]
    if name == "W3":
        rows.append(_row(f"native, {name}, two threads", both, condition, ours, "one thread", 1.7))
        rows.append(_row(f"native, {name}", ours, condition, limit(workload), "products and tanh alone", 1 / 1.5))
    return rows


def _row(what: str, ours: float, condition: str, peer: float, name: str, goal: float | None) -> Row:
    return Row(what, 1e3 * ours, "ms", condition, 1e3 * peer, name, goal=goal)


def limit(workload: Workload) -> float:
    """Seconds that the products and activations of one iteration take by themselves, in large batches."""
    net = network(workload)
    control = DenseControl(workload.rtol, workload.atol, shared=True, capped=False)
    trainer = NativeTrainer(net, workload.targets[0], workload.t, control)
    for _ in range(2):
        _, _, _, stats = trainer.loss_and_gradient(squares(workload.targets.numpy()))
    points = int((6 * stats.tried + 1).sum())
    weights = [layer.weight.detach() for layer in net.layers if isinstance(layer, nn.Linear)]
    states = [torch.randn(ROWS, size, dtype=workload.t.dtype) for size in net.sizes]

    def work() -> None:
        for x, w, y in zip(states, weights, states[1:], strict=False):
            torch.mm(x, w.T).tanh()
            torch.mm(y, w)
            torch.mm(y.T, x)

    (seconds,) = best([work], REPEATS)
    return seconds * points / ROWS


def diffrax_iteration(workload: Workload) -> Callable[[], None]:
    """Recursive checkpoints, all segments in one batch with shared steps, after the compile."""
    import diffrax
    import jax

    single = workload.t.dtype is torch.float32
    jax.config.update("jax_enable_x64", not single)
    jnp = jax.numpy
    layers = [layer for layer in workload.field.net if isinstance(layer, nn.Linear)]
    parameters = [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in layers]
    parameters = jax.tree.map(jnp.asarray, parameters)
    t, targets = jnp.asarray(workload.t.numpy()), jnp.asarray(workload.targets.numpy())

    def field(_t: Any, y: Any, parameters: Any) -> Any:
        for weight, bias in parameters[:-1]:
            y = jnp.tanh(y @ weight.T + bias)
        weight, bias = parameters[-1]
        return y @ weight.T + bias

    def loss(parameters: Any) -> Any:
        solution = diffrax.diffeqsolve(
            diffrax.ODETerm(field), diffrax.Tsit5(), t[0], t[-1], None, targets[0], parameters,
            saveat=diffrax.SaveAt(ts=t), max_steps=256,
            stepsize_controller=diffrax.PIDController(rtol=workload.rtol, atol=workload.atol),
        )  # fmt: skip
        return ((solution.ys - targets) ** 2).mean()

    @jax.jit
    def step(parameters: Any) -> Any:
        found = jax.grad(loss)(parameters)
        return jax.tree.map(lambda p, g: p - 0.0 * g, parameters, found)

    def iterate() -> None:
        jax.config.update("jax_enable_x64", not single)
        jax.block_until_ready(step(parameters))

    iterate()
    return iterate
