"""Learn a vector field from a few noisy trajectories, and solve the learned system like any other.

Run it: python examples/train.py
"""

import odeplayground as odp
from odeplayground import neural

system = odp.preset("lotka-volterra")
data = neural.sample(system, n_trajectories=4, n_points=40, noise=0.01, seed=1)

settings = neural.TrainSpec(hidden=(16,), epochs=50)
fit = neural.fit(data, settings, system=system)

print(f"held-out loss {fit.history[0].held_out:.2g} -> {min(epoch.held_out for epoch in fit.history):.2g}")
print(fit.report.verdict)

for name, one in (("true", system), ("learned", fit.field)):
    solution = odp.simulate(one, t_span=(0, 10))
    print(f"{name}: {solution.status}, x(5.5) = {solution(5.5)[0]:.1f}")
