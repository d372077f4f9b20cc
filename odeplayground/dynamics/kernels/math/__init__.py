"""Elementary functions of vectors of doubles, written into the intermediate code."""
