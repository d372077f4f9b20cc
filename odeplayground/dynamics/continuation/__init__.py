"""Bifurcation diagrams: what becomes of equilibria and cycles as a parameter varies.

Three functions, each with a generator beneath it that tells what it finds while it works, so that a window can draw
branches while they grow and leave at any ``yield``:

=========================  ===========================  ==========================  =====================
function                   generator                    events                      result
=========================  ===========================  ==========================  =====================
``continue_equilibria``    ``equilibrium_growth``       ``Started``, ``Grown``      ``Branches``
``continue_cycles``        ``cycle_growth``             ``Started``, ``Grown``      ``CycleBranch``
``orbit_diagram``          ``orbit_growth``             ``OrbitColumns``            ``OrbitDiagram``
=========================  ===========================  ==========================  =====================

``continue_boundary`` follows a fold or a Hopf point over two parameters; it is quick and tells nothing on the way.
``Grown`` carries one point: draw its ``state`` (and for cycles ``lowest``) over its ``parameter``, solid where
``unstable`` is 0; ``forward`` says at which end of its branch it belongs; ``special`` marks a bifurcation, with a
``label``. A Hopf point among ``Branches.of(Bifurcation.HOPF)`` is what ``continue_cycles`` starts from. The generator's
return value is the whole result, with every branch as arrays. Failure is a sentence in ``message`` or ``endings``.

From the bottom up: ``family`` (the system and its derivatives), ``arclength`` (following any curve), ``rest`` and
``tracing`` (equilibria), ``hopf``, ``switching``, ``mesh``, ``chain`` and ``closed`` (cycles).
"""

from odeplayground.dynamics.continuation.boundaries import Boundary, continue_boundary
from odeplayground.dynamics.continuation.cycle_branch import CycleBranch
from odeplayground.dynamics.continuation.cycles import continue_cycles, cycle_growth
from odeplayground.dynamics.continuation.equilibria import continue_equilibria, equilibrium_growth
from odeplayground.dynamics.continuation.orbits import OrbitColumns, OrbitDiagram, orbit_diagram, orbit_growth
from odeplayground.dynamics.continuation.results import Branch, Branches, Grown, SpecialPoint, Started

__all__ = [
    "Boundary",
    "Branch",
    "Branches",
    "CycleBranch",
    "Grown",
    "OrbitColumns",
    "OrbitDiagram",
    "SpecialPoint",
    "Started",
    "continue_boundary",
    "continue_cycles",
    "continue_equilibria",
    "cycle_growth",
    "equilibrium_growth",
    "orbit_diagram",
    "orbit_growth",
]
