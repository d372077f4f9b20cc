"""Open a project file with a training run and compare the learned field with the true one.

Run it: python examples/compare.py
"""

from pathlib import Path

import odeplayground as odp
from odeplayground import neural

experiment = odp.open(Path(__file__).parent / "pendulum.odep")
run = experiment.run

report = neural.compare(experiment.system, run.field, neural.Dataset.from_samples(run.samples))

print(f"{experiment.name}, {run.samples.n_points} samples, best epoch {run.best_epoch} of {len(run.history)}")
print(report.verdict)
print(f"field error {report.field_error:.1%}, trajectory error {report.trajectory_error:.1%}")
for match in report.equilibria:
    print(f"{match.true_kind or 'nothing'} -> {match.learned_kind or 'nothing'}")
for score in report.scores:
    print(f"{score.name}: {score.value:.3g} {score.unit}")
