"""Whole commands on a large file of JSON Lines; run as `python -m tests.benchmarks_files`."""
