"""`python -m filterlang` is the command `filterlang`."""

from __future__ import annotations

import sys

from filterlang.cli import main

if __name__ == "__main__":
    sys.exit(main())
