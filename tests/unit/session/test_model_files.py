"""What was learned as files: they must give the field again where nothing of ours is installed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from safetensors.numpy import load as load_safetensors

from odeplayground import dynamics
from odeplayground.jobs import CancelToken
from odeplayground.session import UserError, edits
from odeplayground.session.editor import read
from odeplayground.session.learned_document import learned_document
from odeplayground.session.model_files import FILES, PROJECT, TORCH, WEIGHTS, model_files, zipped
from odeplayground.session.model_script import arrays, described, model_program, networks
from odeplayground.session.run_card import card, card_text
from odeplayground.spec import AnySystem, Epoch, Experiment, Report, Samples, Score, System, TrainedRun, TrainSpec
from odeplayground.storage import project, safetensors
from tests.unit.session.systems import experiment
from tests.unit.session.test_learned_document import FIELDS, trained

STRANGE = """lambda' = -k*lambda + if(lambda > 0.5 and not (_1 < -2), max(sin(t), 0.2), -1)/(1 + t^2) + [?](lambda, 0.5)
_1' = mod(3*_1, 2) - heaviside(lambda - 0.1)*[?](_1, lambda) + min(_1, exp(-t), 2)^3 + k
k = 0.75
"""
"""Names that mean something in Python, and operations of most kinds."""

# Follows the field of the program beside it at given states, and says where a trajectory ends.
PROBE = """
import sys
import numpy as np
from run_model import START, SPAN, Field, solve
field = Field()
given = np.load("given.npz")
import torch
found = np.stack([field(float(t), torch.tensor(x)).detach().numpy() for t, x in zip(given["t"], given["x"])])
np.savez("found.npz", rates=found, y=solve(field, START, np.linspace(*SPAN, 11)))
assert not {name for name in sys.modules if name.split(".")[0] in ("odeplayground", "scipy", "safetensors")}
"""


def strange() -> System:
    system = read(STRANGE).system
    assert system is not None, read(STRANGE).problems
    network = learned_document(trained(FIELDS[0])).system.terms[0]
    return msgspec.structs.replace(system, terms=(network, msgspec.structs.replace(network, by=0)))


def of(field: AnySystem) -> Experiment:
    if isinstance(field, System):
        run = TrainedRun(Samples(field.states, (), ()), TrainSpec(), field, 1, 1.0)
        return msgspec.structs.replace(edits.default_experiment(field, STRANGE, "strange"), run=run)
    return trained(field)


@pytest.mark.parametrize("field", [FIELDS[1], FIELDS[4], strange()], ids=["plain", "energy", "equations"])
def test_the_program_runs_the_field_with_torch_and_numpy_alone(field: AnySystem, tmp_path: Path) -> None:
    document = of(field)
    (tmp_path / "run_model.py").write_text(model_program(document, field, WEIGHTS), encoding="utf-8")
    (tmp_path / WEIGHTS).write_bytes(safetensors.to_bytes(arrays(field), described(field)))
    numbers = np.random.default_rng(0)
    t, x = numbers.uniform(0.0, 3.0, 30), numbers.normal(size=(30, 2))
    np.savez(tmp_path / "given.npz", t=t, x=x)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([sys.executable, "-c", PROBE], cwd=tmp_path, env=environment, check=True, timeout=100)
    found = np.load(tmp_path / "found.npz")
    np.testing.assert_allclose(found["rates"], dynamics.evaluate(field, x, t), rtol=1e-12, atol=1e-12)
    if field is FIELDS[4]:
        times = np.linspace(*document.t_span, 11)
        y = dynamics.simulate(field, document.t_span, document.starts[0], t_eval=times, rtol=1e-10, atol=1e-12).y
        np.testing.assert_allclose(found["y"], y, atol=1e-5)


@pytest.mark.parametrize("field", [FIELDS[4], strange()], ids=["energy", "equations"])
def test_the_package_safetensors_reads_our_file(field: AnySystem) -> None:
    data = safetensors.to_bytes(arrays(field), described(field) | {"name": "Pendel θ"})
    found = load_safetensors(data)
    assert found.keys() == arrays(field).keys()
    for name, array in arrays(field).items():
        np.testing.assert_array_equal(found[name], array)
    assert sum(array.size for name, array in found.items() if "scale" not in name and "mean" not in name) == sum(
        one.weights.shape[0] for one in networks(field)
    )
    assert json.loads(described(field)["states"]) == list(field.states)


def test_no_array_can_take_the_place_of_the_texts() -> None:
    with pytest.raises(ValueError, match="__metadata__"):
        safetensors.to_bytes({"__metadata__": np.zeros(1)}, {})


def test_all_files_come_in_one(tmp_path: Path) -> None:
    before = trained(FIELDS[2])
    parts = list(zipped(before)(CancelToken()))
    assert [part for part in parts if isinstance(part, float)] == sorted(parts[:-1])
    archive = zipfile.ZipFile(io.BytesIO(parts[-1]))
    assert set(archive.namelist()) == set(FILES)
    program = torch.export.load(io.BytesIO(archive.read(TORCH))).module()
    x = np.random.default_rng(0).normal(size=(9, 2))
    rates = program(torch.tensor(1.5, dtype=torch.float64), torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(rates, dynamics.evaluate(FIELDS[2], x, 1.5), atol=1e-12)
    assert str(Path(__file__).parents[3]).encode() not in b"".join(map(archive.read, archive.namelist()))
    assert project.from_bytes(archive.read(PROJECT)).run == before.run


def test_nothing_learned_gives_no_files() -> None:
    with pytest.raises(UserError, match="Train"):
        next(model_files(experiment()))


def test_the_card_says_what_was_done() -> None:
    before = trained(FIELDS[0])
    scores = (Score("Field error", 1.25, "%", ""), Score("Beyond", float("inf"), "", ""))
    report = Report(0.0125, 0.1, (), scores, "Learned well.", True)
    history = (Epoch(1, 0.5, 0.25, 0.1, 1, 1, 1.0, 1),)
    samples = Samples(FIELDS[0].states, (), (), 0.05)
    run = TrainedRun(samples, TrainSpec(seed=7), FIELDS[0], 1, 2.5, history, (), report, {"torch": "2"}, ("Stopped.",))
    said = json.loads(msgspec.json.encode(card(before, run)))
    assert (said["held-out loss"], said["settings"]["seed"], said["versions"]) == (0.25, 7, {"torch": "2"})
    assert said["scores"]["Beyond"]["value"] is None
    text = card_text(before, run, PROJECT)
    for piece in ("Learned well.", "| Seed | 7 (network), 0 (data) |", "1.25 %", "5 % noise", "diverges", "- Stopped."):
        assert piece in text
    plain = msgspec.structs.replace(run, by_hand=())
    assert f"train {PROJECT}" in card_text(before, plain, PROJECT)
    assert "has changed since" in card_text(before, plain, "")
