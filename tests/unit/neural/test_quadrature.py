"""Integrals over steps are taken in pieces, so that memory does not grow with the steps."""

from __future__ import annotations

import pytest
import torch

from odeplayground.neural.quadrature import MOST_NUMBERS, Quadrature


@pytest.mark.parametrize("shape", [(MOST_NUMBERS // 4,), (4096, 2)])
def test_pieces_are_bounded_however_wide_the_state(shape):
    rate = torch.ones(shape[-1], requires_grad=True)
    calls = []

    def field(t, y):
        calls.append(1)
        return rate * y

    nodes = torch.ones(1, 2, *shape)
    quadrature = Quadrature(field, (rate,), nodes[0, 0])
    for _ in range(40):
        quadrature.add([0.0], [0.5], nodes)
    assert len(calls) >= 40 // 4
    quadrature.flush()
    rows = nodes[0, 0].numel() // shape[-1]
    torch.testing.assert_close(quadrature.sums[0], torch.full((shape[-1],), 40 * 0.5 * rows))
