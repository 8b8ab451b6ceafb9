"""How fast the scorer is, as ratios in one run: `python -m tests.benchmarks.run`."""
