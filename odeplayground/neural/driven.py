"""Whether a system depends on time by itself."""

from __future__ import annotations

from odeplayground import expr
from odeplayground.spec import System


def depends_on_time(system: System) -> bool:
    """Whether the time stands anywhere in the equations."""
    model = expr.model(system)
    return any(node.op is expr.Op.TIME for node in model.tape(model.rhs).nodes)
