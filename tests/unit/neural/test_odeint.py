"""The interface of the two solvers: shapes, settings, refusals, failures."""

from __future__ import annotations

import pytest
import torch

from odeplayground import neural
from odeplayground.spec import Status


def decay(_t, z):
    return -z


def adjoint(func, z0, t, **settings):
    return neural.odeint_adjoint(func, z0, t, adjoint_params=(), **settings)


both = pytest.mark.parametrize("solver", [neural.odeint, adjoint])


@both
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 4)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_any_shape_and_type(solver, shape, dtype):
    z0, t = torch.ones(shape, dtype=dtype), torch.tensor([0.0, 0.5, 1.0])
    z = solver(decay, z0, t, rtol=1e-5, atol=1e-6)
    assert z.shape == (3, *shape)
    assert z.dtype == dtype
    assert torch.equal(z[0], z0)
    assert torch.allclose(z[2], torch.exp(torch.tensor(-1.0, dtype=dtype)) * z0, rtol=1e-4)


@both
def test_tuple_state_with_a_tolerance_per_part(solver):
    y0 = (torch.ones(2, dtype=torch.float64), torch.ones(3, 1, dtype=torch.float64))
    t = torch.tensor([0.0, 1.0], dtype=torch.float64)
    a, b = solver(lambda _t, y: (-y[0], -2 * y[1]), y0, t, rtol=(1e-6, 1e-8), atol=(1e-8, 1e-9))
    assert a.shape == (2, 2)
    assert b.shape == (2, 3, 1)
    assert b[1, 0, 0].item() == pytest.approx(0.1353352832, abs=1e-6)


@both
def test_one_time_gives_the_start(solver):
    z = solver(decay, torch.ones(2), torch.tensor([3.0]))
    assert torch.equal(z, torch.ones(1, 2))


def test_one_time_has_gradients():
    z0, t = torch.ones(2, requires_grad=True), torch.tensor([3.0], requires_grad=True)
    adjoint(decay, z0, t).sum().backward()
    assert torch.equal(z0.grad, torch.ones(2))
    assert torch.equal(t.grad, torch.zeros(1))


@both
def test_the_field_sees_the_real_time(solver):
    seen = []

    def ticking(t, z):
        seen.append(t.item())
        return torch.cos(t) * torch.ones_like(z)

    t = torch.tensor([2.0, 1.0, 0.0], dtype=torch.float64)
    z = solver(ticking, torch.zeros(1, dtype=torch.float64), t)
    assert min(seen) >= 0
    assert max(seen) <= 2
    assert torch.allclose(z[:, 0], torch.sin(t) - torch.sin(t[0]), atol=1e-7)


@both
def test_unknown_method_is_refused_by_name(solver):
    with pytest.raises(ValueError, match=r'no method "rk5".*dopri5'):
        solver(decay, torch.ones(1), torch.tensor([0.0, 1.0]), method="rk5")


@both
def test_unknown_option_is_refused_by_name(solver):
    with pytest.raises(ValueError, match=r'no option "wobble".*step_size'):
        solver(decay, torch.ones(1), torch.tensor([0.0, 1.0]), method="rk4", options={"wobble": True})


@both
@pytest.mark.parametrize("t", [[0.0, 1.0, 0.5], [0.0, 0.0], [[0.0, 1.0]], []])
def test_bad_times_are_refused(solver, t):
    with pytest.raises(ValueError, match="t must"):
        solver(decay, torch.ones(1), torch.tensor(t))


@both
@pytest.mark.parametrize("y0", [torch.ones(2, dtype=torch.int64), [1.0, 2.0], (1.0,)])
def test_bad_states_are_refused(solver, y0):
    with pytest.raises(TypeError, match="y0"):
        solver(decay, y0, torch.tensor([0.0, 1.0]))


def test_plain_function_needs_adjoint_parameters():
    with pytest.raises(ValueError, match="adjoint_params"):
        neural.odeint_adjoint(decay, torch.ones(1), torch.tensor([0.0, 1.0]))


def test_foreign_options_are_not_guessed():
    with pytest.raises(ValueError, match="adjoint_options"):
        adjoint(
            decay, torch.ones(1), torch.tensor([0.0, 1.0]), method="rk4", options={"step_size": 0.1},
            adjoint_method="dopri5",
        )  # fmt: skip


