"""What code is written for."""

import pytest

from odeplayground.dynamics.kernels.features import WITHOUT, host_features


def test_width_is_a_power_of_two():
    features = host_features()
    assert features.width in (4, 8)
    assert features.cpu


def test_less_can_be_asked_for():
    plain = host_features(["avx", "avx2", "avx512f", "fma"])
    assert (plain.width, plain.fma) == (4, False)
    assert plain.flags.endswith("-avx,-avx2,-avx512f,-fma")


def test_the_environment_is_asked(monkeypatch):
    monkeypatch.setenv(WITHOUT, "avx2, fma")
    assert host_features() == host_features(["avx2", "fma"])
    assert not host_features().fma


@pytest.mark.parametrize("without", [[], ["fma"], ["avx2"]])
def test_equal_questions_have_equal_answers(without):
    assert host_features(without) == host_features(iter(without))
    assert hash(host_features(without)) == hash(host_features(iter(without)))
