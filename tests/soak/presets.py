"""What pressing Train with the defaults gives for every preset that a small network should learn: a table.

``python -m tests.soak.presets [names]``. Eligible are presets of up to four states that are neither chaotic nor stiff.
Data are those of the window; driven systems get the time as an input. Times are of the processor, for training alone.
"""

from __future__ import annotations

import sys
import time

import msgspec

from odeplayground import dynamics, neural
from odeplayground.session.training_data import data_for
from odeplayground.storage import presets

NOISES = (0.0, 0.05)
GOALS = (0.03, 0.10)
MOST_STATES = 4


def eligible() -> list[str]:
    return [name for name in presets.presets() if _is_eligible(presets.load(name))]


def _is_eligible(preset: presets.Preset) -> bool:
    if preset.experiment.data is not None:  # what was measured has no true field to compare with
        return False
    return len(preset.system.states) <= MOST_STATES and not preset.stiff and "Chaos" not in preset.tags


def learned(name: str, noise: float) -> tuple[float, float]:
    """Field error in the tube, and seconds."""
    experiment = presets.load(name).experiment
    experiment = msgspec.structs.replace(experiment, plan=msgspec.structs.replace(experiment.plan, noise=noise))
    driven = not dynamics.is_autonomous(experiment.system)
    data = data_for(experiment)
    training = neural.train(data, msgspec.structs.replace(experiment.training, time_input=driven))
    begin = time.process_time()
    while True:
        try:
            next(training)
        except StopIteration as end:
            done = end.value
            break
    seconds = time.process_time() - begin
    report = neural.compare(experiment.system, done.field, data, experiment.parameters)
    return report.field_error, seconds


def main(names: list[str]) -> None:
    print("| preset | clean | 5 % noise | seconds | |\n|---|---|---|---|---|")
    for name in names or eligible():
        found = [learned(name, noise) for noise in NOISES]
        good = all(error <= goal for (error, _), goal in zip(found, GOALS, strict=True))
        errors = " | ".join(f"{100 * error:.1f} %" for error, _ in found)
        seconds = ", ".join(f"{seconds:.1f}" for _, seconds in found)
        print(f"| {name} | {errors} | {seconds} | {'' if good else 'missed'} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
