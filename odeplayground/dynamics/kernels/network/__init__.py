"""Native code for dense networks: sizes, activation and weights are data, so that no network is compiled."""
