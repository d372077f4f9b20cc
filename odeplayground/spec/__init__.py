"""Frozen data that every layer shares. No numpy, no Qt, no torch, no behaviour beyond small properties."""

from odeplayground.spec.arrays import Array
from odeplayground.spec.choices import (
    Activation,
    Animation,
    Choice,
    EquilibriumKind,
    FieldMode,
    Gradient,
    Method,
    Status,
)
from odeplayground.spec.experiment import Experiment, Point, SolverSettings, TrainedRun, View
from odeplayground.spec.problem import Equation, Problem, Role, Token
from odeplayground.spec.samples import SamplePlan, Samples
from odeplayground.spec.system import (
    DEFAULT_SPAN,
    AnySystem,
    Definition,
    LearnedSystem,
    Parameter,
    System,
    Variable,
    number_of_weights,
)
from odeplayground.spec.training import (
    Epoch,
    FieldUpdate,
    MatchedEquilibrium,
    Report,
    Score,
    Stage,
    TrainDone,
    TrainEvent,
    TrainNote,
    TrainSpec,
)

__all__ = [
    "DEFAULT_SPAN",
    "Activation",
    "Animation",
    "AnySystem",
    "Array",
    "Choice",
    "Definition",
    "Epoch",
    "Equation",
    "EquilibriumKind",
    "Experiment",
    "FieldMode",
    "FieldUpdate",
    "Gradient",
    "LearnedSystem",
    "MatchedEquilibrium",
    "Method",
    "Parameter",
    "Point",
    "Problem",
    "Report",
    "Role",
    "SamplePlan",
    "Samples",
    "Score",
    "SolverSettings",
    "Stage",
    "Status",
    "System",
    "Token",
    "TrainDone",
    "TrainEvent",
    "TrainNote",
    "TrainSpec",
    "TrainedRun",
    "Variable",
    "View",
    "number_of_weights",
]
