"""Type a system, solve it, look at its equilibria.

Run it: python examples/simulate.py
"""

import odeplayground as odp

system = odp.parse("""
theta' = omega
omega' = -b*omega - c*sin(theta)
b = 0.25; c = 5.0
theta(0) = pi - 0.1
""")

solution = odp.simulate(system, t_span=(0, 20))
print(f"{solution.status}: {len(solution.t)} times, theta(5.5) = {solution(5.5)[0]:.4f}")

for b in (0.0, 0.25, 1.0):
    end = odp.simulate(system, parameters={"b": b})["theta"][-1]
    print(f"b = {b}: theta(20) = {end:+.4f}")

for equilibrium in odp.equilibria(system, {"theta": (-7, 7), "omega": (-8, 8)}):
    print(f"{equilibrium.kind} at theta = {equilibrium.state[0]:+.4f}")
