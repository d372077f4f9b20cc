"""Choices a user can make or read, each declared once with a label and a sentence of help."""

from __future__ import annotations

from enum import StrEnum


class Choice(StrEnum):
    """A string enum whose members carry a label and a sentence of help.

    Menus, forms, the command line and the documentation all read from here.
    """

    label: str
    help: str

    def __new__(cls, value: str, label: str = "", help: str = "") -> Choice:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.help = help
        return member

    def __str__(self) -> str:
        return str(self.value)


class Method(Choice):
    """How an initial value problem is solved."""

    AUTO = ("auto", "Automatic", "Tsitouras 5(4); changes to Rodas4 where the system is stiff.")
    EULER = ("euler", "Euler", "First order, fixed step. For study: see what a crude method does.")
    MIDPOINT = ("midpoint", "Midpoint", "Second order, fixed step.")
    RK4 = ("rk4", "Runge-Kutta 4", "The classic fourth-order method, fixed step.")
    DOPRI5 = ("dopri5", "Dormand–Prince 5(4)", "Adaptive, fifth order with dense output. Good for most smooth systems.")
    TSIT5 = ("tsit5", "Tsitouras 5(4)", "Adaptive, fifth order with dense output. A little faster than Dormand–Prince.")
    DOP853 = ("dop853", "Dormand–Prince 8(5,3)", "Adaptive, eighth order: the fastest where many digits are wanted.")
    RODAS4 = ("rodas4", "Rodas4", "Rosenbrock method of order 4 with the exact Jacobian, for stiff systems.")
    LSODA = ("lsoda", "LSODA (scipy)", "Changes between Adams and BDF methods by itself. A trusted reference.")
    RADAU = ("radau", "Radau (scipy)", "Implicit Runge-Kutta of order 5 for stiff systems.")
    BDF = ("bdf", "BDF (scipy)", "Implicit multi-step method for stiff systems.")


class Status(Choice):
    """How a solve ended."""

    FINISHED = ("finished", "Finished", "The whole time span was solved.")
    EVENT = ("event", "Stopped by an event", "A stopping condition was met.")
    DIVERGED = ("diverged", "Diverged", "The state became too large or undefined.")
    STEP_LIMIT = ("step_limit", "Step limit reached", "The allowed number of steps was used up.")
    STEP_TOO_SMALL = ("step_too_small", "Step too small", "The step fell below what the numbers can resolve.")
    CANCELLED = ("cancelled", "Cancelled", "The work was stopped on request.")


class EquilibriumKind(Choice):
    """Types of equilibria by the eigenvalues of the Jacobian (Strogatz, Nonlinear Dynamics, ch. 5 and 6)."""

    STABLE_NODE = ("stable node", "stable node", "All eigenvalues are real and negative.")
    UNSTABLE_NODE = ("unstable node", "unstable node", "All eigenvalues are real and positive.")
    STABLE_FOCUS = ("stable focus", "stable focus", "Spirals in: complex eigenvalues, all real parts negative.")
    UNSTABLE_FOCUS = ("unstable focus", "unstable focus", "Spirals out: complex eigenvalues, all real parts positive.")
    CENTRE = ("center", "center", "Purely imaginary eigenvalues: closed orbits to first order (two states: to third).")
    SADDLE = ("saddle", "saddle", "Attracts along some directions and repels along others.")
    DEGENERATE = ("degenerate", "degenerate", "An eigenvalue is zero: linearisation does not decide.")


class Degeneracy(Choice):
    """Why linearisation does not decide about an equilibrium."""

    ISOLATED = ("isolated", "degenerate", "An eigenvalue is zero, but no other equilibrium lies right beside it.")
    LINE = ("line", "one of a line", "One of a line or surface of equilibria: along it nothing moves.")
    NOT_SMOOTH = ("not smooth", "not smooth", "The right-hand side has no finite derivative there.")


