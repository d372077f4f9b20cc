"""Native code for typed systems: expression graphs to vector instructions, one trajectory per lane."""
