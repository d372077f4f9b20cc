"""Which choices of a training fit an experiment."""

from __future__ import annotations

import msgspec
import pytest

from odeplayground.session.training_choices import (
    has_network,
    ignored,
    settings,
    wholly_unknown,
    why_not_engine,
    why_not_model,
)
from odeplayground.spec import Engine, Gradient, Model, Optimiser, TrainSpec
from tests.unit.session.systems import LORENZ, PENDULUM, experiment

BARE = "x' = y\ny' = -x\n"
UNKNOWN = "x' = y\ny' = [?](x)\n"


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        (PENDULUM, set(Model)),
        (LORENZ, {Model.NETWORK, Model.EQUATIONS}),
        (BARE, set(Model) - {Model.EQUATIONS}),
        (UNKNOWN, {Model.EQUATIONS}),
    ],
)
def test_models_that_fit(text: str, fitting: set[Model]) -> None:
    system = experiment(text).system
    assert {model for model in Model if not why_not_model(system, model)} == fitting


@pytest.mark.parametrize("model", list(Model))
def test_unknown_terms_are_what_is_learned(model: Model) -> None:
    training = TrainSpec(model=model, epochs=7)
    assert settings(experiment(PENDULUM, training=training)) == training
    chosen = settings(experiment(UNKNOWN, training=training))
    assert chosen == msgspec.structs.replace(training, model=Model.EQUATIONS)


def test_where_nothing_is_known_one_network_is_learned() -> None:
    whole = experiment("x' = [?](x, y)\ny' = [?](x, y)\n")
    assert wholly_unknown(whole.system)
    assert settings(whole).model is Model.NETWORK
    assert not why_not_model(whole.system, Model.NETWORK)
    for text in ("x' = [?](x)\ny' = [?](x, y)\n", "x' = [?](x, y) - x\ny' = [?](x, y)\n", "x' = -x\n"):
        assert not wholly_unknown(experiment(text).system)


def test_parameters_alone_need_no_network() -> None:
    equations = TrainSpec(model=Model.EQUATIONS)
    assert not has_network(experiment(PENDULUM, training=equations))
    assert has_network(experiment(UNKNOWN, training=equations))
    assert has_network(experiment(PENDULUM))


def test_what_is_ignored_are_settings() -> None:
    for optimiser in Optimiser:
        assert ignored(TrainSpec(optimiser=optimiser)) <= set(TrainSpec.__struct_fields__)


def test_native_code_is_offered_where_it_can_train() -> None:
    assert not any(why_not_engine(TrainSpec(), engine) for engine in Engine)
    adjoint = TrainSpec(gradient=Gradient.ADJOINT)
    assert "discrete" in why_not_engine(adjoint, Engine.NATIVE)
    assert not why_not_engine(adjoint, Engine.TORCH)
    assert not why_not_engine(msgspec.structs.replace(adjoint, optimiser=Optimiser.MARQUARDT), Engine.NATIVE)
    assert "plain" in why_not_engine(TrainSpec(model=Model.SECOND_ORDER), Engine.NATIVE)