class CycleKind(Choice):
    """Types of closed orbits by their Floquet multipliers (Strogatz, section 8.7; Kuznetsov, section 1.5)."""

    STABLE = (
        "stable cycle",
        "stable cycle",
        "Nearby trajectories come closer: all other multipliers are inside the unit circle.",
    )
    UNSTABLE = (
        "unstable cycle",
        "unstable cycle",
        "Nearby trajectories go away: all other multipliers are outside of it.",
    )
    SADDLE = ("saddle cycle", "saddle cycle", "Attracts along some directions and repels along others.")
    NEUTRAL = (
        "neutral cycle",
        "neutral cycle",
        "Another multiplier lies on the unit circle: linearisation does not decide.",
    )
    FAMILY = (
        "one of a family",
        "one of a family",
        "Closed orbits fill a region, as around a center. None is a limit cycle.",
    )
    SEMISTABLE = (
        "semistable cycle",
        "semistable cycle",
        "Attracts on one side and repels on the other. The least change of a parameter makes two of it, or none.",
    )


class Bifurcation(Choice):
    """Where a branch of equilibria or cycles changes (Kuznetsov, Applied Bifurcation Theory, ch. 3 to 5)."""

    FOLD = ("fold", "fold", "Two equilibria meet and vanish: an eigenvalue is zero.")
    HOPF = ("hopf", "Hopf point", "A cycle is born: a pair of eigenvalues crosses the imaginary axis.")
    BRANCH_POINT = ("branch point", "branch point", "Two branches cross, and often exchange their stability.")
    CYCLE_FOLD = ("cycle fold", "fold of cycles", "Two cycles meet and vanish: a multiplier is 1.")
    PERIOD_DOUBLING = ("period doubling", "period doubling", "A cycle of twice the period is born: a multiplier is -1.")
    TORUS = ("torus", "torus point", "A torus is born: a pair of multipliers crosses the unit circle.")
    CYCLE_BRANCH_POINT = ("cycle branch point", "branch point of cycles", "Two branches of cycles cross.")
    TAKENS_BOGDANOV = ("takens-bogdanov", "Takens–Bogdanov point", "Two eigenvalues are zero: folds meet Hopf points.")
    CUSP = ("cusp", "cusp", "Two folds meet and vanish.")


class FieldMode(Choice):
    """Which of the two fields the portrait shows."""

    TRUE = ("true", "True", "The system as typed.")
    LEARNED = ("learned", "Learned", "The trained network as a system of its own.")
    BOTH = ("both", "Both", "The learned field over the true one.")
    ERROR = ("error", "Error", "How far the learned field is from the true one, on a logarithmic scale.")


class FieldStyle(Choice):
    """How the portrait draws the field."""

    ARROWS = ("arrows", "Arrows", "Short arrows on a grid: where a state there moves to next.")
    STREAMLINES = ("streamlines", "Streamlines", "Curves that follow the field, at even distances.")
    PARTICLES = ("particles", "Particles", "Specks that drift with the field.")


class Layer(Choice):
    """The parts of the portrait that can be shown or hidden; the values are the names of fields of ``View``."""

    FIELD = ("arrows", "Field", "Which way the states move, everywhere in the plane.")
    NULLCLINES = ("nullclines", "Nullclines", "Curves along which one of the states does not change.")
    EQUILIBRIA = ("equilibria", "Equilibria", "States that rest. Filled attract, hollow ones repel, crosses do both.")
    SEPARATRICES = ("separatrices", "Separatrices", "Curves into saddles: they part what ends in different places.")
    CYCLES = ("cycles", "Limit cycles", "Closed orbits that others wind onto (solid) or away from (dashed).")
    BASINS = ("basins", "Basins of attraction", "Colors tell in which attractor each starting point ends.")
    TRAJECTORIES = ("trajectories", "Trajectories", "Solutions from the starting points.")
    SECTION = ("section", "Poincaré section", "Where the selected trajectory meets a surface, again and again.")
    SAMPLES = ("samples", "Samples", "The data that a network learns from.")


class Gradient(Choice):
    """How the gradient of the loss is computed."""

    ADJOINT = (
        "adjoint",
        "Adjoint",
        "Solves a(t) = dL/dz(t) backwards in time (Chen et al. 2018, algorithm 2). Memory stays constant.",
    )
    DIRECT = (
        "direct",
        "Direct",
        "Backpropagation through every operation of the solver, as autograd does it. Memory grows with the steps.",
    )
    DISCRETE = (
        "discrete",
        "Discrete adjoint (exact)",
        "The exact gradient of the steps that were taken, walked backwards: not algorithm 2, and memory grows with the "
        "steps. Fastest, by native code for plain networks.",
    )


