from __future__ import annotations

import numpy as np

from odeplayground.session.training_film import MOST, Film
from odeplayground.spec import FieldUpdate
from tests.unit.session.networks import linear_network


def test_a_long_training_is_thinned_evenly_and_ends_with_the_latest():
    film, field = Film(), linear_network(("x",), np.eye(1))
    assert film.at(3) is None
    for epoch in range(2000):
        film.add(FieldUpdate(epoch, field))
    assert MOST / 2 <= len(film) <= MOST
    kept = [one.epoch for one in film._kept]
    assert kept[0] == 0
    assert len(set(np.diff(kept))) == 1
    assert film._latest.epoch == 1999


def test_the_nearest_field_is_shown():
    film = Film()
    fields = [linear_network(("x",), k * np.eye(1)) for k in range(3)]
    for epoch, field in zip((0, 10, 30), fields, strict=True):
        film.add(FieldUpdate(epoch, field))
    assert [film.at(epoch) for epoch in (2, 8, 19, 25, 99)] == [fields[k] for k in (0, 1, 1, 2, 2)]