@both
def test_blow_up_keeps_what_was_reached(solver):
    """z' = z^2 from 1 has its pole at t = 1."""
    t = torch.tensor([0.0, 0.5, 0.9, 2.0], dtype=torch.float64)
    with pytest.raises(neural.SolveError) as caught:
        solver(lambda _t, z: z**2, torch.ones(2, dtype=torch.float64), t)
    assert caught.value.status in (Status.DIVERGED, Status.STEP_TOO_SMALL)
    assert caught.value.partial.shape == (3, 2)
    assert caught.value.partial[2, 0].item() == pytest.approx(10, rel=1e-5)


@both
def test_fixed_steps_notice_divergence(solver):
    t = torch.arange(6, dtype=torch.float64)
    with pytest.raises(neural.SolveError, match="t = ") as caught:
        solver(lambda _t, z: z**3, torch.full((1,), 3.0, dtype=torch.float64), t, method="rk4")
    assert caught.value.status is Status.DIVERGED
    assert torch.isfinite(caught.value.partial).all()
    assert 1 <= len(caught.value.partial) < 6


@both
@pytest.mark.parametrize("settings", [{}, {"method": "rk4"}])
def test_step_limit(solver, settings):
    t = torch.tensor([0.0, 1e-3, 100.0], dtype=torch.float64)
    options = {"max_num_steps": 5, **({"step_size": 0.01} if settings else {})}
    with pytest.raises(neural.SolveError) as caught:
        solver(lambda t, z: torch.cos(20 * t) * z, torch.ones(1, dtype=torch.float64), t, options=options, **settings)
    assert caught.value.status is Status.STEP_LIMIT
    assert len(caught.value.partial) in (1, 2)


def test_partial_values_of_a_tuple():
    t = torch.tensor([0.0, 0.5, 2.0], dtype=torch.float64)
    y0 = (torch.ones(2, dtype=torch.float64), torch.ones(1, 1, dtype=torch.float64))
    with pytest.raises(neural.SolveError) as caught:
        neural.odeint(lambda _t, y: (y[0] ** 2, -y[1]), y0, t)
    a, b = caught.value.partial
    assert a.shape == (2, 2)
    assert b.shape == (2, 1, 1)


@both
def test_field_that_is_undefined_from_the_start(solver):
    with pytest.raises(neural.SolveError) as caught:
        solver(lambda _t, z: torch.log(z), torch.full((1,), -1.0), torch.tensor([0.0, 1.0]))
    assert caught.value.status is Status.DIVERGED


@both
def test_first_step_is_used(solver):
    seen = []

    def watched(t, z):
        seen.append(t.item())
        return -z

    solver(watched, torch.ones(1), torch.tensor([0.0, 1.0]), options={"first_step": 0.125})
    assert seen[1] == pytest.approx(0.125 / 5)


def test_resting_state_needs_few_steps_without_gradients():
    calls = []

    def rest(_t, z):
        calls.append(1)
        return -z

    neural.odeint(rest, torch.zeros(2), torch.tensor([0.0, 1000.0]))
    assert len(calls) < 100


@both
@pytest.mark.parametrize(
    ("method", "settings", "named"),
    [
        ("dopri5", {"rtol": -1e-3}, "rtol"),
        ("dopri5", {"atol": float("nan")}, "atol"),
        ("rk4", {"options": {"step_size": 0.0}}, "step_size"),
        ("rk4", {"options": {"step_size": -0.1}}, "step_size"),
        ("dopri5", {"options": {"first_step": float("inf")}}, "first_step"),
        ("dopri5", {"options": {"max_num_steps": 0}}, "max_num_steps"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(solver, method, settings, named):
    with pytest.raises(ValueError, match=named):
        solver(decay, torch.ones(2), torch.tensor([0.0, 1.0]), method=method, **settings)


@pytest.mark.parametrize("size", [1e-9, 1e-300])
def test_tiny_steps_are_counted_before_they_are_made(size):
    y0, t = torch.ones(1, dtype=torch.float64), torch.tensor([0.0, 1e9], dtype=torch.float64)
    with pytest.raises(neural.SolveError, match="More than 100 steps"):
        neural.odeint(decay, y0, t, method="rk4", options={"step_size": size, "max_num_steps": 100})


@both
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_an_event_that_is_not_finite_at_the_start_is_refused(solver, value):
    def event(_t, z):
        return z[0] + value

    with pytest.raises(ValueError, match="not finite at the start"):
        neural.odeint_event(decay, torch.ones(2), torch.tensor(0.0), event_fn=event, odeint_interface=solver)
