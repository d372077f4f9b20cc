"""Dense networks in native code: the same as torch, exact gradients, no neighbours, and every ending a status."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from torch import Tensor

from odeplayground import neural
from odeplayground.dynamics.dense_block import DenseBlock, DenseControl
from odeplayground.dynamics.dense_shape import DenseShape
from odeplayground.neural.models import ScaledField
from odeplayground.neural.native_engine import NativeTrainer, native_solve, squares, supports
from odeplayground.spec import Activation, Status

SIZES = [[2, 33, 7, 2], [3, 3], [1, 5, 1], [2, 20, 20, 2], [5, 3, 5]]
TIMES = torch.tensor([0.0, 0.1, 0.7, 0.75, 2.0], dtype=torch.float64)


def net(sizes: list[int], activation: str = "tanh", dtype: torch.dtype = torch.float64) -> neural.MLP:
    torch.manual_seed(sum(sizes))
    return neural.MLP(sizes, activation).to(dtype)


def starts(n: int, m: int = 19, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.tensor(np.random.default_rng(m).normal(size=(m, n)), dtype=dtype)


def gradients(model: torch.nn.Module, y0: Tensor, t: Tensor, **settings: object) -> tuple[Tensor, list[Tensor]]:
    y0, t = y0.clone().requires_grad_(), t.clone().requires_grad_()
    values = neural.solve(model, y0, t, **settings).values
    weights = torch.cos(torch.arange(values.numel(), dtype=values.dtype)).reshape(values.shape)
    return values.detach(), list(torch.autograd.grad((values * weights).sum(), [y0, t, *model.parameters()]))


def agree(found: list[Tensor], expected: list[Tensor]) -> None:
    """Torch differentiates its interpolation by the times, which is a little less exact than the field."""
    (start, times, *weights), (expected_start, expected_times, *expected_weights) = found, expected
    assert off(times, expected_times) < 5e-9
    one = torch.cat([g.reshape(-1) for g in (start, *weights)])
    other = torch.cat([g.reshape(-1) for g in (expected_start, *expected_weights)])
    assert ((one - other).norm() / other.norm()).item() < 1e-10


def off(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).abs().max() / expected.abs().max()).item()


@pytest.mark.parametrize("activation", [choice.value for choice in Activation])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_values_and_gradients_are_those_of_torch(sizes: list[int], activation: str) -> None:
    model, y0 = net(sizes, activation), starts(sizes[0])
    settings = {"rtol": 1e-12, "atol": 1e-13}
    values, found = gradients(model, y0, TIMES, engine="native", **settings)
    expected_values, expected = gradients(model, y0, TIMES, engine="torch", **settings)
    assert off(values, expected_values) < 1e-10
    agree(found, expected)


@pytest.mark.parametrize("activation", [choice.value for choice in Activation])
def test_single_precision(activation: str) -> None:
    model, y0 = net([2, 33, 7, 2], activation), starts(2)
    _, expected = gradients(model, y0, TIMES, engine="torch", rtol=1e-10, atol=1e-11)
    _, found = gradients(model.float(), y0.float(), TIMES.float(), engine="native", rtol=1e-6, atol=1e-7)
    assert max(off(a.double(), b) for a, b in zip(found, expected, strict=True)) < 1e-4


def test_a_pace_and_times_that_go_back() -> None:
    model = ScaledField(net([2, 9, 2]), torch.tensor([0.5, -3.0], dtype=torch.float64))
    t = 1.0 - 0.5 * TIMES
    settings = {"rtol": 1e-12, "atol": 1e-13}
    values, found = gradients(model, starts(2), t, engine="native", **settings)
    expected_values, expected = gradients(model, starts(2), t, engine="torch", **settings)
    assert off(values, expected_values) < 1e-10
    agree(found, expected)


def test_taylor_remainders_shrink_with_the_square() -> None:
    """Also at loose tolerances: the gradient is that of the steps, as long as these are the same."""
    model, y0 = net([2, 12, 2], "silu"), starts(2, 5)
    flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    direction = torch.cos(torch.arange(len(flat), dtype=torch.float64))

    def loss(size: float) -> tuple[float, float]:
        torch.nn.utils.vector_to_parameters(flat + size * direction, model.parameters())
        values, _, _ = native_solve(model, y0, TIMES, rtol=1e-9, atol=1e-10)
        total = (values**2).sum()
        slope = torch.cat([g.reshape(-1) for g in torch.autograd.grad(total, list(model.parameters()))])
        return total.item(), (slope @ direction).item()

    value, slope = loss(0.0)
    sizes = np.array([4e-3, 2e-3, 1e-3])
    rests = [abs(loss(size)[0] - value - size * slope) for size in sizes]
    assert np.polyfit(np.log(sizes), np.log(rests), 1)[0] == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_trajectory_does_not_know_its_neighbours(dtype: torch.dtype) -> None:
    model, y0 = net([3, 17, 3], "softplus", dtype), starts(3, 70, dtype)
    y0[::7] *= 50
    together, _, _ = native_solve(model, y0, TIMES)
    for row in (0, 3, 33, 69):
        alone, _, _ = native_solve(model, y0[row], TIMES)
        torch.testing.assert_close(alone, together[:, row], rtol=0, atol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_threads_change_no_bit(dtype: torch.dtype) -> None:
    model, y0 = net([2, 17, 2], "tanh", dtype), starts(2, 200, dtype)
    results = []
    for threads in (1, 2, 3, 3, 3):
        values, _, _ = native_solve(model, y0, TIMES, threads=threads)
        results.append([values, *torch.autograd.grad((values**2).sum(), list(model.parameters()))])
    for several in results[1:]:
        for one, other in zip(results[0], several, strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_grids_of_their_own() -> None:
    model, y0 = net([2, 8, 2]), starts(2, 3)
    grids = torch.stack([TIMES, 0.3 * TIMES, 1.0 + 2.0 * TIMES])
    together, _, _ = native_solve(model, y0, grids)
    for row in range(3):
        alone, _, _ = native_solve(model, y0[row], grids[row])
        torch.testing.assert_close(alone, together[:, row], rtol=0, atol=0)


def test_repeated_steps_give_the_same_gradient() -> None:
    """With hardly any memory the tape is written anew, piece by piece, on the way back."""
    model, y0, t = net([2, 10, 2]), starts(2, 9), 20 * TIMES
    results = []
    for tape_bytes in (1 << 30, 1):
        values, _, counters = native_solve(model, y0, t, tape_bytes=tape_bytes, rtol=1e-10)
        results.append([values, *torch.autograd.grad((values**2).sum(), list(model.parameters()))])
    assert counters.accepted > 9 * 50
    for one, two in zip(*results, strict=True):
        torch.testing.assert_close(one, two, rtol=1e-13, atol=1e-14)


def test_without_a_tape_the_values_are_the_same() -> None:
    model, y0 = net([2, 10, 2]), starts(2, 50)
    values, _, _ = native_solve(model, y0, 5 * TIMES)
    with torch.no_grad():
        alone, _, _ = native_solve(model, y0, 5 * TIMES)
    torch.testing.assert_close(alone, values.detach(), rtol=0, atol=0)


def test_at_an_equilibrium_the_gradient_is_right() -> None:
    """The steps of a trajectory that rests must suit perturbations: closed form, by the matrix exponential."""
    model = net([2, 2])
    matrix = torch.tensor([[-0.1, -1.0], [1.0, -0.1]], dtype=torch.float64)
    with torch.no_grad():
        model.layers[0].weight.copy_(matrix)
        model.layers[0].bias.zero_()
    y0 = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True)
    t = torch.tensor([0.0, 12.0], dtype=torch.float64)
    values, _, _ = native_solve(model, y0, t, rtol=1e-7, atol=1e-9)
    (found,) = torch.autograd.grad(values[-1, 0, 0], y0)
    assert off(found[0], torch.linalg.matrix_exp(12.0 * matrix)[0]) < 1e-4


def test_endings_are_statuses_and_spoil_nobody() -> None:
    model, y0 = net([2, 9, 2], "silu"), starts(2, 6)
    with torch.no_grad():
        model.layers[0].weight.mul_(3.0)
    good, _, _ = native_solve(model, y0, TIMES)
    bad = y0.clone()
    bad[2, 1] = float("nan")
    bad[4, 0] = 1e300
    values, statuses, _ = native_solve(model, bad, TIMES)
    assert statuses[2] is Status.DIVERGED
    assert statuses[4] is not Status.FINISHED
    fine = [0, 1, 3, 5]
    torch.testing.assert_close(values[:, fine], good[:, fine], rtol=0, atol=0)
    assert values[1:, [2, 4]].isnan().any()
    gradients = torch.autograd.grad((values[:, fine] ** 2).sum(), list(model.parameters()))
    expected = torch.autograd.grad((good[:, fine] ** 2).sum(), list(model.parameters()))
    for a, b in zip(gradients, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)


def test_a_step_limit_is_a_status() -> None:
    values, statuses, _ = native_solve(net([2, 9, 2]), starts(2, 3), 100 * TIMES, max_steps=5)
    assert set(statuses) == {Status.STEP_LIMIT}
    assert values[-1].isnan().all()


def test_loss_and_gradient_in_one_go() -> None:
    model, y0 = net([2, 16, 2]), starts(2, 50)
    targets = torch.randn(len(TIMES), 50, 2, dtype=torch.float64)
    trainer = NativeTrainer(model, y0, TIMES, DenseControl(1e-10, 1e-11), threads=2)
    values = neural.solve(model, y0, TIMES, rtol=1e-11, atol=1e-12, engine="torch").values
    expected = ((values - targets) ** 2).mean()
    slopes = torch.cat([g.reshape(-1) for g in torch.autograd.grad(expected, list(model.parameters()))])
    for _ in range(3):  # with first steps of its own, then with those of the last call
        value, by_weights, _, stats = trainer.loss_and_gradient(squares(targets.numpy()))
        assert value == pytest.approx(expected.item(), rel=1e-8)
        assert off(torch.tensor(by_weights), slopes) < 1e-8
        assert (stats.endings == 1).all()


def test_shared_steps_are_near() -> None:
    model, y0 = net([2, 16, 2]), starts(2, 40)
    apart, _, _ = native_solve(model, y0, TIMES, rtol=1e-8)
    shared, _, _ = native_solve(model, y0, TIMES, rtol=1e-8, shared=True)
    assert off(shared, apart) < 1e-5


def test_what_is_supported() -> None:
    assert supports(net([2, 5, 2]))
    assert supports(ScaledField(net([2, 5, 2]), torch.ones(2)))
    assert not supports(net([3, 5, 2]))
    assert not supports(torch.nn.Linear(2, 2))
    with pytest.raises(ValueError, match="layers"):
        DenseShape([2, 3], Activation.TANH, np.float64)
    with pytest.raises(ValueError, match="float16"):
        DenseShape([2, 2], Activation.TANH, np.float16)


def test_fields_and_states_that_are_left_to_torch() -> None:
    model, y0 = net([2, 5, 2]), starts(2, 3)
    assert supports(model, y0)
    assert not supports(model, y0.float())
    assert not supports(model, y0.to(torch.complex128))
    assert not supports(model, starts(3, 3))
    for hook in (model.register_forward_hook, model.layers[0].register_forward_pre_hook):
        handle = hook(lambda *_: None)
        assert not supports(model, y0)
        handle.remove()
    assert supports(model, y0)


def test_samples_by_themselves_are_native() -> None:
    model, y0 = net([2, 5, 2]), starts(2, 6)
    grids = TIMES + torch.arange(6)[:, None] * TIMES
    expected = neural.solve(model, y0, grids, per_sample=True, engine="torch").values
    found = neural.solve(model, y0.requires_grad_(), grids, per_sample=True)
    assert type(found.values.grad_fn).__name__ != "RowDiscreteBackward"
    assert off(found.values, expected) < 1e-6
    found.values.sum().backward()
    whole = neural.solve(model, y0, TIMES)
    alone = neural.solve(model, y0, TIMES, per_sample=True)
    assert torch.equal(alone.values, whole.values)
    assert sum(one.accepted for one in alone.stats) == whole.stats.accepted
    both = torch.stack([TIMES, -TIMES])
    there, back = (neural.solve(model, y0[i], both[i]).values for i in range(2))
    mixed = neural.solve(model, y0[:2], both, per_sample=True).values
    assert off(mixed, torch.stack([there, back], dim=1)) < 1e-6
    assert all(one.backward_evaluations > 6 * one.accepted for one in found.stats)


def test_parametrised_layers() -> None:
    model, y0 = net([2, 5, 2]), starts(2, 3)
    expected = neural.solve(model, y0, TIMES).values
    torch.nn.utils.parametrizations.weight_norm(model.layers[0])
    assert not supports(model, y0)
    assert off(neural.solve(model, y0, TIMES).values, expected) < 1e-6


@pytest.mark.parametrize("engine", ["native", "torch", "auto"])
@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"rtol": -1.0}, "rtol"),
        ({"atol": float("nan")}, "atol"),
        ({"t": torch.tensor([0.0, torch.inf], dtype=torch.float64)}, "finite"),
    ],
)
def test_arguments_are_checked_by_every_engine(engine: str, settings: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        neural.solve(net([2, 5, 2]), starts(2, 3), engine=engine, **{"t": TIMES, **settings})


@pytest.mark.parametrize("engine", ["torch", "auto"])
@pytest.mark.parametrize("per_sample", [False, True])
@pytest.mark.parametrize("shape", [(0, 2), (3, 0)])
def test_nothing_to_solve(engine: str, per_sample: bool, shape: tuple[int, int]) -> None:
    y0 = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    found = neural.solve(net([2, 5, 2]), y0, TIMES, engine=engine, per_sample=per_sample)
    assert found.values.shape == (len(TIMES), *shape)
    assert found.status == [Status.FINISHED] * shape[0]
    assert found.values.requires_grad


@pytest.mark.parametrize("tape_bytes", [1 << 30, 1])
def test_gradients_can_be_taken_again(tape_bytes: int) -> None:
    model, y0 = net([2, 4, 2]), starts(2, 2).requires_grad_()
    values, _, _ = native_solve(model, y0, 20 * TIMES, rtol=1e-10, tape_bytes=tape_bytes)
    first, again = (
        torch.autograd.grad(values.cos().sum(), [y0, *model.parameters()], retain_graph=True) for _ in range(2)
    )
    for one, other in zip(first, again, strict=True):
        assert torch.equal(one, other)


def test_jacobian_of_the_flow() -> None:
    model, y0 = net([2, 4, 2]), starts(2, 1)[0]
    ours, theirs = (
        torch.autograd.functional.jacobian(
            lambda y, engine=engine: neural.solve(model, y, TIMES, engine=engine).values[-1], y0
        )
        for engine in ("native", "torch")
    )
    assert off(ours, theirs) < 1e-6


@pytest.mark.parametrize("per_sample", [False, True])
def test_the_limit_of_the_tape_is_passed_on(monkeypatch: pytest.MonkeyPatch, per_sample: bool) -> None:
    cuts, cut = [], DenseBlock._rewind
    monkeypatch.setattr(DenseBlock, "_rewind", lambda block: (cuts.append(block), cut(block)))
    model, y0 = net([2, 5, 2]), starts(2, 6).requires_grad_()
    neural.solve(model, y0, 20 * TIMES, rtol=1e-10, per_sample=per_sample)
    assert not cuts
    neural.solve(model, y0, 20 * TIMES, rtol=1e-10, per_sample=per_sample, tape_bytes=1)
    assert cuts


def test_tapes_grow_up_to_their_limit() -> None:
    block = DenseBlock(DenseShape([2, 4, 2], Activation.TANH, np.float64), 1, 2)
    control = dataclasses.replace(DenseControl(), tape_bytes=block.tape_size(4 * block.capacity))
    block.solve(np.full(22, 0.1), np.ones((2, block.lanes)), np.array([[0.0], [1.0]]), control, None)
    assert block.tape_size(block.capacity) <= control.tape_bytes
