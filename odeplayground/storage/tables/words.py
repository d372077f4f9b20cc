"""What was read, in words."""

from __future__ import annotations

import numpy as np

from odeplayground.spec import Samples


def about(samples: Samples, unit: str = "") -> str:
    """For example: 21 samples of hare and lynx from t = 1900 to 1920 a, in one trajectory."""
    times = [np.asarray(one) for one in samples.times]
    first, last = min(float(t[0]) for t in times), max(float(t[-1]) for t in times)
    missing = sum(int(np.isnan(np.asarray(values)).sum()) for values in samples.values)
    span = f"from t = {first:.6g} to {last:.6g} {unit}".rstrip()
    among = "" if len(times) == 1 else f" in {len(times)} trajectories"
    gaps = f" {counted(missing, 'value')} of states {'is' if missing == 1 else 'are'} missing." if missing else ""
    return f"{samples.n_points} samples of {_listed(samples.states)}{among}, {span}.{gaps}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