class Engine(Choice):
    """Which code solves the windows of a training, and takes their gradients."""

    AUTO = ("auto", "Automatic", "Native code where it can, torch otherwise.")
    NATIVE = ("native", "Native", "Machine code for plain dense networks, with the exact discrete adjoint alone.")
    TORCH = ("torch", "torch", "Works for every model and gradient, and defines what the other has to give.")


class Optimiser(Choice):
    """How the weights are improved."""

    ADAM = ("adam", "Adam", "Many small steps along the averaged gradient. Slow, steady, good to watch.")
    LBFGS = ("lbfgs", "L-BFGS", "Quasi-Newton steps with a line search. Few steps, each a bit longer.")
    MARQUARDT = (
        "marquardt",
        "Levenberg–Marquardt (fast)",
        "Least squares with the exact Jacobian of all residuals, by forward sensitivities instead of gradients.",
    )


class Model(Choice):
    """What is learned."""

    NETWORK = ("network", "Network", "A dense network is the whole right-hand side.")
    SECOND_ORDER = (
        "second order",
        "Second order",
        "States in pairs, position and velocity: x' = v is known, a network gives the acceleration.",
    )
    HAMILTONIAN = (
        "hamiltonian",
        "Hamiltonian with friction",
        "States in pairs, position and momentum: a network gives the energy, numbers give the friction.",
    )
    EQUATIONS = ("equations", "The typed equations", "The equations are known; their parameters are learned.")


class HoldOut(Choice):
    """Which samples judge, and are never trained on."""

    BLOCKS = ("blocks", "Short blocks", "A few neighbouring samples here and there, from all trajectories.")
    TRAJECTORIES = ("trajectories", "Trajectories", "Whole trajectories.")
    TIME = ("time", "The end", "The last part of every trajectory.")


class Activation(Choice):
    """Activation functions of dense layers."""

    TANH = ("tanh", "tanh", "Smooth and bounded. A good default.")
    SILU = ("silu", "SiLU", "x times the logistic function of x.")
    SOFTPLUS = ("softplus", "softplus", "Smooth version of ReLU.")


class Structure(Choice):
    """What is known of a learned system besides its network."""

    PLAIN = ("plain", "Nothing", "The network gives the rate of every state.")
    SECOND_ORDER = ("second-order", "Second order", "Velocities are known to be the rates of their coordinates.")
    HAMILTONIAN = ("hamiltonian", "Hamiltonian", "The network gives the energy; friction may be added.")


class Animation(Choice):
    """The drawing of the thing itself."""

    PENDULUM = ("pendulum", "Pendulum", "First state: the angle in radians from straight down.")
    DRIVEN_PENDULUM = ("driven-pendulum", "Driven pendulum", "As the pendulum; the torque is g cos(omega_d t).")
    DOUBLE_PENDULUM = ("double-pendulum", "Double pendulum", "First two states: the angles of the rods, in radians.")
    SPRING = ("spring", "Weight on a spring", "First state: the displacement. Second: the velocity.")
    BEAM = ("beam", "Strip between magnets", "First state: the displacement; shaken by gamma cos(omega t).")
    CIRCUIT = ("circuit", "Oscillator circuit", "First state: the voltage. Second: its rate.")
    COOLING = ("cooling", "Cooling cup", "First state: the temperature.")
    TWO_BODIES = ("two-bodies", "Two bodies", "First two states: the temperatures.")
    REACTION = ("reaction", "Beaker", "Every state is a concentration.")
    POPULATIONS = ("populations", "Predators and prey", "Every state is a number of animals, the eaten first.")
    COMPETITION = ("competition", "Competitors", "Two states: numbers of animals that eat the same.")
    CROWD = ("crowd", "Crowd", "Every state is a number of people, in the order of the stages of an illness.")
    NEURON = ("neuron", "Nerve cell", "First state: the voltage. The others open and close channels.")
    GENES = ("genes", "Genes", "Every state is the amount of a protein that stops the next gene.")
    LASER = ("laser", "Laser", "First state: light. Second: excited atoms.")
    ORBIT = ("orbit", "Orbit", "First two states: the place of a body around the sun.")
    THREE_BODY = ("three-body", "Earth and Moon", "First two states: the place of a body beside Earth and Moon.")
    BARS = ("bars", "Bars", "One bar per state.")
    DIALS = ("dials", "Dials", "One dial per state.")
