"""How fast filterlang is beside careful code by hand and beside its peers.

`python -m tests.benchmarks` runs it; pytest collects nothing here.
"""
