"""Names for the array types of this layer. Inside, states are (n_states, m): one column per trajectory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Endings = NDArray[np.int8]
Flags = NDArray[np.bool_]
Values = NDArray[Any]
"""Numbers or flags: what a register of a tape may hold."""
