"""`python -m tests.tools.write_scanner`: write `syntax/_scanner.py` anew for a changed grammar."""

from __future__ import annotations

from pathlib import Path

from filterlang.syntax import parser

if __name__ == "__main__":
    target = Path(parser.__file__).with_name("_scanner.py")
    target.write_text(parser.scanner_source(), encoding="utf-8")
