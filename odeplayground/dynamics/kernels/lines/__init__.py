"""Native code for evenly spaced streamlines. Fields are called by their addresses, so that it is compiled once."""
