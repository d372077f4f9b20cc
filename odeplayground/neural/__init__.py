"""Neural ODEs: solvers with gradients, data, training, comparison. The only part that knows torch."""

from odeplayground.neural.adjoint import odeint_adjoint
from odeplayground.neural.audit import Audit, audit
from odeplayground.neural.compare import compare
from odeplayground.neural.control import Control
from odeplayground.neural.data import Dataset, Trajectory
from odeplayground.neural.dense import odeint_dense
from odeplayground.neural.errors import SolveError
from odeplayground.neural.events import odeint_event
from odeplayground.neural.fit import Fit, fit
from odeplayground.neural.models import MLP
from odeplayground.neural.odeint import odeint
from odeplayground.neural.sampling import sample
from odeplayground.neural.solution import Solution, solve
from odeplayground.neural.train import train
from odeplayground.neural.warm import warm_up
from odeplayground.spec import Activation, Gradient, HoldOut, Model, Optimiser, TrainSpec

__all__ = [
    "MLP",
    "Activation",
    "Audit",
    "Control",
    "Dataset",
    "Fit",
    "Gradient",
    "HoldOut",
    "Model",
    "Optimiser",
    "Solution",
    "SolveError",
    "TrainSpec",
    "Trajectory",
    "audit",
    "compare",
    "fit",
    "odeint",
    "odeint_adjoint",
    "odeint_dense",
    "odeint_event",
    "sample",
    "solve",
    "train",
    "warm_up",
]


def __dir__() -> list[str]:
    """The public names, without the files they come from."""
    return __all__
