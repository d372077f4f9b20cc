"""Many thin lines as pixels, by native code. Knows nothing of windows, equations or solvers."""

from odeplayground.raster.lines import prepare, ready, trace

__all__ = ["prepare", "ready", "trace"]
