"""Closed curves as piecewise polynomials on a mesh that is fine where they bend.

Time runs from 0 to 1. Each interval has a polynomial of degree ``DEGREE`` through evenly spaced nodes, of which it
shares the first and last with its neighbours: Ascher, Mattheij and Russell, Numerical Solution of Boundary Value
Problems for Ordinary Differential Equations, SIAM 1995, chapter 9; the scheme of AUTO.
"""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers

DEGREE = 4
SHARPEST = 0.05
"""No interval is made for less than this share of the usual bending, so that none becomes very long."""
COARSE, FINE = 30, 160
"""How many intervals there are at least and at most."""
BENDING = 0.4
"""How much of the root of the derivative of order ``DEGREE + 1`` falls on an interval; decides how many there are."""
UNEVEN = 1.5
"""A mesh whose worst interval has so many times the usual share is good enough."""

NODES = np.linspace(0.0, 1.0, DEGREE + 1)


def _lagrange(at: Floats) -> tuple[Floats, Floats]:
    """Values and derivatives (k, DEGREE + 1) of the Lagrange polynomials of the nodes at points (k,)."""
    powers = np.linalg.inv(np.vander(NODES, increasing=True))
    orders = np.arange(DEGREE + 1)
    values = at[:, None] ** orders
    slopes = orders * at[:, None] ** np.maximum(orders - 1, 0)
    return values @ powers, slopes @ powers


GAUSS = 0.5 + 0.5 * np.polynomial.legendre.leggauss(DEGREE)[0]
"""The Gauss points of an interval from 0 to 1."""
WEIGHTS: Floats = 0.5 * np.polynomial.legendre.leggauss(DEGREE)[1]
VALUES, SLOPES = _lagrange(GAUSS)


def places(intervals: int) -> Integers:
    """Which of the different nodes each interval uses, (intervals, DEGREE + 1); the last node is the first again."""
    result: Integers = (np.arange(intervals)[:, None] * DEGREE + np.arange(DEGREE + 1)[None, :]) % (intervals * DEGREE)
    return result


def node_times(ends: Floats) -> Floats:
    """Times of the different nodes, (intervals * DEGREE,), from the ends (intervals + 1,)."""
    result: Floats = (ends[:-1, None] + np.diff(ends)[:, None] * NODES[:-1]).ravel()
    return result


def interpolated(ends: Floats, nodes: Floats, times: Floats) -> Floats:
    """A curve, given at its different nodes (intervals * DEGREE, n), at times (k,) from 0 to 1, (k, n)."""
    intervals = ends.size - 1
    at = np.clip(np.searchsorted(ends, times, side="right") - 1, 0, intervals - 1)
    share = (times - ends[at]) / np.diff(ends)[at]
    values, _ = _lagrange(share)
    result: Floats = np.einsum("kj,kjn->kn", values, nodes[places(intervals)[at]])
    return result


def adapted(ends: Floats, nodes: Floats) -> Floats:
    """The same mesh if it is good enough, or one on which the error of a curve is spread evenly.

    The curve is given at its nodes in units of the scales. The derivative of order DEGREE + 1 is estimated from the
    jumps of the one below (Russell and Christiansen, SIAM Journal on Numerical Analysis 15 (1978) 59).
    """
    intervals, h = ends.size - 1, np.diff(ends)
    highest = np.diff(nodes[places(intervals)], DEGREE, axis=1)[:, 0] / (h[:, None] / DEGREE) ** DEGREE
    jump = np.linalg.norm(highest - np.roll(highest, 1, axis=0), axis=1) / (0.5 * (h + np.roll(h, 1)))
    bend = (0.5 * (jump + np.roll(jump, -1))) ** (1.0 / (DEGREE + 1))
    bend = np.maximum(bend, SHARPEST * float((bend * h).sum()) + 1e-12)
    total = np.concatenate([[0.0], np.cumsum(bend * h)])
    count = int(np.clip(total[-1] / BENDING, COARSE, FINE))
    if abs(count - intervals) < 0.2 * intervals:
        if (bend * h).max() * intervals < UNEVEN * total[-1]:
            return ends
        count = intervals
    result: Floats = np.interp(np.linspace(0.0, total[-1], count + 1), total, ends)
    result[0], result[-1] = 0.0, 1.0
    return result
