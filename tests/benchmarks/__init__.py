"""Speed, measured: ``python -m tests.benchmarks [names]``. Each number is a ratio to a named peer of the same run."""
