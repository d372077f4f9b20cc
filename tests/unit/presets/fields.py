"""Right-hand sides of presets, written down a second time and in another way."""

from __future__ import annotations

import numpy as np
from numpy import cos, exp, pi, sin, tanh


def large_angle_pendulum(t, y, g, L):
    return y[1], -g * sin(y[0]) / L


def driven_pendulum(t, y, q, g, omega_d):
    return y[1], g * cos(omega_d * t) - sin(y[0]) - y[1] / q


def double_pendulum(t, y, g, m1, m2, L1, L2):
    """From the Lagrangian: mass matrix times accelerations = forces, by Cramer's rule."""
    a, b, u, v = y
    mixed = m2 * L1 * L2 * cos(a - b)
    first, last = (m1 + m2) * L1**2, m2 * L2**2
    f = -m2 * L1 * L2 * v**2 * sin(a - b) - (m1 + m2) * g * L1 * sin(a)
    h = m2 * L1 * L2 * u**2 * sin(a - b) - m2 * g * L2 * sin(b)
    det = first * last - mixed**2
    return u, v, (f * last - h * mixed) / det, (first * h - mixed * f) / det


def cooling_outdoors(t, y, k, mean, swing):
    return (k * (mean + swing * cos(pi * (t - 15) / 12) - y[0]),)


def two_bodies(t, y, k, C_a, C_b):
    flow = k * (y[0] - y[1])
    return -flow / C_a, flow / C_b


def first_order_reaction(t, y, k):
    return -k * y[0], k * y[0]


def second_order_reaction(t, y, k):
    met = k * y[0] * y[1]
    return -met, -met, met


def autocatalysis(t, y, k):
    made = k * y[0] * y[1]
    return -made, made


def michaelis_menten(t, y, k1, k_1, k2, E0):
    bound = k1 * (E0 - y[1]) * y[0]
    return k_1 * y[1] - bound, bound - k_1 * y[1] - k2 * y[1], k2 * y[1]


def oregonator(t, y, epsilon, delta, q, f):
    x, w, z = y
    return (x - x * x + w * (q - x)) / epsilon, (f * z - w * (q + x)) / delta, x - z


def belousov_zhabotinsky(t, y, s, q, w):
    a, b, c = y
    return s * (a + b - a * b - q * a * a), (c - b - a * b) / s, w * (a - c)


def rosenzweig_macarthur(t, y, r, K, a, h, c, m):
    eaten = a * y[0] / (1 + a * h * y[0]) * y[1]
    return r * y[0] - r * y[0] ** 2 / K - eaten, c * eaten - m * y[1]


def competition(t, y, a, b, c, d):
    x, s = y
    return a * x - x * x - b * x * s, c * s - d * x * s - s * s


def spruce_budworm(t, y, r, k):
    x = y[0]
    return (r * x - r * x * x / k - x * x / (1 + x * x),)


def food_chain(t, y, a1, b1, a2, b2, d1, d2):
    x, p, q = y
    grazing, hunting = a1 * x * p / (1 + b1 * x), a2 * p * q / (1 + b2 * p)
    return x - x * x - grazing, grazing - hunting - d1 * p, hunting - d2 * q


def seir(t, y, beta, sigma, gamma):
    infections = beta * y[0] * y[2] / sum(y)
    return -infections, infections - sigma * y[1], sigma * y[1] - gamma * y[2], gamma * y[2]


def sis(t, y, beta, gamma):
    net = beta * y[0] * y[1] - gamma * y[1]
    return -net, net


def hodgkin_huxley(t, y, I, gNa, gK, gL):  # noqa: E741 (the model's own name)
    """Rates as functions of the depolarisation from rest, v = V + 65, as the authors wrote them."""
    V, m, h, n = y
    v = V + 65
    sodium, potassium, leak = gNa * m**3 * h * (v - 115), gK * n**4 * (v + 12), gL * (v - 10.6)
    opening_m, closing_m = (25 - v) / 10 / (exp((25 - v) / 10) - 1), 4 * exp(-v / 18)
    opening_h, closing_h = 7 / 100 * exp(-v / 20), 1 / (exp((30 - v) / 10) + 1)
    opening_n, closing_n = (10 - v) / 100 / (exp((10 - v) / 10) - 1), exp(-v / 80) / 8
    return (
        I - sodium - potassium - leak,
        opening_m - (opening_m + closing_m) * m,
        opening_h - (opening_h + closing_h) * h,
        opening_n - (opening_n + closing_n) * n,
    )


