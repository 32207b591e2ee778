"""Limits of what is read from files."""

from __future__ import annotations

MAX_LINE = 1 << 26
"""So many bytes of a line are read; a longer one is no record, and not kept in memory."""
LONGEST_LINE = 1 << 48
"""More bytes nobody has in a line; greater numbers are more than functions of the system take."""
SAMPLE = 1_000
"""So many records are looked at for values of other types than filters ask for."""
