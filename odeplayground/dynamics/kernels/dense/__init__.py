"""Dense networks solved with a tape: solutions, exact gradients of the steps, and sensitivities, in native code."""