def morris_lecar(t, y, I, C, gL, gK, gCa, phi):  # noqa: E741
    V, w = y
    calcium = gCa * 0.5 * (1 + tanh((V + 1.2) / 18)) * (V - 120)
    pace = phi * np.cosh((V - 2) / 60)
    return (I - calcium - gK * w * (V + 84) - gL * (V + 60)) / C, pace * (0.5 + 0.5 * tanh((V - 2) / 30) - w)


def hindmarsh_rose(t, y, I, a, b, c, d, r, s, x_rest):  # noqa: E741
    x, w, z = y
    return w + x * x * (b - a * x) - z + I, c - d * x * x - w, r * s * (x - x_rest) - r * z


def roessler(t, y, a, b, c):
    return -(y[1] + y[2]), y[0] + a * y[1], b - c * y[2] + y[0] * y[2]


def chua(t, y, alpha, beta, m0, m1):
    x = y[0]
    odd = np.where(np.abs(x) <= 1, m0 * x, m1 * x + np.sign(x) * (m0 - m1))
    return alpha * (y[1] - x - odd), x - y[1] + y[2], -beta * y[1]


def henon_heiles(t, y, **fixed):
    (strength,) = fixed.values()
    x, w, u, v = y
    return u, v, -x * (1 + 2 * strength * w), -w + strength * (w * w - x * x)


def thomas(t, y, b):
    return tuple(sin(np.roll(y, -1, axis=0)) - b * np.asarray(y))


def saddle_node(t, y, r):
    return r + y[0] * y[0], -y[1]


def transcritical(t, y, r):
    return y[0] * (r - y[0]), -y[1]


def pitchfork(t, y, r):
    return y[0] * (r - y[0] ** 2), -y[1]


def hopf(t, y, mu, omega, sigma):
    z = y[0] + 1j * y[1]
    rate = (mu + 1j * omega + sigma * np.abs(z) ** 2) * z
    return rate.real, rate.imag


def takens_bogdanov(t, y, b1, b2):
    x, w = y
    return w, b1 + x * (b2 + x - w)


def toggle_switch(t, y, alpha1, alpha2, beta, gamma):
    return alpha1 / (1 + y[1] ** beta) - y[0], alpha2 / (1 + y[0] ** gamma) - y[1]


def repressilator(t, y, alpha, alpha0, beta, n):
    messengers, proteins = np.asarray(y[:3]), np.asarray(y[3:])
    made = alpha / (1 + np.roll(proteins, 1, axis=0) ** n) + alpha0
    return (*(made - messengers), *(beta * (messengers - proteins)))


def laser(t, y, G, k, f, p):
    stimulated = G * y[0] * y[1]
    return stimulated - k * y[0], p - f * y[1] - stimulated


def kepler(t, y, mu):
    pull = mu / np.hypot(y[0], y[1]) ** 3
    return y[2], y[3], -pull * y[0], -pull * y[1]


def three_body(t, y, mu):
    """In complex numbers: z'' = z - 2 i z' - (1 - mu) (z + mu) / |z + mu|^3 - mu (z - 1 + mu) / |z - 1 + mu|^3."""
    z, w = y[0] + 1j * y[1], y[2] + 1j * y[3]
    earth, moon = z + mu, z - (1 - mu)
    force = z - 2j * w - (1 - mu) * earth / np.abs(earth) ** 3 - mu * moon / np.abs(moon) ** 3
    return y[2], y[3], force.real, force.imag


ALL = (
    large_angle_pendulum, driven_pendulum, double_pendulum, cooling_outdoors, two_bodies, first_order_reaction,
    second_order_reaction, autocatalysis, michaelis_menten, oregonator, belousov_zhabotinsky, rosenzweig_macarthur,
    competition, spruce_budworm, food_chain, seir, sis, hodgkin_huxley, morris_lecar, hindmarsh_rose, roessler, chua,
    henon_heiles, thomas, saddle_node, transcritical, pitchfork, hopf, takens_bogdanov, toggle_switch, repressilator,
    laser, kepler, three_body,
)  # fmt: skip
