"""The second palette keeps variables apart for every kind of colour vision."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from odeplayground.gui.theme.tokens import DARK, LIGHT, with_palette
from tests.gui.widgets.helpers import contrast

VISIONS = (
    np.eye(3),
    # without red, green and blue cones: Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009), severity 1
    np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
)
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(color: str, vision: np.ndarray) -> np.ndarray:
    srgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(vision @ linear, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def smallest_distance(tokens) -> float:
    colors = [tokens.variable(i) for i in range(5)] + [tokens.learned, tokens.ink]
    return min(
        float(np.linalg.norm(lab(one, vision) - lab(other, vision)))
        for vision in VISIONS
        for one, other in itertools.combinations(colors, 2)
    )


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_safe_palette_is_safer_and_can_be_read(tokens):
    safe = with_palette(tokens, "safe")
    assert smallest_distance(safe) > 25 > smallest_distance(tokens)
    assert all(contrast(safe.variable(i), safe.surface) >= (4.5 if i < 2 else 3.0) for i in range(5))
    assert with_palette(safe, "standard") == tokens
    with pytest.raises(ValueError, match="no palette"):
        with_palette(tokens, "loud")
