"""Lines as pixels, by native code. Knows nothing of windows, equations or solvers."""

from odeplayground.raster.lines import STEP, blend, prepare, ready, stroke, trace

__all__ = ["STEP", "blend", "prepare", "ready", "stroke", "trace"]
