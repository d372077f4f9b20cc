"""A training in a page: data, settings with the seed, how far it came, the verdict and the versions."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from odeplayground.session.exports import text_of
from odeplayground.session.model_script import networks
from odeplayground.spec import Experiment, LearnedSystem, Score, TrainedRun


def card(experiment: Experiment, run: TrainedRun) -> dict[str, Any]:
    """All that tells the training from others, as plain data for JSON; numbers that are not finite become null there.

    The samples, the weights and the history are in the project file.
    """
    best = next((epoch for epoch in run.history if epoch.epoch == run.best_epoch), None)
    last = run.history[-1] if run.history else None
    report = run.report
    return {
        "name": experiment.name,
        "equations": text_of(experiment.system).strip(),
        "model": [{"layers": one.layers, "activation": one.activation.value} for one in networks(run.field)],
        "learned parameters": dict(zip(run.field.parameters, run.field.values, strict=True)),
        "data": _data(experiment, run),
        "settings": msgspec.to_builtins(run.spec),
        "changed by hand": list(run.by_hand),
        "epochs": last.epoch if last else 0,
        "best epoch": run.best_epoch,
        "loss": best.loss if best else math.nan,
        "held-out loss": best.held_out if best else math.nan,
        "seconds": run.seconds,
        "verdict": report.verdict if report else "",
        "scores": {score.name: {"value": score.value, "unit": score.unit} for score in report.scores} if report else {},
        "versions": run.versions,
    }


def card_json(experiment: Experiment, run: TrainedRun) -> bytes:
    """The card for programs."""
    return msgspec.json.format(msgspec.json.encode(card(experiment, run)), indent=2) + b"\n"


def card_text(experiment: Experiment, run: TrainedRun, project: str) -> str:
    """The card for people, in Markdown.

    ``project`` is the name of the project file from which it can be repeated; empty where the document has changed.
    """
    lines = [
        f"# {experiment.name}: what was learned",
        "",
        verdict(run),
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value.replace('|', '/')} |" for name, value in rows(experiment, run)),
        "",
        "Equations:",
        "",
        "```",
        text_of(experiment.system).strip(),
        "```",
        "",
        *_again(run, project),
        "",
    ]
    return "\n".join(lines)


def verdict(run: TrainedRun) -> str:
    """How well it was learned, in a sentence."""
    return run.report.verdict if run.report else "It was not compared with the true system."


def rows(experiment: Experiment, run: TrainedRun) -> list[tuple[str, str]]:
    """The table of the card: names, and what is said of them."""
    said, spec = card(experiment, run), run.spec
    data, scores = said["data"], run.report.scores if run.report else ()
    return [
        ("Model", _model(run)),
        ("Data", data["source"]),
        ("Samples", f"{data['samples']} in {data['trajectories']} trajectories, {100 * data['noise']:g} % noise"),
        ("Optimiser", f"{spec.optimiser.label}, gradients: {spec.gradient.label}"),
        ("Seed", f"{spec.seed} (network)" + (f", {data['seed']} (data)" if "seed" in data else "")),
        ("Epochs", f"{said['epochs']}, the best is {run.best_epoch}, in {run.seconds:.1f} s"),
        ("Loss there", f"{said['loss']:.4g}, held out {said['held-out loss']:.4g}"),
        *((score.name, _value(score)) for score in scores),
        *run.versions.items(),
    ]


def _data(experiment: Experiment, run: TrainedRun) -> dict[str, Any]:
    samples, plan = run.samples, experiment.plan
    found: dict[str, Any] = {
        "source": samples.source or "samples of the equations",
        "trajectories": len(samples.times),
        "samples": samples.n_points,
        "noise": samples.noise,
    }
    return found if samples.source else found | {"seed": plan.seed}


def _model(run: TrainedRun) -> str:
    nets = [f"{'–'.join(map(str, one.layers))}, {one.activation.label}" for one in networks(run.field)]
    if isinstance(run.field, LearnedSystem):
        return f"{run.spec.model.label}: {nets[0]}"
    return "; ".join([run.spec.model.label, *(f"term {number}: {net}" for number, net in enumerate(nets, start=1))])


def _again(run: TrainedRun, project: str) -> list[str]:
    if run.by_hand:
        return ["Not by the settings alone:", "", *(f"- {sentence}" for sentence in run.by_hand)]
    if not project:
        return ["The document has changed since. The samples of this training are in the project file."]
    return [
        "The same training once more, to the same numbers with the same versions:",
        "",
        "```",
        f"odeplayground train {project} --out again.odep",
        "```",
    ]


def _value(score: Score) -> str:
    return f"{score.value:.3g} {score.unit}".strip() if math.isfinite(score.value) else "diverges"
