"""The gradient lab: what solvers and their gradients do to one field, as numbers to look at."""
